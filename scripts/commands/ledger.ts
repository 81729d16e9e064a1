import type { SluiceContext } from '../context.ts';
import { loadLedger, readLedgerBranch } from '../gather/ledger.ts';
import { canonicalJson } from '../plan/json.ts';
import { ledgerBranch } from '../release/ledger.ts';
import { renderLedgerFaults, renderLedgerText } from '../render/ledger-text.ts';

export interface LedgerShowFlags {
  readonly stack?: string;
  readonly format: 'text' | 'json';
}

/** `sluice ledger show`: releases in the order in which they ended, unfinished ones last. */
export async function ledgerShow(this: SluiceContext, flags: LedgerShowFlags): Promise<void> {
  const { git } = await this.services();
  const { ledger } = await loadLedger(git);
  const folders = ledger.folders.filter(
    (folder) => flags.stack === undefined || folder.intent.stack === flags.stack,
  );
  if (flags.format === 'json') {
    const releases = folders.map((folder) => folder.entry ?? folder.intent);
    this.print(
      `${canonicalJson({ kind: 'sluice.releases', version: 1, head: ledger.head, releases })}\n`,
    );
    return;
  }
  this.print(renderLedgerText(folders, this.style));
}

export interface LedgerVerifyFlags {
  readonly head?: string;
  readonly format: 'text' | 'json';
}

/** `sluice ledger verify`: `ok` only if everything verifies; a ledger that does not exist is not a verified one. */
export async function ledgerVerify(this: SluiceContext, flags: LedgerVerifyFlags): Promise<void> {
  const { git } = await this.services();
  const found = await readLedgerBranch(git);
  const faults =
    found === null
      ? [{ place: `branch ${ledgerBranch}`, what: 'does not exist: nothing was ever released' }]
      : [];
  const reading = found?.reading;
  if (reading?.ok === false) {
    faults.push(...reading.faults);
  }
  const head = reading?.ok === true ? reading.ledger.head : null;
  if (flags.head !== undefined && head !== null && flags.head !== head) {
    faults.push({
      place: 'head',
      what: `is ${head}, expected ${flags.head}: releases were cut off or added`,
    });
  }
  const releases =
    reading?.ok === true ? reading.ledger.folders.filter((folder) => folder.entry !== null).length : 0;
  if (flags.format === 'json') {
    this.print(
      `${canonicalJson({ kind: 'sluice.ledger-verification', version: 1, outcome: faults.length === 0 ? 'ok' : 'invalidInput', head, releases, faults })}\n`,
    );
  } else if (faults.length === 0) {
    this.print(`${this.style.green('verified')}: ${String(releases)} release(s), head ${head ?? 'none'}\n`);
  } else {
    this.print(renderLedgerFaults(faults, this.style));
  }
  if (faults.length > 0) {
    this.exit('invalidInput');
  }
}
