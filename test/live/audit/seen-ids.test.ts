/** Ids against a set of texts. */
import { expect, it } from 'vitest';
import { SeenIds } from '../../../scripts/live/audit/seen-ids.ts';
import { randomFrom } from '../../provider/made.ts';

it('are new once, as a set of texts has it', () => {
  const random = randomFrom(3);
  const [seen, known] = [new SeenIds(), new Set<string>()];
  // Few different ones, some that collide in their first and last word, and some that are no hexadecimal numbers.
  const ids = Array.from({ length: 20_000 }, (_, index) => {
    const number = Math.floor(random() * 8_000);
    const hex = number.toString(16).padStart(32, '0');
    return index % 3 === 0
      ? `${'0'.repeat(8)}${hex.slice(16)}${'0'.repeat(8)}`
      : index % 3 === 1
        ? hex
        : `id-${String(number)}`;
  });
  for (const id of ids) {
    expect(seen.add(id)).toBe(!known.has(id));
    known.add(id);
  }
});
