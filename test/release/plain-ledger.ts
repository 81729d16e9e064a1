/** A ledger as it is once it was verified, without files to verify: for tests that write thousands of entries. */
import { bundleDigest, bundleText } from '../../scripts/plan/bundle.ts';
import type { Bundle } from '../../scripts/plan/types.ts';
import type {
  Intent,
  Ledger,
  LedgerFolder,
  ReleaseAction,
  ReleaseEntry,
  ReleaseResult,
} from '../../scripts/release/types.ts';

const noDigests = { effectDigest: 'effect', recordDigest: 'record', policyDigest: 'policy' };
const common = {
  version: 1,
  client: 'acme',
  startedAt: '2026-11-23T20:00:00Z',
  by: 'ci',
  target: 'sandbox',
  commit: 'c'.repeat(40),
  files: {},
  previous: null,
} as const;
const anEntry = {
  ...common,
  kind: 'sluice.release' as const,
  model: null,
  type: 'normal' as const,
  finishedAt: '2026-11-23T20:05:00Z',
  errors: [],
  verification: { converged: true, probes: [] },
  zones: [],
  loggedRules: [],
  terraform: 'terraform 1.11.4',
};
const anIntent = {
  ...common,
  kind: 'sluice.intent' as const,
  reason: null,
  approvals: [],
};

export interface PlainEntry {
  readonly action: ReleaseAction;
  readonly bundle: Bundle;
  readonly changeId: string | null;
  readonly headSha: string | null;
  readonly undoes: readonly string[];
  readonly result: ReleaseResult;
  /** Names of DNS records that were changed. */
  readonly completed: readonly string[];
}

export class PlainLedger {
  private readonly folders: LedgerFolder[] = [];
  private readonly files = new Map<string, string>();

  read(): Ledger {
    return { folders: [...this.folders], head: null, files: new Map(this.files) };
  }

  add({ action, bundle, changeId, headSha, undoes, result, completed }: PlainEntry): ReleaseEntry {
    const id = `R${String(this.folders.length + 1).padStart(4, '0')}`;
    const { stack } = bundle;
    const both = {
      id,
      stack,
      action,
      changeId,
      tuple: headSha === null ? null : { ...noDigests, headSha },
      bundleDigest: bundleDigest(bundle),
      undoes,
    };
    const entry: ReleaseEntry = {
      ...anEntry,
      ...both,
      result,
      completed: completed.map((name) => ({ address: `cloudflare_dns_record.${name}`, action: 'update' })),
    };
    const intent: Intent = { ...anIntent, ...both };
    const folder = `releases/${id.slice(1)}-${stack}`;
    this.files.set(`${folder}/bundle.tf.json`, bundleText(bundle));
    this.folders.push({ folder, intent, entry, digest: id });
    return entry;
  }
}
