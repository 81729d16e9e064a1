/** No command writes a record that does not read. */
import { InputError } from '../../contract/errors.ts';
import { readRecord } from '../../read/record/record.ts';

/** Throws InputError, with the places, for a text that is not a valid record of the path; before anything is written. */
export function refuseInvalid(
  { path, text }: { readonly path: string; readonly text: string },
  help: { readonly fix: string; readonly next?: string },
): void {
  const checked = readRecord(text, path);
  if (!checked.ok) {
    throw new InputError({
      what: `The record ${path} would not be valid; nothing was written.`,
      diagnostics: checked.diagnostics,
      ...help,
    });
  }
}
