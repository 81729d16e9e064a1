/**
 * What is said of a rehearsal that failed. It is published before anybody approved the change, so all of it is text of
 * ours: the step, what could not be done, and which resources, without the keys of their instances. A key may be any value
 * that Terraform computed, and what Terraform and its provider say may quote any of them.
 */
import { withoutKeys } from './addresses.ts';
import type { RehearsalEvidence } from './rehearsal.ts';

export type RehearsedStep = RehearsalEvidence['steps'][number]['step'];

/** What Terraform was doing when it failed. */
export type RehearsalFault = 'refused' | 'init' | 'plan' | 'apply' | 'show' | 'import' | 'interrupted';

const messages: Readonly<Record<RehearsalFault, string>> = {
  refused: 'it holds what Terraform must not even plan',
  init: 'Terraform could not be initialised',
  plan: 'Terraform could not plan it',
  apply: 'Terraform could not apply it',
  show: 'what Terraform planned or left could not be read',
  import: 'what exists could not be taken over',
  interrupted: 'it was interrupted',
};

const mostAddresses = 5;

/** One sentence without a word of Terraform's. */
export function failureReason(
  step: RehearsedStep,
  fault: RehearsalFault,
  addresses: readonly (string | null)[] = [],
): string {
  const named = [...new Set(addresses.flatMap((address) => withoutKeys(address) ?? []))];
  const more = named.length > mostAddresses ? ` and ${String(named.length - mostAddresses)} more` : '';
  const where = named.length === 0 ? '' : `: ${named.slice(0, mostAddresses).join(', ')}${more}`;
  return `step "${step}" failed, ${messages[fault]}${where}`;
}
