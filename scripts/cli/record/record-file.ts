/** The record that a command edits: in the working tree, as the author has it, and read again before it is written. */
import type { Services, SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { readRecord } from '../../read/record/record.ts';
import { refuseInvalid } from './valid-record.ts';
import type { KnownChange } from '../../questions/types.ts';

export interface RecordFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Throws UsageError where the working tree does not have the record, or the record has its end already. */
export async function recordInTree(
  { git, files }: Services,
  { record, file, branch }: KnownChange,
): Promise<RecordFile> {
  const path = `${await git.root()}/${file}`;
  if (!(await files.exists(path))) {
    throw new UsageError({
      what: `${file} is not in the working tree.`,
      why: `It is on ${branch === null ? 'the default branch' : `branch ${branch}`}.`,
      fix: 'Begin a branch that has it.',
      next: branch === null ? `git switch --create close-${record.id} origin/HEAD` : `git switch ${branch}`,
    });
  }
  const text = await files.readText(path);
  const now = readRecord(text, file);
  if (now.ok && now.value.record.outcome !== undefined) {
    const { result, closedBy, closedAt } = now.value.record.outcome;
    throw new UsageError({
      what: `${record.id} is closed: ${result}, by ${closedBy} at ${closedAt}.`,
      fix: 'An end that was written wrong is corrected in the file itself.',
      next: `sluice show ${record.id}`,
    });
  }
  return { path: file, text };
}

/** Writes it if it is a valid record, and says what comes next. Throws InputError where it would not be, and writes nothing. */
export async function saveRecord(context: SluiceContext, { path, text }: RecordFile): Promise<void> {
  const { git, files } = await context.services();
  refuseInvalid(
    { path, text },
    {
      fix: 'Correct what the places above name, in the flags or in the record, and run the command again.',
      next: `sluice check --record ${path}`,
    },
  );
  await files.writeText(`${await git.root()}/${path}`, text);
  context.print(`${path}\n`);
  context.surroundings.stderr.write(`Next: commit it on a branch of its own, then: sluice raise\n`);
}
