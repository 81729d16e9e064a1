/** Builds the ledger's documents. Sensitive values never reach them: the stored plan is masked first. */
import type { StackPlan } from '../plan/types.ts';
import type { ChangeRecord } from '../../policies/model/record.ts';
import type { PendingValue } from '../provider/pending.ts';
import type { SentOnly } from '../provider/read-back.ts';
import type { AppliedResult } from '../contract/ports.ts';
import type { RecordedProbe } from './probes.ts';
import { bundleText } from '../plan/bundle.ts';
import { withWrittenKeys } from './addresses.ts';
import type { Bundle } from '../plan/types.ts';
import {
  documentText,
  folderName,
  nameIn,
  textDigest,
  type LedgerDocument,
  type StoredFile,
} from './ledger/format.ts';
import { signDocument, type LedgerSigner } from './ledger/signature.ts';
import { loggedRules, zoneCounts } from './history.ts';
import type { Intent, Ledger, ReleaseEntry, ReleaseResult } from './types.ts';

/** What announces a release, before anything is applied: the intent, and the files of its commit. */
export interface Announced {
  readonly intent: Intent;
  readonly stored: readonly StoredFile[];
}

/** The intent names everything that is committed with it, and is signed. */
export function announcement(
  draft: Omit<Intent, 'files'>,
  bundle: Bundle,
  evidence: ReadonlyMap<string, string>,
  signer: LedgerSigner,
): Announced {
  const folder = folderName(draft.id, draft.stack);
  const beside = [
    { path: `${folder}/bundle.tf.json`, text: bundleText(bundle) },
    ...[...evidence].map(([name, text]) => ({ path: `${folder}/${name}`, text })),
  ];
  const intent: Intent = { ...draft, files: digestsOf(beside) };
  return { intent, stored: [...signedFiles(intent, signer), ...beside] };
}

/** A document of the ledger and its signature, as files. */
export function signedFiles(document: Intent | ReleaseEntry, signer: LedgerSigner): readonly StoredFile[] {
  const kind: LedgerDocument = document.kind === 'sluice.intent' ? 'intent' : 'release';
  const base = `${folderName(document.id, document.stack)}/${kind}`;
  const signed = { path: `${base}.json`, text: documentText(document) };
  return [signed, { path: `${base}.sig.json`, text: documentText(signDocument(signer, signed)) }];
}

function digestsOf(files: readonly StoredFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files
      .map((file) => [nameIn(file.path), textDigest(file.text)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export interface EntryCompletion {
  readonly intent: Intent;
  readonly bundle: Bundle;
  /** The live plan that was applied; null when none was. */
  readonly plan: StackPlan | null;
  readonly record: ChangeRecord | null;
  readonly finishedAt: string;
  readonly terraform: string;
  readonly result: ReleaseResult;
  readonly applied: AppliedResult | null;
  readonly converged: boolean | null;
  readonly probes: readonly RecordedProbe[];
  readonly pending: readonly PendingValue[];
  readonly unread: readonly SentOnly[];
}

/** release.json of a finished release. `stored` are the folder's files as committed with the intent. */
export function completeEntry(
  done: EntryCompletion,
  stored: readonly StoredFile[],
  ledger: Ledger,
): ReleaseEntry {
  const { intent } = done;
  const applied = appliedIn(done);
  return {
    kind: 'sluice.release',
    version: 1,
    id: intent.id,
    action: intent.action,
    stack: intent.stack,
    client: intent.client,
    changeId: intent.changeId,
    model: modelOf(done.record),
    type: done.record?.type ?? null,
    startedAt: intent.startedAt,
    finishedAt: done.finishedAt,
    by: intent.by,
    target: intent.target,
    commit: intent.commit,
    tuple: intent.tuple,
    bundleDigest: intent.bundleDigest,
    undoes: intent.undoes,
    result: done.result,
    ...applied,
    verification: verificationOf(done),
    zones: done.plan === null ? [] : zoneCounts(done.plan),
    loggedRules: loggedRules(done.bundle),
    terraform: done.terraform,
    files: digestsOf(stored),
    previous: ledger.head,
  };
}

function verificationOf({
  converged,
  probes,
  bundle,
  pending,
  unread,
}: EntryCompletion): ReleaseEntry['verification'] {
  const written = bundleText(bundle);
  const named = <T extends { readonly address: string }>(item: T): T => ({
    ...item,
    address: withWrittenKeys(item.address, written) ?? 'a resource',
  });
  return {
    converged,
    probes,
    ...(pending.length === 0 ? {} : { pending: pending.map(named) }),
    ...(unread.length === 0 ? {} : { unread: unread.map(named) }),
  };
}

/** What was computed in the release's job, where the secrets are, says in the ledger no more than its bundle does. */
function appliedIn({ applied, bundle }: EntryCompletion): Pick<ReleaseEntry, 'completed' | 'errors'> {
  const written = bundleText(bundle);
  return {
    completed: (applied?.completed ?? []).map(({ address, action }) => ({
      address: withWrittenKeys(address, written) ?? 'a resource',
      action,
    })),
    errors: (applied?.errors ?? []).map(({ address, summary }) => ({
      address: withWrittenKeys(address, written),
      summary: isPlain(summary)
        ? summary
        : 'Terraform reported an error; its words are in the log of the run',
    })),
  };
}

/** Words and small numbers. Summaries of Terraform and of providers are such sentences; values would stand in the detail. */
function isPlain(summary: string): boolean {
  return summary
    .split(' ')
    .every((word) => /^\(?(?:[A-Za-z][A-Za-z'-]{0,23}(?:\.[a-z]{1,10})?|\d{1,3})\)?[,.;:]?$/.test(word));
}

/** What the change counts as in the history: its model, or the catalogue entry of a standard change. */
function modelOf(record: ChangeRecord | null): string | null {
  return record?.model ?? record?.standardChange?.ref ?? null;
}
