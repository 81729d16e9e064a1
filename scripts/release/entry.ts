/** Builds the ledger's documents. Sensitive values never reach them: the stored plan is masked first. */
import type { StackPlan } from '../plan/types.ts';
import type { ChangeRecord } from '../../policies/model/record.ts';
import type { AppliedResult, ProbeResult } from '../ports.ts';
import { bundleText } from '../plan/bundle.ts';
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

export interface Completion {
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
  readonly probes: readonly ProbeResult[];
}

/** release.json of a finished release. `stored` are the folder's files as committed with the intent. */
export function completeEntry(done: Completion, stored: readonly StoredFile[], ledger: Ledger): ReleaseEntry {
  const { intent } = done;
  const applied = done.applied?.completed ?? [];
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
    completed: applied.map(({ address, action }) => ({ address, action })),
    errors: (done.applied?.errors ?? []).map(({ address, summary }) => ({ address, summary })),
    verification: { converged: done.converged, probes: done.probes },
    zones: done.plan === null ? [] : zoneCounts(done.plan),
    loggedRules: loggedRules(done.bundle),
    terraform: done.terraform,
    files: digestsOf(stored),
    previous: ledger.head,
  };
}

/** What the change counts as in the history: its model, or the catalogue entry of a standard change. */
function modelOf(record: ChangeRecord | null): string | null {
  return record?.model ?? record?.standardChange?.ref ?? null;
}
