/**
 * What a pull request would make of the default branch, as far as later decisions rest on it: the tree with what has no
 * business in it, the decision data read with the very readers that will read it after the merge, and every seat of its
 * quorum held by somebody. `sluice check` asks the same of the working tree.
 */
import { ledgerKeysPath, readLedgerKeys } from '../read/ledger/keys.ts';
import { readYaml } from '../read/yaml/yaml.ts';
import type { SourceLocation } from '../plan/types.ts';
import { unfillableSeats, type Unfillable } from '../../policies/approvals/fillable.ts';
import type { PolicySet } from '../../policies/model/facts.ts';
import type { ProposalFault, ProposedEntry } from '../../policies/model/proposal.ts';
import { misplaced } from '../../policies/reading/places/placement.ts';
import { isDecisionData } from '../../policies/reading/places/places.ts';
import { asFault, readDecisionData } from './decision-data.ts';
import { faultsWithKeys, type LedgerServices } from './ledger.ts';
import type { PolicySource } from './policy.ts';

export interface ProposedTree {
  /** All entries of what would be merged. */
  readonly entries: readonly ProposedEntry[];
  /** Reads its files. */
  readonly source: PolicySource;
  /** Paths that the change touches. */
  readonly changed: readonly string[];
  /** What holds before the merge; null when it is not known. */
  readonly before: PolicySet | null;
  readonly now: string;
}

/** Everything that is wrong with it, with its place. Empty for a change that touches no decision data and nothing odd. */
export async function proposalFaults(proposed: ProposedTree): Promise<readonly ProposalFault[]> {
  const { entries, changed } = proposed;
  return [
    ...misplaced(entries, changed),
    ...(changed.some(isDecisionData) ? await dataFaults(proposed) : []),
  ];
}

/** Asked of a proposal that reads: the ledger that verifies now has to verify with the keys that it brings. */
export async function keyFaults(
  services: LedgerServices,
  { source, changed }: Pick<ProposedTree, 'source' | 'changed'>,
): Promise<readonly ProposalFault[]> {
  if (!changed.includes(ledgerKeysPath)) {
    return [];
  }
  const [file] = await source('policies', (path) => path === ledgerKeysPath);
  const keys = readLedgerKeys(file?.text ?? noKeys);
  const [fault, ...more] = keys.ok ? await faultsWithKeys(services, keys.value) : [];
  return fault === undefined
    ? []
    : [
        {
          file: ledgerKeysPath,
          line: 1,
          column: 1,
          text: `the ledger would not verify with these keys: ${fault.place} ${fault.what}${more.length === 0 ? '' : `, and ${String(more.length)} more`}`,
          fix: 'keep every key that signed an entry; end it with `until`, or with `revoked` after the last document that is yours: sluice ledger show --format json',
        },
      ];
}

/** What a repository without the file has. */
const noKeys = 'repository: none/none\nkeys: []\n';

async function dataFaults({ source, changed, before, now }: ProposedTree): Promise<readonly ProposalFault[]> {
  const read = await readDecisionData(source);
  if (!read.ok) {
    return read.diagnostics.map(asFault);
  }
  const known = new Set(before === null ? [] : unfillableSeats(before, now).map(keyOf));
  const added = unfillableSeats(read.value.policy, now).filter((seat) => !known.has(keyOf(seat)));
  if (added.length === 0) {
    return [];
  }
  const place = await placeOfSeats(source, changed);
  return added.map((seat) => ({ ...place(seat), text: seatText(seat), fix: seatFix }));
}

/** A seat that was empty before is nobody's change now: time has passed, or somebody has left. */
function keyOf({ level, client, seats }: Unfillable): string {
  return JSON.stringify([level, client, seats]);
}

function seatText({ level, client, seats }: Unfillable): string {
  const whose = client === null ? '' : ` for ${client}`;
  return `nobody on the roster could fill the ${level} quorum${whose}: ${seats.join(', ')}`;
}

const seatFix =
  'give the seat to somebody on policies/roster.yaml whose dates have begun, or ask for less in policies/quorum.yaml';

/** At the roster when it is changed, else at the level in the quorum, else at the register that asks for more. */
async function placeOfSeats(
  source: PolicySource,
  changed: readonly string[],
): Promise<(seat: Unfillable) => SourceLocation> {
  const [roster, quorum] = ['policies/roster.yaml', 'policies/quorum.yaml'] as const;
  const file = [roster, quorum].find((path) => changed.includes(path)) ?? null;
  if (file === null) {
    return ({ client }) => ({ file: `stacks/clients/${client ?? ''}/service.yaml`, line: 1, column: 1 });
  }
  const [found] = await source('policies', (path) => path === file);
  const document = readYaml(found?.text ?? '', file);
  return ({ level }) =>
    document.ok
      ? document.value.locateKey(file === roster ? '/people' : `/${level}`)
      : { file, line: 1, column: 1 };
}
