/** Follows the steps of the branch in their order: each document names the end before it, and is signed for its place. */
import type { LedgerFault, LedgerFolder } from '../types.ts';
import type { LedgerTrust } from './branch.ts';
import { fetchAgain, type LedgerStep } from './commits.ts';
import type { CheckedFolder } from './evidence.ts';
import { unknownTrusted, validityProblem, WrittenBefore } from './signature.ts';

/** Finished folders in the order of their ends, then the unfinished ones by name. */
export function followSteps(
  steps: readonly LedgerStep[],
  parts: readonly CheckedFolder[],
  trust: LedgerTrust,
): { readonly folders: readonly LedgerFolder[]; readonly faults: readonly LedgerFault[] } {
  const byFolder = new Map(parts.map((part) => [part.folder, part]));
  const chain: LedgerFolder[] = [];
  const endedOn = new Map<string, Set<string>>();
  const before = new WrittenBefore();
  const faults: LedgerFault[] = [];
  for (const step of steps) {
    const part = byFolder.get(step.folder);
    const written = part?.documents[step.document];
    if (part === undefined || written === undefined) {
      continue;
    }
    faults.push(...stepFaults(step, part, { head: chain.at(-1), endedOn, before, trust }));
    const ended = step.document === 'release' ? part.entry : null;
    if (ended !== null) {
      chain.push({ folder: part.folder, intent: part.intent, entry: ended, digest: written.digest });
      endedOn.set(ended.stack, (endedOn.get(ended.stack) ?? new Set()).add(ended.id));
    }
    before.add({ digest: written.digest, finishedAt: ended?.finishedAt ?? null });
  }
  faults.push(...trustedFaults(parts, before, trust));
  const open = parts
    .filter(({ entry }) => entry === null)
    .toSorted((a, b) => (a.folder < b.folder ? -1 : 1))
    .map(({ folder, intent }) => ({ folder, intent, entry: null, digest: null }));
  return { folders: [...chain, ...open], faults };
}

/** A revocation that names what this ledger does not have would revoke nothing; or the end of the ledger is missing here. */
function trustedFaults(
  parts: readonly CheckedFolder[],
  written: WrittenBefore,
  trust: LedgerTrust,
): readonly LedgerFault[] {
  const target = parts[0]?.intent.target;
  const ring = target === undefined ? null : trust[target];
  return ring === null
    ? []
    : unknownTrusted(ring, written).map(({ id, revoked }) => ({
        place: `key ${id}`,
        what: `was revoked after the document ${revoked?.lastTrusted ?? ''}, says ${ring.where}, and this ledger has no such document`,
        next: fetchAgain,
      }));
}

interface ChainPlace {
  /** The last that ended. */
  readonly head: LedgerFolder | undefined;
  /** Ids of what ended on each stack. */
  readonly endedOn: ReadonlyMap<string, ReadonlySet<string>>;
  readonly before: WrittenBefore;
  readonly trust: LedgerTrust;
}

function stepFaults(
  { document, names }: LedgerStep,
  part: CheckedFolder,
  { head, endedOn, before, trust }: ChainPlace,
): readonly LedgerFault[] {
  const place = `${part.folder}/${document}.json`;
  const written = document === 'intent' ? part.intent : part.entry;
  const follows = written?.previous === (head?.digest ?? null);
  const signed = signedFault(part, document, { before, trust });
  return [
    // A signature that came later was not there when the document was used.
    ...(names.includes(`${document}.sig.json`)
      ? []
      : [{ place, what: 'was committed without its signature' }]),
    ...(follows
      ? []
      : [
          {
            place,
            what: `does not follow ${head?.folder ?? 'the beginning'}: what was before it was changed or removed`,
          },
        ]),
    ...(signed === null ? [] : [{ place, ...signed }]),
    ...(document === 'intent' ? undoneFaults(part, endedOn) : []),
  ];
}

function signedFault(
  { intent, entry, documents }: CheckedFolder,
  document: LedgerStep['document'],
  { trust, before }: Pick<ChainPlace, 'trust' | 'before'>,
): Omit<LedgerFault, 'place'> | null {
  const ring = trust[intent.target];
  const at = document === 'intent' ? intent.startedAt : (entry?.finishedAt ?? intent.startedAt);
  const written = documents[document];
  const signature = written?.signature ?? null;
  const what =
    written?.problem ?? (signature === null ? null : validityProblem(ring, signature, { at, before }));
  return what === null ? null : { what, next: ring.next };
}

/** What a rollback undoes ended on the same stack before it. */
function undoneFaults(
  { folder, intent }: CheckedFolder,
  endedOn: ChainPlace['endedOn'],
): readonly LedgerFault[] {
  return intent.undoes
    .filter((id) => endedOn.get(intent.stack)?.has(id) !== true)
    .map((id) => ({
      place: `${folder}/intent.json`,
      what: `undoes ${id}, which did not end on ${intent.stack} before it`,
    }));
}

/** One ledger tells one story: what was played in a sandbox is not among what reached Cloudflare. */
export function targetFaults(parts: readonly CheckedFolder[]): readonly LedgerFault[] {
  const first = parts[0]?.intent;
  return parts
    .filter(({ intent }) => intent.target !== first?.target)
    .map(({ folder, intent }) => ({
      place: `${folder}/intent.json`,
      what: `is of ${intent.target}, ${first?.id ?? 'the first'} is of ${first?.target ?? 'another'}`,
    }));
}
