/** Builds ledgers for tests the way releases do: intent first, then the entry that closes it. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import type { DigestTuple } from '../../policies/model/facts.ts';
import type { Bundle, Json, JsonObject, StackPlan } from '../../scripts/plan/types.ts';
import { bundleDigest } from '../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/difference/diff.ts';
import { canonicalJson } from '../../scripts/json/json.ts';
import { readLedgerDocument } from '../../scripts/read/ledger/documents.ts';
import { announcement, completeEntry, signedFiles } from '../../scripts/release/entry.ts';
import { bundleOf, nextId } from '../../scripts/release/history.ts';
import { stackState } from '../../scripts/release/state.ts';
import { readLedger, type LedgerReading } from '../../scripts/release/ledger.ts';
import type { LedgerBranch, LedgerCommit, LedgerTrust } from '../../scripts/release/ledger/branch.ts';
import { folderName, tagOf, type StoredFile } from '../../scripts/release/ledger/format.ts';
import type { LedgerSigner } from '../../scripts/release/ledger/signature.ts';
import type {
  Intent,
  Ledger,
  LedgerKey,
  ReleaseAction,
  ReleaseResult,
  ReleaseTarget,
} from '../../scripts/release/types.ts';

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

/** A new key that signs for `scope`. */
export function makeSigner(scope = 'sandbox', id = 'sandbox'): LedgerSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    scope,
    id,
    key: {
      publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      sign: (message) => sign(null, message, privateKey).toString('base64'),
    },
  };
}

/** The line of the control file for it. */
export function keyOf({ id, key }: LedgerSigner, parts: Partial<LedgerKey> = {}): LedgerKey {
  return { id, publicKey: key.publicKey, from: '2026-01-01T00:00:00Z', until: null, revoked: null, ...parts };
}

/** The commit that every entry is made from. */
export const commit = 'c'.repeat(40);

/** Trust in these keys for one target, and in none for the other. */
export function trustIn(target: ReleaseTarget, scope: string, keys: readonly LedgerKey[]): LedgerTrust {
  const none = { scope: 'nobody', keys: [], where: 'nowhere', next: '' };
  const ring = { scope, keys, where: 'the control file', next: '' };
  return {
    sandbox: none,
    cloudflare: none,
    [target]: ring,
    defaultBranch: { name: 'main', commits: new Set([commit]) },
  };
}

const approved: DigestTuple = {
  headSha: 'a'.repeat(40),
  effectDigest: `sha256:${'e'.repeat(64)}`,
  recordDigest: `sha256:${'f'.repeat(64)}`,
  policyDigest: `sha256:${'0'.repeat(64)}`,
};

/** What a release stores beside its bundle: the parts that its ledger relies on. */
function evidenceOf(
  changeId: string | null,
  plan: StackPlan,
  tuple: DigestTuple,
): ReadonlyMap<string, string> {
  const decision = {
    kind: 'sluice.decision',
    findings: [],
    version: 1,
    at: '2026-11-23T19:00:00Z',
    verdict: 'allow',
    changeId,
    risk: { effective: 'low' },
    checks: [{ id: 'approvals', verdict: 'allow' }],
    approvals: {
      level: 'low',
      reviewers: [{ login: 'm-lind', personId: 'm.lind', counted: 'engineer' }],
    },
    tuple,
  };
  const text = (value: unknown): string => `${canonicalJson(value as Json)}\n`;
  return new Map([
    ['decision.json', text(decision)],
    ['plan.json', text(assemblePlan([plan], 'configuration'))],
  ]);
}

export interface Told {
  readonly stack?: string;
  readonly changeId?: string | null;
  readonly action?: ReleaseAction;
  readonly result?: ReleaseResult;
  readonly undoes?: readonly string[];
  /** Head of the pull request that was approved. */
  readonly headSha?: string;
  /** How many of the changes Terraform made; all when left away. */
  readonly completed?: number;
  readonly bundle: Bundle;
}

/** Reads as every command does. */
export function readBranch(branch: LedgerBranch, trust: LedgerTrust): LedgerReading {
  return readLedger(branch, trust, readLedgerDocument);
}

