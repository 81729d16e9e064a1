/** Rehearsal evidence for a person: did it come back, how long does going back take. */
import type { RehearsalEvidence } from '../../release/rehearsal.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/** One block per stack. */
export function renderRehearsal(results: readonly RehearsalEvidence[], style: Style): string {
  if (results.length === 0) {
    return 'Nothing changes, so there is nothing to rehearse.\n';
  }
  return results.map((result) => renderOne(result, style)).join('\n');
}

function renderOne(result: RehearsalEvidence, style: Style): string {
  const { unproven = [] } = result;
  const proven =
    unproven.length === 0 ? 'rollback proven' : 'rollback proven, except for what is named below';
  const verdict = result.result === 'proven' ? style.green(proven) : style.red('rollback NOT proven');
  const steps = result.steps.map(
    (step) =>
      `  ${escapeTerminalLine(step.step).padEnd(10)} ${step.seconds.toFixed(1).padStart(6)} s  ${String(step.changes)} change(s)`,
  );
  const reason = result.reason === null ? [] : [`  ${escapeTerminalLine(result.reason)}`];
  return [
    `${style.bold(escapeTerminalLine(result.stack))}: ${verdict}`,
    ...steps,
    ...reason,
    ...listed(result.differences, ' '),
    ...listed(unproven, ': '),
    '',
  ].join('\n');
}

function listed(items: RehearsalEvidence['differences'], between: string): readonly string[] {
  const lines = items
    .slice(0, most)
    .map(({ address, what }) => `  ${escapeTerminalLine(address)}${between}${escapeTerminalLine(what)}`);
  return items.length > most ? [...lines, `  and ${String(items.length - most)} more`] : lines;
}

const most = 20;
