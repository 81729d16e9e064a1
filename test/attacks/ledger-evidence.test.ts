/**
 * Entries that the release's own key has signed, and whose evidence says something else: a key alone allows nothing. Each
 * is the last release of a ledger that verifies, edited, with every digest and both signatures made right again.
 */
import { describe, expect, it } from 'vitest';
import { bundleText } from '../../scripts/plan/bundle.ts';
import { canonicalJson } from '../../scripts/json/json.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import { signedFiles } from '../../scripts/release/entry.ts';
import { nameIn, textDigest, type StoredFile } from '../../scripts/release/ledger/format.ts';
import type { Intent, ReleaseEntry } from '../../scripts/release/types.ts';
import { LedgerBuilder, readBranch, recordsBundle } from '../release/ledger-builder.ts';

const stack = 'acme-production';
const other = `sha256:${'9'.repeat(64)}`;

type Edit = (document: JsonObject) => JsonObject;
/** By name; null takes the file away, a text replaces it. */
type Edits = Readonly<Record<string, Edit | string | null>>;

const text = (value: unknown): string => `${canonicalJson(value as Json)}\n`;

/** A baseline and what `last` is, which is the last. */
function told(last: 'release' | 'baseline' | 'rollback'): LedgerBuilder {
  const builder = new LedgerBuilder();
  builder.release({ bundle: recordsBundle(stack, { www: '192.0.2.1' }), action: 'baseline', changeId: null });
  builder.release({ bundle: recordsBundle(stack, { www: '192.0.2.2' }) });
  builder.release({
    bundle: recordsBundle(last === 'baseline' ? 'acme-staging' : stack, { www: '192.0.2.1' }),
    action: last,
    changeId: last === 'baseline' ? null : 'CHG-2026-0001',
    undoes: last === 'rollback' ? ['R0002'] : [],
  });
  return builder;
}

function editedFile(file: StoredFile, edits: Edits): readonly StoredFile[] {
  const edit = edits[nameIn(file.path)];
  if (edit === undefined) {
    return [file];
  }
  if (edit === null) {
    return [];
  }
  const changed = typeof edit === 'string' ? edit : text(edit(JSON.parse(file.text) as JsonObject));
  return [{ path: file.path, text: changed }];
}

const digests = (files: readonly StoredFile[]) =>
  Object.fromEntries(files.map((file) => [nameIn(file.path), textDigest(file.text)]));

/** The faults of the ledger once the last release is edited and sealed again. */
function faultsOf(builder: LedgerBuilder, edits: Edits): string {
  const last = builder.files.at(-1)?.path ?? '';
  const folder = last.slice(0, last.lastIndexOf('/'));
  const own = builder.files.filter(({ path }) => path.startsWith(`${folder}/`));
  const documents = new Set(['intent.json', 'intent.sig.json', 'release.json', 'release.sig.json']);
  const beside = own
    .filter(({ path }) => !documents.has(nameIn(path)))
    .flatMap((file) => editedFile(file, edits));
  const document = (name: string): JsonObject => {
    const found = own.find(({ path }) => nameIn(path) === name)?.text ?? '{}';
    const edit = edits[name];
    const value = JSON.parse(found) as JsonObject;
    return typeof edit === 'function' ? edit(value) : value;
  };
  const shared = document('intent.json');
  const intent = { ...shared, files: digests(beside) } as unknown as Intent;
  const begun = signedFiles(intent, builder.signer);
  const entry = {
    ...document('release.json'),
    ...Object.fromEntries(
      ['action', 'changeId', 'tuple', 'undoes', 'bundleDigest'].map((name) => [name, shared[name] ?? null]),
    ),
    files: digests([...beside, ...begun]),
  } as unknown as ReleaseEntry;
  const files = [
    ...builder.files.filter((file) => !own.includes(file)),
    ...begun,
    ...beside,
    ...signedFiles(entry, builder.signer),
  ];
  const present = new Set(files.map(({ path }) => path));
  const history = builder.history.map((commit) => ({
    ...commit,
    changes: commit.changes.filter(({ path }) => present.has(path)),
  }));
  const reading = readBranch(builder.branch({ files, history }), builder.trust);
  return reading.ok ? '' : reading.faults.map(({ place, what }) => `${place} ${what}`).join('\n');
}

