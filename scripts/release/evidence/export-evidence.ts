/** Writes an evidence pack: a folder with the files, their digests and one page. */
import type { Services } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { loadLedger } from '../../facts/ledger.ts';
import { parsedRecord } from '../../facts/records.ts';
import { knownRecord } from '../../../policies/record/known.ts';
import { computedBefore } from '../computed.ts';
import { manifestOf, packOf } from '../evidence-pack.ts';
import { textDigest } from '../ledger/format.ts';
import type { LedgerFolder } from '../types.ts';
import { evidencePage } from '../../render/pages/evidence.ts';

export interface Exported {
  readonly folder: string;
  readonly files: number;
  /** Of SHA256SUMS: noted elsewhere, it proves that nothing in the pack was changed. */
  readonly digest: string;
}

/** Throws UsageError where the ledger has nothing of it or the folder is there already, InputError for a ledger that does not verify. */
export async function exportEvidence(services: Services, subject: string, out: string): Promise<Exported> {
  const { git, files, clock } = services;
  const { ledger } = await loadLedger(services);
  const folders = ledger.folders.filter(({ intent }) => intent.id === subject || intent.changeId === subject);
  if (folders.length === 0) {
    throw new UsageError({
      what: `The ledger has nothing of ${subject}.`,
      why: 'A pack is made of what was released.',
      fix: 'Name a change that was released, or a release.',
      next: 'sluice ledger show',
    });
  }
  if (await files.exists(out)) {
    throw new UsageError({
      what: `${out} exists already.`,
      why: 'Two packs in one folder could not be told apart.',
      fix: 'Name another folder, or remove it.',
      next: `sluice ledger export ${subject} --out <folder>`,
    });
  }
  const recordFile = await recordFileOf(services, folders);
  const fileAt = async (commit: string, path: string): Promise<string | null> => {
    try {
      return await git.fileAt(commit, path);
    } catch {
      return null;
    }
  };
  const pack = await packOf(ledger, folders, { recordFile, fileAt });
  const recordText = pack.files.find(({ path }) => recordFile !== null && path.endsWith(`/${recordFile}`));
  const page = evidencePage({
    subject,
    record:
      recordText === undefined
        ? null
        : knownRecord(
            parsedRecord(recordText.text, recordText.path),
            { policy: { registers: [], catalogue: { entries: [] } }, history: [], now: clock.now() },
            computedBefore(ledger, folders),
          ),
    ledger,
    folders,
    files: pack.files.map((file) => ({ ...file, digest: textDigest(file.text) })),
    missing: pack.missing,
    at: clock.now(),
  });
  const all = [...pack.files, { path: 'index.html', text: page }].map(({ path, text }) => ({
    path,
    text: services.secrets.without(text),
  }));
  const sums = manifestOf(all);
  for (const { path, text } of [...all, { path: 'SHA256SUMS', text: sums }]) {
    await files.writeText(`${out}/${path}`, text);
  }
  return { folder: out, files: all.length + 1, digest: textDigest(sums) };
}

/** Where the record of the change is: a change has one file, and that of several clients lies with one of them. */
async function recordFileOf(
  { git }: Pick<Services, 'git'>,
  folders: readonly LedgerFolder[],
): Promise<string | null> {
  const first = folders.find(({ intent }) => intent.changeId !== null);
  if (first === undefined) {
    return null;
  }
  const { changeId, client, commit } = first.intent;
  const usual = `changes/${client}/${changeId ?? ''}.yaml`;
  const paths = await git.pathsAt(commit, 'changes').catch(() => []);
  return paths.find((path) => path.endsWith(`/${changeId ?? ''}.yaml`)) ?? usual;
}
