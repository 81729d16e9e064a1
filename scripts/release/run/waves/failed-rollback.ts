/** A rollback that failed is an incident: it is opened where incidents are, once for each change. */
import { registerOf } from '../../../facts/policy.ts';
import { SluiceError } from '../../../contract/errors.ts';
import type { Diagnostic } from '../../../plan/types.ts';
import type { Services } from '../../../contract/context.ts';
import type { Register } from '../../../../policies/model/facts.ts';

/** What a person has to do on one stack. */
export interface StepLeft {
  readonly stack: string;
  /** One sentence. */
  readonly what: string;
  readonly details: readonly Omit<Diagnostic, 'location'>[];
  readonly fix: string;
  /** As it is typed. */
  readonly command: string;
}

/** Of which change the rollback failed, for the incident. */
export interface FailedRollback {
  readonly changeId: string | null;
  readonly registers: readonly Register[];
  /** Why it was to be taken back. */
  readonly cause: string;
  readonly steps: readonly StepLeft[];
}

/** Says what was done about an incident, for the error. Never throws: the instructions must reach whoever reads them. */
export async function openIncident(
  services: Pick<Services, 'tracker' | 'clock'>,
  failure: FailedRollback,
): Promise<string> {
  const title = `Incident: the rollback of ${failure.changeId ?? 'a release'} failed`;
  try {
    const tracker = await services.tracker();
    const known = (await tracker.openIssues()).find((issue) => issue.title === title);
    const number =
      known?.number ??
      (await tracker.open({ title, body: incidentBody(services, failure), labels: ['incident'] }));
    return `Incident ${String(number)} ${known === undefined ? 'is opened' : 'is open already'}.`;
  } catch (error) {
    const reason = error instanceof SluiceError ? error.parts.what : 'the tracker does not answer';
    return `No incident could be opened (${reason.replace(/\.$/, '')}): open one by hand.`;
  }
}

/** With the headings of the incident form, so that it is read as one. */
function incidentBody(
  { clock }: Pick<Services, 'clock'>,
  { changeId, registers, cause, steps }: FailedRollback,
): string {
  const clients = new Set(steps.map(({ stack }) => registerOf(registers, stack)?.client ?? 'platform'));
  const answers: readonly (readonly [string, string])[] = [
    ['Service', [...clients].join(', ')],
    ['Impact', 'high'],
    ['Urgency', 'high'],
    ['Since when', clock.now()],
    ['What is seen, and by whom', `The release failed (${cause}) and could not be taken back everywhere.`],
    ['What to do', steps.map(({ what, command }) => `- ${what}\n\n      ${command}`).join('\n')],
    ...(changeId === null ? [] : [['Caused by', changeId] as const]),
  ];
  return answers.map(([label, answer]) => `### ${label}\n\n${answer}\n`).join('\n');
}
