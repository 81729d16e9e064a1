/** Rehearsal evidence for a person: did it come back, how long does going back take. */
import type { RehearsalEvidence } from '../release/rehearsal.ts';
import { escapeTerminalLine } from './escape.ts';
import type { Style } from './style.ts';

/** One block per stack. */
export function renderRehearsal(results: readonly RehearsalEvidence[], style: Style): string {
  if (results.length === 0) {
    return 'Nothing changes, so there is nothing to rehearse.\n';
  }
  return results.map((result) => renderOne(result, style)).join('\n');
}

function renderOne(result: RehearsalEvidence, style: Style): string {
  const verdict =
    result.result === 'proven' ? style.green('rollback proven') : style.red('rollback NOT proven');
  const steps = result.steps.map(
    (step) =>
      `  ${escapeTerminalLine(step.step).padEnd(10)} ${step.seconds.toFixed(1).padStart(6)} s  ${String(step.changes)} change(s)`,
  );
  const differences = result.differences
    .slice(0, 20)
    .map(
      (difference) => `  ${escapeTerminalLine(difference.address)} ${escapeTerminalLine(difference.what)}`,
    );
  const more = result.differences.length > 20 ? [`  and ${String(result.differences.length - 20)} more`] : [];
  const reason = result.reason === null ? [] : [`  ${escapeTerminalLine(result.reason)}`];
  return [
    `${style.bold(escapeTerminalLine(result.stack))}: ${verdict}`,
    ...steps,
    ...reason,
    ...differences,
    ...more,
    '',
  ].join('\n');
}