const at = 'releases/0003-acme-production';
const changed =
  (parts: JsonObject): Edit =>
  (document) => ({ ...document, ...parts });

describe('a release that its own key signed', () => {
  it('verifies with the evidence that it has', () => {
    expect(faultsOf(told('release'), {})).toBe('');
  });

  it.each<[string, Edits, string]>([
    [
      'a decision that denied',
      { 'decision.json': changed({ verdict: 'deny' }) },
      `${at}/decision.json does not allow this release`,
    ],
    [
      'a decision with a check that nobody passed',
      { 'decision.json': changed({ checks: [{ id: 'approvals', verdict: 'undetermined' }] }) },
      `${at}/decision.json does not allow this release`,
    ],
    [
      'the decision of another effect',
      {
        'decision.json': (decision) => ({
          ...decision,
          tuple: { ...(decision['tuple'] as JsonObject), effectDigest: other },
        }),
      },
      `${at}/decision.json is for another tuple than intent.json`,
    ],
    [
      'the decision of another change',
      { 'decision.json': changed({ changeId: 'CHG-2026-0099' }) },
      `${at}/decision.json is about another change than intent.json`,
    ],
    [
      'approvals that the decision did not count',
      {
        'intent.json': changed({
          approvals: [{ personId: 't.berg', login: 't-berg', seat: 'change-manager' }],
        }),
      },
      `${at}/decision.json counts other approvals than intent.json names`,
    ],
    [
      'a person fewer than the decision counted',
      { 'intent.json': changed({ approvals: [] }) },
      `${at}/decision.json counts other approvals than intent.json names`,
    ],
    [
      'no decision',
      { 'decision.json': null },
      `${at}/intent.json is a release without the decision that allowed it`,
    ],
    [
      'no tuple',
      { 'intent.json': changed({ tuple: null }) },
      `${at}/intent.json is a release without the decision that allowed it`,
    ],
    [
      'something that it undoes',
      { 'intent.json': changed({ undoes: ['R0002'] }) },
      `${at}/intent.json is a release that undoes others`,
    ],
    ['no plan', { 'plan.json': null }, `${at}/plan.json is missing: what was allowed to change is not known`],
    [
      'the plan of another bundle',
      {
        'plan.json': (plan) => ({
          ...plan,
          stacks: (plan['stacks'] as readonly JsonObject[]).map((one) => ({
            ...one,
            bundles: { ...(one['bundles'] as JsonObject), after: other },
          })),
        }),
      },
      `${at}/plan.json is of another stack or bundle`,
    ],
    [
      'the plan of another stack',
      {
        'plan.json': (plan) => ({
          ...plan,
          stacks: (plan['stacks'] as readonly JsonObject[]).map((one) => ({ ...one, stack: 'acme-staging' })),
        }),
      },
      `${at}/plan.json is of another stack or bundle`,
    ],
    [
      'the plan of two stacks',
      {
        'plan.json': (plan) => ({
          ...plan,
          stacks: (plan['stacks'] as readonly JsonObject[]).flatMap((one) => [
            one,
            { ...one, stack: 'acme-staging' },
          ]),
        }),
      },
      `${at}/plan.json is of another stack or bundle`,
    ],
    [
      'another bundle than it says',
      { 'bundle.tf.json': bundleText(recordsBundle(stack, { www: '198.51.100.66' })) },
      `${at}/bundle.tf.json has digest sha256:`,
    ],
    [
      'another digest than its bundle has',
      { 'intent.json': changed({ bundleDigest: other }) },
      `, intent.json names ${other}`,
    ],
    [
      'no bundle',
      { 'bundle.tf.json': null },
      `${at}/bundle.tf.json is missing: nothing could be rolled back to it`,
    ],
    [
      'a bundle in another form',
      { 'bundle.tf.json': '{ }\n' },
      `${at}/bundle.tf.json is not in canonical form: it was edited by hand`,
    ],
    ['a document in another form', { 'plan.json': '{ "kind": 1 }\n' }, `${at}/plan.json:1:`],
  ])('does not verify with %s', (_, edits, fault) => {
    expect(faultsOf(told('release'), edits)).toContain(fault);
  });
});

