/**
 * A repository with a ledger of as many releases as one likes, written through git fast-import(1): real documents with real
 * digests and signatures, as releases write them, only that no Terraform ran. Each stack has a baseline and releases, and of
 * every tenth release its rollback after it. The last commit has the index, as the entry has that follows a ledger without one.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '../../scripts/json/json.ts';
import { bundleDigest } from '../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/difference/diff.ts';
import type { Bundle, Json } from '../../scripts/plan/types.ts';
import { announcement, completeEntry, signedFiles } from '../../scripts/release/entry.ts';
import { idOf, nameIn, tagOf, textDigest, type StoredFile } from '../../scripts/release/ledger/format.ts';
import { indexAfter, noIndex, signedIndex, type IndexStep } from '../../scripts/release/ledger/index-make.ts';
import type { LedgerSigner } from '../../scripts/release/ledger/signature.ts';
import type { Intent, LedgerKey, ReleaseAction, ReleaseEntry } from '../../scripts/release/types.ts';
import { recordsBundle } from './ledger-builder.ts';

export interface LargeLedger {
  readonly folder: string;
  readonly stacks: readonly string[];
}

const ident = 'sluice <sluice@sluice.example> 1764000000 +0000';
const key: Pick<LedgerKey, 'from' | 'until' | 'revoked'> = {
  from: '1970-01-01T00:00:00Z',
  until: null,
  revoked: null,
};

function blobId(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash('sha1')
    .update(`blob ${String(bytes.length)}\0`)
    .update(bytes)
    .digest('hex');
}

/** `isIndexed`: false leaves the index away, as in a ledger of before there was one. */
export async function makeLargeLedger(
  releases: number,
  stackCount: number,
  { isIndexed = true }: { readonly isIndexed?: boolean } = {},
): Promise<LargeLedger> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-ledger-')));
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=sluice', '-c', 'user.email=sluice@sluice.example', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet', '--initial-branch', 'main');
  writeFileSync(join(folder, '.gitignore'), '.sluice\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'estate');
  const commit = git('rev-parse', 'main');
  const signer = clonesKey(folder);
  const stacks = Array.from({ length: stackCount }, (_, at) => `client-${String(at)}-production`);
  const writer = new Writer(folder);
  const story = new Story({ commit, signer, stacks });
  const last = 2 * releases;
  for (let step = 1; step < last; step += 1) {
    await writer.commit(story.next());
  }
  await writer.end();
  const parent = git('rev-parse', 'refs/heads/releases');
  const ending = story.next();
  const made = isIndexed ? indexAfter(noIndex, story.steps, parent) : null;
  const ends = new Writer(folder, parent);
  await ends.commit({
    ...ending,
    files: [...ending.files, ...(made === null ? [] : signedIndex(made, signer))],
  });
  await ends.end();
  git('repack', '-a', '-d', '-q', '--window=0');
  git('pack-refs', '--all');
  return { folder, stacks };
}

/** As a clone makes it for its sandbox. */
function clonesKey(folder: string): LedgerSigner {
  const { privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(join(folder, '.sluice'));
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, '.sluice/ledger-key.pem'), pem, { mode: 0o600 });
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  return {
    scope: 'sandbox',
    id: 'sandbox',
    key: { publicKey, sign: (message) => sign(null, message, privateKey).toString('base64') },
  };
}

interface StoryStep {
  readonly files: readonly StoredFile[];
  readonly tag: string;
}

interface LiveOfStack {
  readonly bundle: Bundle | null;
  readonly id: string;
  readonly before: Bundle | null;
  readonly count: number;
}

const notReleased: LiveOfStack = { bundle: null, id: '', before: null, count: 0 };

/** What is written, step by step. */
class Story {
  readonly steps: IndexStep[] = [];
  private readonly given: {
    readonly commit: string;
    readonly signer: LedgerSigner;
    readonly stacks: readonly string[];
  };
  private readonly live = new Map<string, LiveOfStack>();
  private head: string | null = null;
  private begun = 0;
  private open: {
    readonly intent: Intent;
    readonly stored: readonly StoredFile[];
    readonly bundle: Bundle;
    readonly before: Bundle | null;
  } | null = null;

  constructor(given: Story['given']) {
    this.given = given;
  }

  next(): StoryStep {
    return this.open === null ? this.begin() : this.finish();
  }

  private begin(): StoryStep {
    const { commit, signer, stacks } = this.given;
    const stack = stacks[this.begun % stacks.length] ?? '';
    this.begun += 1;
    const live = this.live.get(stack) ?? notReleased;
    const count = live.count + 1;
    const restored = count % 10 === 4 ? live.before : null;
    const action = actionOf(count, restored);
    const bundle =
      restored ?? recordsBundle(stack, { www: `192.0.2.${String(count % 250)}`, api: '192.0.2.251' });
    const at = new Date(Date.parse('2026-01-01T00:00:00Z') + this.begun * 60_000).toISOString();
    const isRelease = action === 'release';
    const changeId = isRelease ? `CHG-2026-${String(this.begun).padStart(4, '0')}` : null;
    const tuple = isRelease ? { headSha: commit, ...digests } : null;
    const draft: Omit<Intent, 'files'> = {
      kind: 'sluice.intent',
      version: 1,
      id: idOf(this.begun),
      action,
      stack,
      client: 'client',
      changeId,
      startedAt: at,
      by: 'ci',
      target: 'sandbox',
      commit,
      tuple,
      bundleDigest: bundleDigest(bundle),
      reason: null,
      undoes: restored === null ? [] : [live.id],
      approvals: isRelease ? [{ personId: 'm.lind', login: 'm-lind', seat: 'engineer' }] : [],
      previous: this.head,
    };
    const evidence = evidenceOf({ changeId, at, tuple }, { stack, before: live.bundle, after: bundle });
    const { intent, stored } = announcement(draft, bundle, evidence, signer);
    this.open = { intent, stored, bundle, before: live.bundle };
    this.live.set(stack, {
      bundle,
      id: intent.id,
      before: restored === null ? live.bundle : null,
      count,
    });
    return this.step(intent, stored);
  }

