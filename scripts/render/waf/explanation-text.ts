/** An explained expression for a person at a terminal. */
import type { Explanation } from '../../waf/reason/explain.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/** The reading first, then what it needs, then what to know besides. */
export function renderExplanation(explanation: Explanation, style: Style): string {
  const { reading, fields, lists, plan, planReasons, constant, notes, diagnostics, gives } = explanation;
  const reasons = planReasons.length === 0 ? '' : ` (${escapeTerminalLine(planReasons.join('; '))})`;
  return [
    ...reading.map(escapeTerminalLine),
    '',
    `${style.bold('Fields:')} ${escapeTerminalLine(fields.map((field) => `${field.name} (${field.type})`).join(', ')) || 'none'}`,
    ...(lists.length === 0 ? [] : [`${style.bold('Lists:')} ${escapeTerminalLine(lists.join(', '))}`]),
    `${style.bold('Plan:')} ${plan}${reasons}`,
    ...(gives === null ? [] : [`${style.bold('Gives:')} ${escapeTerminalLine(gives)}`]),
    ...(constant === null ? [] : [style.yellow(`It is always ${String(constant)}.`)]),
    ...notes.map((note) => `${style.bold('Note:')} ${escapeTerminalLine(note)}`),
    ...diagnostics.map(
      (found) =>
        `${style.yellow(found.severity)} ${String(found.line)}:${String(found.column)} ${escapeTerminalLine(found.message)}`,
    ),
    '',
  ].join('\n');
}
