import { printedJson } from '../../render/text/printed-json.ts';
import type { Services, SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { controlledRing, defaultBranchOf, loadLedger, readLedgerBranch } from '../../facts/ledger.ts';
import { readNewest } from '../../facts/ledger-index.ts';
import type { JsonObject } from '../../plan/types.ts';
import { ledgerBranch, textDigest } from '../../release/ledger/format.ts';
import { knownStacks, stackState, type StackState } from '../../release/state.ts';
import type { Ledger, LedgerFault, LedgerFolder } from '../../release/types.ts';
import type { ExitName } from '../../contract/exit-codes.ts';
import { deriveLedger } from '../../release/evidence/derive-ledger.ts';
import type { Derivation } from '../../release/ledger/derive.ts';
import { renderDerivations, renderLedgerFaults, renderLedgerText } from '../../render/release/ledger-text.ts';

export interface LedgerShowFlags {
  readonly stack?: string;
  readonly format: 'text' | 'json';
}

/** `sluice ledger show`: releases in the order in which they ended, unfinished ones last. */
export async function ledgerShow(this: SluiceContext, flags: LedgerShowFlags): Promise<void> {
  const { ledger } = await loadLedger(await this.services());
  const known = knownStacks(ledger);
  if (flags.stack !== undefined && !known.includes(flags.stack)) {
    throw new UsageError({
      what: `Nothing was ever released to ${flags.stack}.`,
      why: known.length === 0 ? 'The ledger is empty.' : `Released were: ${known.join(', ')}.`,
      fix: 'Check the spelling.',
      next: 'sluice ledger show',
    });
  }
  const folders = ledger.folders.filter(
    (folder) => flags.stack === undefined || folder.intent.stack === flags.stack,
  );
  const states = new Map(
    known
      .filter((stack) => flags.stack === undefined || stack === flags.stack)
      .map((stack) => [stack, stackState(ledger, stack)] as const),
  );
  if (flags.format === 'json') {
    const releases = folders.map((folder) => folder.entry ?? folder.intent);
    const digests = Object.fromEntries(
      folders.map((folder) => [folder.intent.id, digestsOf(ledger, folder)]),
    );
    const stacks = [...states.values()].map(stateReport);
    const document = { kind: 'sluice.releases', version: 1, head: ledger.head, releases, digests, stacks };
    this.print(printedJson(document));
    return;
  }
  this.print(renderLedgerText(folders, states, this.style));
}

/** What a revocation names as the last document that is trusted. */
function digestsOf({ files }: Ledger, { folder, digest }: LedgerFolder): JsonObject {
  return { intent: textDigest(files.get(`${folder}/intent.json`) ?? ''), release: digest };
}

/** What is live, in force, undone, half applied and open on a stack, by the ids of its releases. */
function stateReport({ stack, live, inForce, undone, unsettled, open }: StackState): JsonObject {
  return {
    stack,
    live: live?.entry.id ?? null,
    inForce: [...inForce],
    undone: Object.fromEntries(undone),
    unsettled: unsettled?.entry.id ?? null,
    open: open.map(({ intent }) => intent.id),
  };
}

export interface LedgerVerifyFlags {
  readonly head?: string;
  readonly fromIndex: boolean;
  readonly derive: boolean;
  readonly format: 'text' | 'json';
}

/** `sluice ledger verify`: `ok` only if everything verifies; a ledger that does not exist is not a verified one. */
export async function ledgerVerify(this: SluiceContext, flags: LedgerVerifyFlags): Promise<void> {
  const services = await this.services();
  // With keys of before nothing is called verified.
  await controlledRing(services.git, await defaultBranchOf(services));
  const byIndex = await readForIndex(services, flags);
  if (byIndex !== null) {
    this.print(byIndexReport(byIndex, flags, this.style));
    this.exit(isHead(byIndex, flags) ? 'ok' : 'invalidInput');
    return;
  }
  const found = await readLedgerBranch(services, flags.derive);
  const { head, releases, faults } = verification(found, flags.head ?? null);
  const derivations =
    flags.derive && found?.reading.ok === true
      ? await deriveLedger(services, found.reading.value.ledger)
      : [];
  const outcome = outcomeOf(faults, derivations);
  if (flags.format === 'json') {
    const derived = flags.derive ? { derivations } : {};
    const document = {
      kind: 'sluice.ledger-verification',
      version: 1,
      outcome,
      head,
      releases,
      faults,
      ...derived,
    };
    this.print(printedJson(document));
    this.exit(outcome);
    return;
  }
  this.print(renderDerivations(derivations, this.style));
  if (faults.length > 0) {
    this.print(renderLedgerFaults(faults, this.style));
  } else {
    const word =
      outcome === 'ok' ? this.style.green('verified') : this.style.red('verified, but not all derived');
    this.print(`${word}: ${String(releases)} release(s), head ${head ?? 'none'}\n`);
  }
  this.exit(outcome);
}

/** Null where everything is to be read, because nobody asked for less or less does not tell. */
async function readForIndex(services: Services, flags: LedgerVerifyFlags): Promise<Ledger | null> {
  if (flags.fromIndex && flags.derive) {
    throw new UsageError({
      what: '--derive and --from-index exclude each other.',
      why: 'Bundles are made again for every entry, and the index is there so that not every entry is read.',
      next: 'sluice ledger verify --help',
    });
  }
  return flags.fromIndex ? readNewest(services) : null;
}

function isHead({ head }: Ledger, flags: LedgerVerifyFlags): boolean {
  return flags.head === undefined || flags.head === head;
}

/** What the signature of the index covers was verified when it was written; what was read of it is verified now. */
function byIndexReport(ledger: Ledger, flags: LedgerVerifyFlags, style: SluiceContext['style']): string {
  const { head, folders, rest } = ledger;
  const outcome = isHead(ledger, flags) ? 'ok' : 'invalidInput';
  const faults = outcome === 'ok' ? [] : [headFault(head, flags.head ?? null)];
  if (flags.format === 'json') {
    const releases = rest?.begun ?? folders.length;
    const kind = 'sluice.ledger-verification';
    return printedJson({ kind, version: 1, outcome, head, releases, read: folders.length, faults });
  }
  return faults.length > 0
    ? renderLedgerFaults(faults, style)
    : `${style.green('verified from the signed index')}: ${String(rest?.begun ?? 0)} release(s), ${String(folders.length)} of them read, head ${head ?? 'none'}\n`;
}

function headFault(head: string | null, expected: string | null): LedgerFault {
  return {
    place: 'head',
    what: `is ${head ?? 'none'}, expected ${expected ?? 'none'}: releases were cut off or added`,
  };
}

/** What was not derived and is signed all the same is for a person to look at; what derives to something else is wrong. */
function outcomeOf(faults: readonly LedgerFault[], derivations: readonly Derivation[]): ExitName {
  if (faults.length > 0 || derivations.some(({ state }) => state === 'differs')) {
    return 'invalidInput';
  }
  return derivations.every(({ state }) => state === 'derived') ? 'ok' : 'undetermined';
}

interface Verification {
  readonly head: string | null;
  readonly releases: number;
  readonly faults: readonly LedgerFault[];
}

function verification(
  found: Awaited<ReturnType<typeof readLedgerBranch>>,
  expected: string | null,
): Verification {
  if (found === null) {
    const fault = { place: `branch ${ledgerBranch}`, what: 'does not exist: nothing was ever released' };
    return { head: null, releases: 0, faults: [fault] };
  }
  if (!found.reading.ok) {
    return { head: null, releases: 0, faults: found.reading.faults };
  }
  const { head, folders } = found.reading.value.ledger;
  const releases = folders.filter((folder) => folder.entry !== null).length;
  const faults = expected === null || expected === head ? [] : [headFault(head, expected)];
  return { head, releases, faults };
}