describe('what no pull request allowed', () => {
  it.each(['baseline', 'rollback'] as const)('verifies as a %s', (action) => {
    expect(faultsOf(told(action), {})).toBe('');
  });

  it.each<[string, 'baseline' | 'rollback', JsonObject, RegExp]>([
    [
      'a baseline with approvals',
      'baseline',
      { approvals: [{ personId: 'm.lind', login: 'm-lind', seat: 'engineer' }] },
      /is a baseline, but names approvals or a decision/,
    ],
    [
      'a rollback with a tuple',
      'rollback',
      {
        tuple: {
          headSha: 'a'.repeat(40),
          ...Object.fromEntries(['effect', 'record', 'policy'].map((name) => [`${name}Digest`, other])),
        },
      },
      /is a rollback, but names approvals or a decision/,
    ],
    ['a rollback of nothing', 'rollback', { undoes: [] }, /is a rollback that undoes nothing/],
    ['a baseline that undoes', 'baseline', { undoes: ['R0002'] }, /is a baseline that undoes R0002/],
    [
      'a rollback of what never ended there',
      'rollback',
      { undoes: ['R0009'] },
      /undoes R0009, which did not end on acme-production before it/,
    ],
    [
      'an entry that forgets what was before it',
      'rollback',
      { previous: null },
      /does not follow releases\/0002-acme-production: what was before it was changed or removed/,
    ],
  ])('does not verify as %s', (_, action, parts, fault) => {
    expect(faultsOf(told(action), { 'intent.json': changed(parts) })).toMatch(fault);
  });
});

describe('a rehearsal beside a release', () => {
  const builder = told('release');
  const intent = JSON.parse(
    builder.files.findLast(({ path }) => path.endsWith('/intent.json'))?.text ?? '',
  ) as Intent;
  const rehearsal = (parts: JsonObject): string =>
    text({
      kind: 'sluice.rehearsal',
      version: 1,
      stack,
      effectDigest: intent.tuple?.effectDigest ?? null,
      at: '2026-11-23T19:00:00Z',
      result: 'proven',
      bundles: { base: other, proposed: intent.bundleDigest },
      ...parts,
    });

  it.each<[string, JsonObject]>([
    ['stack', { stack: 'acme-staging' }],
    ['effect', { effectDigest: other }],
    ['bundle', { bundles: { base: other, proposed: other } }],
  ])('is of this %s, or a fault', (_, parts) => {
    const place = `${at}/rehearsal.json`;
    const found = (own: JsonObject): string => {
      const more = new LedgerBuilder('sandbox', builder.signer, builder.trust);
      more.files = [
        ...builder.files.slice(0, -2),
        { path: place, text: rehearsal(own) },
        ...builder.files.slice(-2),
      ];
      more.history = builder.history.map((commit, index) =>
        index === builder.history.length - 2
          ? { ...commit, changes: [...commit.changes, { status: 'A', path: place }] }
          : commit,
      );
      more.tags = builder.tags;
      return faultsOf(more, {});
    };
    expect([found({}), found(parts)]).toEqual(['', `${place} is of another stack, effect or bundle`]);
  });
});

describe('a signature', () => {
  const builder = told('release');
  const without = (name: string) => builder.files.filter(({ path }) => path !== `${at}/${name}`);
  const faults = (files: readonly StoredFile[], history = builder.history): string => {
    const reading = readBranch(builder.branch({ files, history }), builder.trust);
    return reading.ok ? '' : reading.faults.map(({ place, what }) => `${place} ${what}`).join('\n');
  };

  it.each(['intent', 'release'])('of the %s is missed', (document) => {
    expect(faults(without(`${document}.sig.json`))).toContain(`${at} has no ${document}.sig.json`);
  });

  it('that came in a commit of its own was not there when its document was used', () => {
    const path = `${at}/release.sig.json`;
    const history = [
      ...builder.history.map((commit) => ({
        ...commit,
        changes: commit.changes.filter((change) => change.path !== path),
      })),
      { sha: 'f'.repeat(40), parents: 1, changes: [{ status: 'A', path }] },
    ];
    expect(faults(builder.files, history)).toContain(
      `${at}/release.json was committed without its signature`,
    );
  });
});