/** A ledger in the making. `files` and `history` are what the branch would hold. */
export class LedgerBuilder {
  files: StoredFile[] = [];
  history: LedgerCommit[] = [];
  tags = new Map<string, string>();
  /** Of what is added next. */
  at = '2026-11-23T20:00:00Z';
  signer: LedgerSigner;
  trust: LedgerTrust;
  private readonly target: ReleaseTarget;

  constructor(target: ReleaseTarget = 'sandbox', signer = makeSigner(), trust?: LedgerTrust) {
    this.target = target;
    this.signer = signer;
    this.trust = trust ?? trustIn(target, signer.scope, [keyOf(signer)]);
  }

  /** Adds the intent of a release and returns it. */
  begin(told: Told): Intent {
    const ledger = this.read();
    const action = told.action ?? 'release';
    const changeId = told.changeId === undefined ? 'CHG-2026-0001' : told.changeId;
    const plan = this.planOf(ledger, told.bundle);
    const tuple = { ...approved, headSha: told.headSha ?? approved.headSha };
    const draft: Omit<Intent, 'files'> = {
      kind: 'sluice.intent',
      version: 1,
      id: nextId(ledger),
      action,
      stack: told.bundle.stack,
      client: 'acme',
      changeId,
      startedAt: this.at,
      by: 'ci',
      target: this.target,
      commit,
      tuple: action === 'release' ? tuple : null,
      bundleDigest: bundleDigest(told.bundle),
      reason: null,
      undoes: told.undoes ?? [],
      approvals: action === 'release' ? [{ personId: 'm.lind', login: 'm-lind', seat: 'engineer' }] : [],
      previous: ledger.head,
    };
    const evidence = action === 'release' ? evidenceOf(changeId, plan, tuple) : new Map<string, string>();
    const { intent, stored } = announcement(draft, told.bundle, evidence, this.signer);
    this.commit(stored, tagOf(intent.id, 'intent'));
    return intent;
  }

  private planOf(ledger: Ledger, bundle: Bundle): StackPlan {
    const { live } = stackState(ledger, bundle.stack);
    return diffBundles({
      stack: bundle.stack,
      before: live === null ? null : bundleOf(ledger, live),
      after: bundle,
    });
  }

  /** Adds a whole release. */
  release(told: Told): Intent {
    const plan = this.planOf(this.read(), told.bundle);
    const intent = this.begin(told);
    const folder = folderName(intent.id, intent.stack);
    const entry = completeEntry(
      {
        intent,
        bundle: told.bundle,
        plan,
        record: null,
        finishedAt: this.at.replace(':00Z', ':30Z'),
        terraform: 'terraform 1.11.4',
        result: told.result ?? 'successful',
        applied: {
          ok: true,
          completed: plan.changes.slice(0, told.completed).map((change) => ({
            address: change.address,
            action: 'update',
            seconds: 1,
          })),
          errors: [],
        },
        converged: true,
        probes: [],
        pending: [],
        unread: [],
      },
      this.files.filter((file) => file.path.startsWith(`${folder}/`)),
      this.read(),
    );
    this.commit(signedFiles(entry, this.signer), tagOf(entry.id, 'release'));
    return intent;
  }

  read(): Ledger {
    const reading = readBranch(this.branch(), this.trust);
    if (!reading.ok) {
      throw new Error(JSON.stringify(reading.faults));
    }
    return reading.value.ledger;
  }

  /** What git would answer about it. */
  branch(parts: Partial<LedgerBranch> & { readonly files?: readonly StoredFile[] } = {}): LedgerBranch {
    const { files = this.files, ...rest } = parts;
    const tree = files.map((file) => ({ ...file, mode: '100644', id: '', unread: null }));
    return { tree, history: this.history, tags: this.tags, seen: null, origin: null, ...rest };
  }

  private commit(files: readonly StoredFile[], tag: string): void {
    const sha = String(this.history.length + 1).padStart(40, '0');
    this.files.push(...files);
    this.tags.set(tag, sha);
    this.history.push({
      sha,
      parents: this.history.length === 0 ? 0 : 1,
      changes: files.map((file) => ({ status: 'A', path: file.path })),
    });
  }
}
