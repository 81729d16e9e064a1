/**
 * Reads the event stream of `terraform … -json` and turns it into data. Only the structured fields are looked at; the
 * messages meant for people are passed on, never matched.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { AppliedResult } from '../../contract/ports.ts';
import { objectOf, textOf } from '../../json/json.ts';
import type { JsonObject } from '../../plan/types.ts';

export interface TerraformDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly address: string | null;
}

export type TerraformEvent =
  | { readonly kind: 'started'; readonly address: string; readonly action: string }
  | { readonly kind: 'progress'; readonly address: string; readonly action: string; readonly seconds: number }
  | {
      readonly kind: 'completed';
      readonly address: string;
      readonly action: string;
      readonly seconds: number;
    }
  | { readonly kind: 'failed'; readonly address: string; readonly action: string }
  | { readonly kind: 'diagnostic'; readonly diagnostic: TerraformDiagnostic }
  | { readonly kind: 'waiting-for-lock' }
  | { readonly kind: 'summary'; readonly operation: string }
  | { readonly kind: 'other' };

function secondsOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The block a diagnostic is about, as Terraform names it in JSON configuration: `resource.<type>.<name>.…`. */
const blockContext = /^resource\.([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)(?:\.|$)/;

function readDiagnostic(fields: JsonObject): TerraformDiagnostic {
  const [, block = ''] = blockContext.exec(textOf(objectOf(fields['snippet'])['context'])) ?? [];
  const address = textOf(fields['address']) || block;
  return {
    severity: fields['severity'] === 'warning' ? 'warning' : 'error',
    summary: textOf(fields['summary']) || 'Terraform reported a problem without a summary',
    detail: textOf(fields['detail']),
    address: address === '' ? null : address,
  };
}

function readFields(fields: JsonObject): TerraformEvent {
  const hook = objectOf(fields['hook']);
  const address = textOf(objectOf(hook['resource'])['addr']);
  const action = textOf(hook['action']);
  const seconds = secondsOf(hook['elapsed_seconds']);
  switch (textOf(fields['type'])) {
    case 'apply_start':
      return { kind: 'started', address, action };
    case 'apply_progress':
      return { kind: 'progress', address, action, seconds };
    case 'apply_complete':
      return { kind: 'completed', address, action, seconds };
    case 'apply_errored':
      return { kind: 'failed', address, action };
    case 'diagnostic':
      return { kind: 'diagnostic', diagnostic: readDiagnostic(objectOf(fields['diagnostic'])) };
    case 'state_lock_acquire':
      return { kind: 'waiting-for-lock' };
    case 'change_summary':
      return { kind: 'summary', operation: textOf(objectOf(fields['changes'])['operation']) };
    default:
      return { kind: 'other' };
  }
}

/** One line of the stream. A line that is not an event (`init` prints some) is `other`. */
export function readEvent(line: string): TerraformEvent {
  if (!line.startsWith('{')) {
    return { kind: 'other' };
  }
  try {
    return readFields(objectOf(parseJson(line, limits.line)));
  } catch {
    return { kind: 'other' };
  }
}

/** What an event says to someone who watches an apply, or null when there is nothing to say. */
export function describeEvent(event: TerraformEvent): string | null {
  switch (event.kind) {
    case 'started':
      return `${event.address}: ${event.action} started`;
    case 'progress':
      return `${event.address}: ${event.action} running for ${event.seconds} s`;
    case 'completed':
      return `${event.address}: ${event.action} done in ${event.seconds} s`;
    case 'failed':
      return `${event.address}: ${event.action} failed`;
    case 'waiting-for-lock':
      return 'waiting for the state lock';
    case 'diagnostic':
      return event.diagnostic.severity === 'error' ? describeDiagnostic(event.diagnostic) : null;
    case 'summary':
    case 'other':
    default:
      return null;
  }
}

/** One diagnostic as text: where, what, why. */
export function describeDiagnostic(diagnostic: TerraformDiagnostic): string {
  const where = diagnostic.address === null ? '' : `${diagnostic.address}: `;
  const detail = diagnostic.detail === '' ? '' : `\n${diagnostic.detail}`;
  return `${where}${diagnostic.summary}${detail}`;
}

interface EventOperation {
  readonly address: string;
  readonly action: string;
}

type ApplyError = AppliedResult['errors'][number];

function keyOf(operation: EventOperation): string {
  return `${operation.action} ${operation.address}`;
}

/** Operations that were started, less those whose end was reported. */
function unreported(events: readonly TerraformEvent[]): readonly EventOperation[] {
  const open = new Map<string, EventOperation>();
  for (const event of events) {
    if (event.kind === 'started') {
      open.set(keyOf(event), event);
    } else if (event.kind === 'completed' || event.kind === 'failed') {
      open.delete(keyOf(event));
    }
  }
  return [...open.values()];
}

function reportedErrors(events: readonly TerraformEvent[]): readonly ApplyError[] {
  const explained = events
    .filter((event) => event.kind === 'diagnostic')
    .map((event) => event.diagnostic)
    .filter((diagnostic) => diagnostic.severity === 'error')
    .map(({ address, summary, detail }) => ({ address, summary, detail }));
  const unexplained = events
    .filter((event) => event.kind === 'failed')
    .filter((event) => !explained.some((error) => error.address === event.address))
    .map(({ address, action }) => ({
      address,
      summary: `This ${action} failed`,
      detail: 'Terraform gave no reason.',
    }));
  return [...explained, ...unexplained];
}

/**
 * What an apply did, from all its events. `ending` is null when the process ended by itself with status 0, else how
 * it ended. A resource whose start was reported and whose end was not is an error of its own: nobody knows whether it
 * was changed. An apply that Terraform did not confirm with its summary is not a success either.
 */
export function summariseApply(events: readonly TerraformEvent[], ending: string | null): AppliedResult {
  const completed = events
    .filter((event) => event.kind === 'completed')
    .map(({ address, action, seconds }) => ({ address, action, seconds }));
  const open = unreported(events).map(({ address, action }) => ({
    address,
    summary: `Terraform ended before it reported the result of this ${action}`,
    detail: `Whether it took effect is not known: the next plan will tell.${ending === null ? '' : ` Terraform ${ending}.`}`,
  }));
  const errors = [...reportedErrors(events), ...open];
  const confirmed = events.some((event) => event.kind === 'summary' && event.operation === 'apply');
  if (errors.length === 0 && (ending !== null || !confirmed)) {
    const unconfirmed = {
      address: null,
      summary: `Terraform ${ending ?? 'ended without confirming the apply'}`,
      detail: 'What it reported as complete is listed; the next plan will tell the rest.',
    };
    return { ok: false, completed, errors: [unconfirmed] };
  }
  return { ok: errors.length === 0, completed, errors };
}
