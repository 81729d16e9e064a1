import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { statementForms } from '../../../scripts/read/statement/statement.ts';

it('policies/README.md shows every form of a statement as it is read', () => {
  const readme = readFileSync(new URL('../../../policies/README.md', import.meta.url), 'utf8');
  expect(statementForms.filter((form) => !readme.includes(`\`${form}\``))).toEqual([]);
});
