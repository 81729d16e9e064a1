/**
 * What an auditor is handed about one change or release: every file of the ledger about it, what the default branch said at the
 * time, each with its digest and where it comes from; and what is not among it, with the reason.
 */
import { textDigest } from './ledger/format.ts';
import type { Ledger, LedgerFolder, ReleaseAction } from './types.ts';

export interface PackedFile {
  /** Below the folder of the pack. */
  readonly path: string;
  readonly text: string;
  /** Branch and path, or commit and path. */
  readonly source: string;
  readonly what: string;
}

export interface MissingEvidence {
  readonly what: string;
  readonly why: string;
}

/** A file of the repository as it was at the commit of a release; null when it was not there. */
export type FileAt = (commit: string, path: string) => Promise<string | null>;

export interface Pack {
  readonly files: readonly PackedFile[];
  readonly missing: readonly MissingEvidence[];
}

const meanings: Readonly<Record<string, string>> = {
  'intent.json': 'what was begun, by whom, with whose approvals, before anything was applied',
  'intent.sig.json': 'signature of the intent',
  'release.json': 'what was done, verified and probed',
  'release.sig.json': 'signature of the release',
  'bundle.tf.json': 'the configuration that was applied',
  'decision.json': 'the decision: every check, finding and review, the risk and its reasons',
  'plan.json': 'the plan that was approved',
  'rehearsal.json': 'the rehearsal of the rollback',
  'observed.json': 'how the wave before it was watched',
  'probes.json': 'what the probes found before anything of the change was applied',
  'traffic.json': 'recorded traffic replayed under the old and the new rules',
  'reviews.json': 'the reviews as GitHub gave them when it was released',
  'guard-rails.json': 'rulesets and environments of the repository as they were when it was released',
  'state-before.json': 'serial and lineage of the Terraform state before it',
  'state-after.json': 'serial and lineage of the Terraform state after it',
  'live-before.json': 'what Cloudflare had before, where no state knows it',
  'live-after.json': 'what Cloudflare had after it, where no state knows it',
};

/** What the default branch said when it was released: who could approve, by which rules, in which windows. */
const atTheTime: readonly (readonly [path: string, what: string])[] = [
  ['policies/roster.yaml', 'who held which seat'],
  ['policies/quorum.yaml', 'which seats each level of risk asks for'],
  ['policies/calendar.yaml', 'freezes and holidays'],
  ['policies/thresholds.yaml', 'the figures that rules go by'],
  ['policies/risk-matrix.yaml', 'impact and likelihood to risk'],
  ['policies/catalogue.yaml', 'standard changes'],
  ['policies/ledger-keys.yaml', 'keys that sign the ledger'],
];

/** What every release keeps now, and who needs it: older releases, and those without a pull request, may not have it. */
const expected: readonly (readonly [name: string, of: ReadonlySet<ReleaseAction>])[] = [
  ['reviews.json', new Set(['release'])],
  ['guard-rails.json', new Set(['release'])],
  ['state-before.json', new Set(['baseline', 'release', 'rollback'])],
  ['state-after.json', new Set(['baseline', 'release', 'rollback'])],
];

function notRecorded(
  { files }: Pick<Ledger, 'files'>,
  folders: readonly LedgerFolder[],
): readonly MissingEvidence[] {
  return folders.flatMap(({ folder, intent }) =>
    expected
      .filter(([name, actions]) => actions.has(intent.action) && !files.has(`${folder}/${name}`))
      .map(([name]) => ({
        what: `${intent.id}: ${meanings[name] ?? name}`,
        why: 'not recorded: the release is older than this evidence, did not end, or read no pull request',
      })),
  );
}

/** Of releases of a verified ledger, oldest first; `recordFile` is the path of the change's record, null where there is none. */
export async function packOf(
  { files }: Ledger,
  folders: readonly LedgerFolder[],
  { recordFile, fileAt }: { readonly recordFile: string | null; readonly fileAt: FileAt },
): Promise<Pack> {
  const fromLedger = folders.flatMap(({ folder, intent }) =>
    Object.keys(meanings).flatMap((name): readonly PackedFile[] => {
      const text = files.get(`${folder}/${name}`);
      const what = `${intent.id}: ${meanings[name] ?? name}`;
      return text === undefined
        ? []
        : [
            {
              path: `ledger/${folder.replace(/^releases\//u, '')}/${name}`,
              text,
              what,
              source: `ledger ${folder}/${name}`,
            },
          ];
    }),
  );
  const missing: MissingEvidence[] = [];
  const atCommit: PackedFile[] = [];
  for (const commit of new Set(folders.map(({ intent }) => intent.commit))) {
    const clients = new Set(
      folders.filter(({ intent }) => intent.commit === commit).map(({ intent }) => intent.client),
    );
    const wanted = [
      ...(recordFile === null ? [] : [[recordFile, 'the change record'] as const]),
      ...[...clients].map(
        (client) =>
          [
            `stacks/clients/${client}/service.yaml`,
            `the service register of ${client}: windows, services, contacts`,
          ] as const,
      ),
      ...atTheTime,
    ];
    for (const [path, what] of wanted) {
      const text = await fileAt(commit, path);
      if (text === null) {
        missing.push({
          what: `${path} at ${commit.slice(0, 12)}`,
          why: 'the commit has no such file, or this clone does not have the commit',
        });
      } else {
        atCommit.push({
          path: `commit-${commit.slice(0, 12)}/${path}`,
          text,
          what,
          source: `commit ${commit}: ${path}`,
        });
      }
    }
  }
  return { files: [...fromLedger, ...atCommit], missing: [...missing, ...notRecorded({ files }, folders)] };
}

/** One line per file, in the form that `sha256sum --check` reads. */
export function manifestOf(files: readonly Pick<PackedFile, 'path' | 'text'>[]): string {
  return files.map(({ path, text }) => `${textDigest(text).replace('sha256:', '')}  ${path}\n`).join('');
}