  private finish(): StoryStep {
    const { intent, stored, bundle, before } = this.open as NonNullable<Story['open']>;
    const plan = diffBundles({ stack: intent.stack, before, after: bundle });
    const entry = completeEntry(
      {
        intent,
        bundle,
        plan,
        record: null,
        finishedAt: intent.startedAt.replace(':00.000Z', ':30.000Z'),
        terraform: 'terraform 1.11.4',
        result: 'successful',
        applied: { ok: true, completed: [], errors: [] },
        converged: true,
        probes: [],
        pending: [],
        unread: [],
      },
      stored,
      { folders: [], head: this.head, files: new Map() },
    );
    this.open = null;
    return this.step(entry, signedFiles(entry, this.given.signer));
  }

  private step(document: Intent | ReleaseEntry, files: readonly StoredFile[]): StoryStep {
    const kind = document.kind === 'sluice.intent' ? 'intent' : 'release';
    const { id, stack, target, action, undoes } = document;
    const own = files.find(({ path }) => nameIn(path) === `${kind}.json`)?.text ?? '';
    const digest = textDigest(own);
    const result = document.kind === 'sluice.intent' ? null : document.result;
    this.head = kind === 'release' ? digest : this.head;
    this.steps.push({
      document: kind,
      id,
      stack,
      target,
      action,
      undoes,
      result,
      digest,
      blobs: Object.fromEntries(files.map((file) => [nameIn(file.path), blobId(file.text)])),
      key: { id: 'sandbox', publicKey: this.given.signer.key.publicKey, ...key },
    });
    return { files, tag: tagOf(id, kind) };
  }
}

const digests = {
  effectDigest: textDigest('effect'),
  recordDigest: textDigest('record'),
  policyDigest: textDigest('policy'),
};

function actionOf(count: number, restored: Bundle | null): ReleaseAction {
  if (count === 1) {
    return 'baseline';
  }
  return restored === null ? 'release' : 'rollback';
}

function evidenceOf(
  {
    changeId,
    at,
    tuple,
  }: { readonly changeId: string | null; readonly at: string; readonly tuple: Intent['tuple'] },
  bundles: Parameters<typeof diffBundles>[0],
): ReadonlyMap<string, string> {
  if (tuple === null) {
    return new Map();
  }
  const plan = assemblePlan([diffBundles(bundles)], 'configuration');
  return new Map([
    ['decision.json', canonicalText(decisionOf(changeId, at, tuple))],
    ['plan.json', canonicalText(plan as unknown as Json)],
  ]);
}

function canonicalText(value: Json): string {
  return `${canonicalJson(value)}\n`;
}

function decisionOf(changeId: string | null, at: string, tuple: NonNullable<Intent['tuple']>): Json {
  return {
    kind: 'sluice.decision',
    findings: [],
    version: 1,
    at,
    verdict: 'allow',
    changeId,
    risk: { effective: 'low' },
    checks: [{ id: 'approvals', verdict: 'allow' }],
    approvals: { level: 'low', reviewers: [{ login: 'm-lind', personId: 'm.lind', counted: 'engineer' }] },
    tuple: { ...tuple },
  };
}

/** One git fast-import. */
class Writer {
  private readonly process: ReturnType<typeof spawn>;
  private readonly ended: Promise<unknown>;
  private from: string | null;
  private mark = 0;

  constructor(folder: string, from: string | null = null) {
    this.process = spawn('git', ['fast-import', '--quiet', '--force'], {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    this.ended = once(this.process, 'close');
    this.from = from;
  }

  async commit({ files, tag }: StoryStep): Promise<void> {
    this.mark += 1;
    const from = this.from === null ? '' : `from ${this.from}\n`;
    const parts = files.map(({ path, text: content }) => `M 100644 inline ${path}\n${data(content)}`);
    const message = `commit refs/heads/releases\nmark :${String(this.mark)}\ncommitter ${ident}\n${data(tag)}${from}${parts.join('')}\n`;
    this.from = `:${String(this.mark)}`;
    const input = this.process.stdin;
    if (input !== null && !input.write(`${message}reset refs/tags/${tag}\nfrom :${String(this.mark)}\n\n`)) {
      await once(input, 'drain');
    }
  }

  async end(): Promise<void> {
    this.process.stdin?.end();
    const [status] = (await this.ended) as [number | null];
    if (status !== 0) {
      throw new Error(`git fast-import ended with status ${String(status)}`);
    }
  }
}

function data(content: string): string {
  return `data ${String(Buffer.byteLength(content))}\n${content}\n`;
}
