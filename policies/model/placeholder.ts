/**
 * Places in a record that its author still has to write. `sluice new` writes a record that the schema accepts; where only
 * the author knows the answer it writes `<what belongs here>`, and such a record is not ready for anybody's approval.
 */
import type { AuthoredRecord } from './record.ts';

const form = /^<[^<>]+>$/;

/** A text that stands for one that is still to be written. */
export function placeholder(what: string): string {
  return `<${what}>`;
}

/** JSON pointers of every placeholder in the record, in document order. */
export function findPlaceholders(record: AuthoredRecord): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value === 'string') {
      if (form.test(value.trim())) {
        found.push(pointer);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        visit(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      }
    }
  };
  visit(record, '');
  return found;
}
