import { expect, it } from 'vitest';
import { renderDiagnostics } from '../../scripts/render/findings/diagnostics.ts';
import { plainStyle } from '../../scripts/render/text/style.ts';

it('shows place, message, expected, found and fix', () => {
  const text = renderDiagnostics(
    [
      {
        location: { file: 'changes/acme/CHG-2026-0001.yaml', line: 3, column: 5 },
        message: 'id does not have the right form',
        expected: 'CHG-YYYY-NNNN',
        found: '"x"',
        fix: 'take the next free id',
      },
      { message: 'and 3 more problems in this document' },
    ],
    { style: plainStyle },
  );
  expect(text).toBe(
    [
      'changes/acme/CHG-2026-0001.yaml:3:5: id does not have the right form',
      '    expected: CHG-YYYY-NNNN',
      '    found:    "x"',
      '    fix:      take the next free id',
      'and 3 more problems in this document',
      '',
    ].join('\n'),
  );
});

it('is empty for no problems', () => {
  expect(renderDiagnostics([], { style: plainStyle })).toBe('');
});

it('lets no escape sequence, line break or reordering mark of the input reach the terminal', () => {
  const hostile = '\u001b[2J\u001b]0;owned\u0007\r\n::error::x \u202e\u2066';
  const text = renderDiagnostics(
    [
      {
        location: { file: `a${hostile}.yaml`, line: 1, column: 1 },
        message: hostile,
        expected: hostile,
        found: hostile,
        fix: hostile,
      },
    ],
    { style: plainStyle },
  );
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/);
  expect(text.split('\n')).toHaveLength(5);
});
