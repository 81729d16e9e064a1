/** Releases of the ledger as Cloudflare's audit log is compared with them. Pure. */
import type { Register } from '../../../policies/model/facts.ts';
import type { AuditedRelease, ReleaseToken } from '../../live/audit/types.ts';
import { isRequested } from '../../provider/writes.ts';
import { withoutKeys } from '../addresses.ts';
import type { Ledger, LedgerFolder, ReleaseEntry } from '../types.ts';

interface AuditedEstate {
  readonly ledger: Ledger;
  readonly registers: readonly Register[];
  /** Of the sandbox there is one, whoever the client is; null for Cloudflare: those of the registers. */
  readonly sandboxToken: ReleaseToken | null;
}

/** Those that touch the period, oldest first. A stack without a register has no account: nobody can say what it may change. */
export function auditedReleases(
  { ledger, registers, sandboxToken }: AuditedEstate,
  period: { readonly from: number; readonly until: number },
): readonly AuditedRelease[] {
  return ledger.folders
    .flatMap((folder) => {
      const register = registers.find(({ stacks }) =>
        stacks.some(({ name }) => name === folder.intent.stack),
      );
      return register === undefined
        ? []
        : [auditedRelease(folder, register, sandboxToken === null ? tokensOf(register) : [sandboxToken])];
    })
    .filter(({ from, until }) => from < period.until && (until ?? period.until) >= period.from)
    .toSorted((a, b) => a.from - b.from);
}

/** Of all clients: a token of one that works in the account of another is still the token of a release. */
export function releaseTokens(registers: readonly Register[]): readonly ReleaseToken[] {
  return registers.flatMap(tokensOf);
}

function tokensOf({ releaseTokens: tokens = [] }: Register): readonly ReleaseToken[] {
  return tokens.map(({ name, id = null }) => ({ name, id }));
}

function auditedRelease(
  { intent, entry }: LedgerFolder,
  { accountId, stacks }: Register,
  tokens: readonly ReleaseToken[],
): AuditedRelease {
  const zones = stacks.find(({ name }) => name === intent.stack)?.zones ?? [];
  return {
    id: intent.id,
    stack: intent.stack,
    account: accountId,
    zones: [...zones, ...(entry?.zones ?? []).map(({ zone }) => zone)].map((zone) => zone.toLowerCase()),
    from: Date.parse(intent.startedAt),
    until: entry === null ? null : Date.parse(entry.finishedAt),
    changed: entry?.result === 'successful' ? changedTypes(entry) : null,
    tokens,
  };
}

/** By type, and only what the provider makes a request for. */
function changedTypes({ completed }: ReleaseEntry): ReadonlyMap<string, number> {
  const types = new Map<string, number>();
  for (const { address, action } of completed) {
    const type = withoutKeys(address)?.split('.').at(-2) ?? '';
    if ((action === 'create' || action === 'update' || action === 'delete') && isRequested(type, action)) {
      types.set(type, (types.get(type) ?? 0) + 1);
    }
  }
  return types;
}
