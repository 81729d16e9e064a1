/** Builds ledgers for tests the way releases do: intent first, then the entry that closes it. */
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import type { Bundle, JsonObject } from '../../scripts/plan/types.ts';
import { bundleDigest } from '../../scripts/plan/bundle.ts';
import { diffBundles } from '../../scripts/plan/diff.ts';
import { completeEntry, intentFiles } from '../../scripts/release/entry.ts';
import { bundleOf, nextId } from '../../scripts/release/history.ts';
import { stackState } from '../../scripts/release/state.ts';
import {
  documentText,
  folderName,
  readLedger,
  type LedgerCommit,
  type StoredFile,
} from '../../scripts/release/ledger.ts';
import type { Intent, Ledger, ReleaseAction, ReleaseResult } from '../../scripts/release/types.ts';

const terraform = {
  required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
};

export function recordsBundle(stack: string, contents: Readonly<Record<string, string>>): Bundle {
  const records = Object.entries(contents).map(([name, content]) => [
    name,
    { name, content, type: 'A', ttl: 1, proxied: true, zone_id: 'z' },
  ]);
  return canonicalBundle(stack, {
    terraform,
    resource: { cloudflare_dns_record: Object.fromEntries(records) as JsonObject },
  });
}

export interface Told {
  readonly stack?: string;
  readonly changeId?: string | null;
  readonly action?: ReleaseAction;
  readonly result?: ReleaseResult;
  readonly undoes?: readonly string[];
  readonly bundle: Bundle;
}

/** A ledger in the making. `files` and `history` are what the branch would hold. */
export class LedgerBuilder {
  files: StoredFile[] = [];
  history: LedgerCommit[] = [];

  /** Adds the intent of a release and returns it. */
  begin(told: Told): Intent {
    const ledger = this.read();
    const intent: Intent = {
      kind: 'sluice.intent',
      version: 1,
      id: nextId(ledger),
      action: told.action ?? 'release',
      stack: told.bundle.stack,
      client: 'acme',
      changeId: told.changeId === undefined ? 'CHG-2026-0001' : told.changeId,
      startedAt: '2026-11-23T20:00:00Z',
      by: 'ci',
      target: 'sandbox',
      commit: 'c'.repeat(40),
      tuple: null,
      bundleDigest: bundleDigest(told.bundle),
      reason: null,
      undoes: told.undoes ?? [],
      previous: ledger.head,
    };
    this.commit(intentFiles(intent, told.bundle, new Map()));
    return intent;
  }

  /** Adds a whole release. */
  release(told: Told): Intent {
    const before = this.read();
    const { live } = stackState(before, told.bundle.stack);
    const intent = this.begin(told);
    const folder = folderName(intent.id, intent.stack);
    const plan = diffBundles({
      stack: intent.stack,
      before: live === null ? null : bundleOf(before, live),
      after: told.bundle,
    });
    const entry = completeEntry(
      {
        intent,
        bundle: told.bundle,
        plan,
        record: null,
        finishedAt: '2026-11-23T20:05:00Z',
        terraform: 'terraform 1.11.4',
        result: told.result ?? 'successful',
        applied: {
          ok: true,
          completed: plan.changes.map((change) => ({
            address: change.address,
            action: 'update',
            seconds: 1,
          })),
          errors: [],
        },
        converged: true,
        probes: [],
      },
      this.files.filter((file) => file.path.startsWith(`${folder}/`)),
      this.read(),
    );
    this.commit([{ path: `${folder}/release.json`, text: documentText(entry) }]);
    return intent;
  }

  read(): Ledger {
    const reading = readLedger(this.files, this.history);
    if (!reading.ok) {
      throw new Error(JSON.stringify(reading.faults));
    }
    return reading.ledger;
  }

  private commit(files: readonly StoredFile[]): void {
    this.files.push(...files);
    this.history.push({
      sha: String(this.history.length + 1)
        .repeat(40)
        .slice(0, 40),
      parents: this.history.length === 0 ? 0 : 1,
      changes: files.map((file) => ({ status: 'A', path: file.path })),
    });
  }
}
