/** Edits of the ledger that somebody with write access to its branch could make. Each begins with a ledger that verifies. */
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../scripts/json/json.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import type { Bundle, Json, JsonObject } from '../../scripts/plan/types.ts';
import { stateOf } from '../../scripts/change/pull-facts.ts';
import type { LedgerCommit } from '../../scripts/release/ledger/branch.ts';
import { textDigest, type StoredFile } from '../../scripts/release/ledger/format.ts';
import { planRollback } from '../../scripts/release/rollback-plan.ts';
import { check, decideApproved } from '../policies/gate/approved.ts';
import { LedgerBuilder, readBranch, recordsBundle } from '../release/ledger-builder.ts';

const stack = 'acme-production';

function threeReleases(): LedgerBuilder {
  const builder = new LedgerBuilder();
  builder.release({ bundle: recordsBundle(stack, { www: '192.0.2.1' }), action: 'baseline', changeId: null });
  builder.release({ bundle: recordsBundle(stack, { www: '192.0.2.2' }), changeId: 'CHG-2026-0001' });
  builder.release({ bundle: recordsBundle(stack, { www: '192.0.2.3' }), changeId: 'CHG-2026-0002' });
  return builder;
}

interface Branch {
  readonly files: readonly StoredFile[];
  readonly history: readonly LedgerCommit[];
}

const attacked = threeReleases();

const faultsOf = ({ files, history }: Branch): readonly string[] => {
  const reading = readBranch(attacked.branch({ files, history }), attacked.trust);
  return reading.ok ? [] : reading.faults.map(({ place, what }) => `${place} ${what}`);
};

const edited = (files: readonly StoredFile[], path: RegExp, edit: (document: JsonObject) => JsonObject) =>
  files.map((file) =>
    path.test(file.path)
      ? { ...file, text: `${canonicalJson(edit(JSON.parse(file.text) as JsonObject) as Json)}\n` }
      : file,
  );

const copied = (files: readonly StoredFile[], from: string, to: string) =>
  files
    .filter(({ path }) => path.startsWith(from))
    .map((file) => ({ ...file, path: file.path.replace(from, to) }));

/** A recorded release once more under another number, with every hash in it made right again. */
function reissued(files: readonly StoredFile[], from: string, number: string): readonly StoredFile[] {
  const folder = `releases/${number}-${stack}`;
  const id = `R${number}`;
  const renamed = edited(copied(files, `releases/${from}-${stack}`, folder), /intent\.json$/, (intent) => ({
    ...intent,
    id,
  }));
  const intent = renamed.find(({ path }) => path.endsWith('/intent.json'))?.text ?? '';
  return edited(renamed, /release\.json$/, (entry) => ({
    ...entry,
    id,
    files: { ...(entry['files'] as JsonObject), 'intent.json': textDigest(intent) },
  }));
}

describe('the ledger', () => {
  const { files, history } = attacked;

  it('verifies as it was written', () => {
    expect(faultsOf({ files, history })).toEqual([]);
  });

  it.each<[string, () => Branch, RegExp]>([
    [
      'a result made better',
      () => ({
        files: edited(files, /0002-.*release\.json$/, (entry) => ({ ...entry, result: 'failed' })),
        history,
      }),
      /has a signature that is not of the key sandbox/,
    ],
    [
      'a folder taken out of the middle',
      () => ({ files: files.filter(({ path }) => !path.includes('/0002-')), history }),
      /is missing: it was recorded/,
    ],
    [
      'a bundle exchanged',
      () => ({
        files: files.map((file) =>
          /0002-.*bundle/.test(file.path)
            ? { ...file, text: file.text.replace('192.0.2.2', '198.51.100.66') }
            : file,
        ),
        history,
      }),
      /was changed/,
    ],
    [
      'a bundle exchanged in an unfinished release',
      () => ({
        files: [...files, ...copied(files, 'releases/0003-acme-production', 'releases/0004-acme-production')],
        history,
      }),
      /not of this folder/,
    ],
    [
      'an old release under a new number',
      () => ({ files: [...files, ...reissued(files, '0002', '0004')], history }),
      /has a signature that is not of the key sandbox|was recorded by no commit/,
    ],
    [
      'a second beginning',
      () => ({ files: [...files, ...reissued(files, '0001', '0009')], history }),
      /has a signature that is not of the key sandbox|was recorded by no commit/,
    ],
    [
      'a file beside the recorded ones',
      () => ({ files: [...files, { path: 'releases/0002-acme-production/note.md', text: 'x' }], history }),
      /is not named like any document/,
    ],
    [
      'a folder below a folder',
      () => ({ files: [...files, { path: 'releases/0002-acme-production/a/b.json', text: '{}' }], history }),
      /does not belong/,
    ],
    [
      'a way out of the folder',
      () => ({ files: [...files, { path: 'releases/0002-acme-production/../x', text: '{}' }], history }),
      /does not belong/,
    ],
    [
      'digits that only look like digits',
      () => ({
        files: [...files, { path: 'releases/０００4-acme-production/intent.json', text: '{}' }],
        history,
      }),
      /does not belong/,
    ],
    [
      'a letter that only looks like one',
      () => ({
        files: [...files, { path: 'releases/0004-\u0430cme-production/intent.json', text: '{}' }],
        history,
      }),
      /does not belong/,
    ],
    [
      'a name with a line break',
      () => ({ files: [...files, { path: 'releases/0004-acme\n/intent.json', text: '{}' }], history }),
      /does not belong/,
    ],
    [
      'a document with blanks',
      () => ({
        files: files.map((file) =>
          /0003-.*release\.json$/.test(file.path) ? { ...file, text: ` ${file.text}` } : file,
        ),
        history,
      }),
      /canonical/,
    ],
    [
      'a key twice',
      () => ({
        files: files.map((file) =>
          /0003-.*release\.json$/.test(file.path)
            ? { ...file, text: file.text.replace('{', '{"result":"failed",') }
            : file,
        ),
        history,
      }),
      /the key "result" is given twice/,
    ],
    [
      'an entry without its intent',
      () => ({ files: files.filter(({ path }) => !/0003-.*intent\.json$/.test(path)), history }),
      /has no intent\.json/,
    ],
    [
      'an intent of somebody else',
      () => ({
        files: edited(files, /0003-.*intent\.json$/, (intent) => ({ ...intent, by: 'mallory' })),
        history,
      }),
      /by differs|was changed/,
    ],
  ])('shows %s', (_, attack, fault) => {
    expect(faultsOf(attack()).join('\n')).toMatch(fault);
  });

  it.each<[string, LedgerCommit, RegExp]>([
    [
      'a rewritten file that was put back',
      {
        sha: 'f'.repeat(40),
        parents: 1,
        changes: [{ status: 'M', path: 'releases/0002-acme-production/release.json' }],
      },
      /rewrites/,
    ],
    [
      'a deletion',
      {
        sha: 'f'.repeat(40),
        parents: 1,
        changes: [{ status: 'D', path: 'releases/0003-acme-production/release.json' }],
      },
      /deletes/,
    ],
    [
      'a file that became a link',
      {
        sha: 'f'.repeat(40),
        parents: 1,
        changes: [{ status: 'T', path: 'releases/0003-acme-production/release.json' }],
      },
      /rewrites/,
    ],
    ['a merge of another root', { sha: 'f'.repeat(40), parents: 2, changes: [] }, /is a merge/],
  ])('shows %s in its history', (_, commit, fault) => {
    expect(faultsOf({ files, history: [...history, commit] }).join('\n')).toMatch(fault);
  });
});

describe('a rollback', () => {
  it('of the latest release undoes that one and no other', () => {
    const plan = planRollback(threeReleases().read(), stack, { kind: 'latest' });
    expect(plan.ok && plan.undoes.map(({ entry }) => entry.changeId)).toEqual(['CHG-2026-0002']);
  });

  it.each([
    ['twice', { kind: 'latest' } as const, /was rolled back already/],
    [
      'past somebody else’s change without naming it',
      { kind: 'to', id: 'R0001', including: [] } as const,
      /would also undo CHG-2026-0001/,
    ],
    [
      'past it under another name',
      { kind: 'to', id: 'R0001', including: ['CHG-2026-0009'] } as const,
      /would also undo CHG-2026-0001/,
    ],
    ['of a rollback', { kind: 'only', id: 'R0004' } as const, /rolled back already|is a rollback/],
    ['of a release that never was', { kind: 'only', id: 'R0099' } as const, /not a finished release/],
  ])('is refused %s', (_, request, why) => {
    const builder = threeReleases();
    const before = recordsBundle(stack, { www: '192.0.2.2' });
    builder.release({ bundle: before, action: 'rollback', changeId: 'CHG-2026-0002', undoes: ['R0003'] });
    const plan = planRollback(builder.read(), stack, request);
    expect([plan.ok, plan.ok ? '' : plan.what]).toEqual([false, expect.stringMatching(why)]);
  });

  it('of one release is refused when a later one touched the same resource', () => {
    const plan = planRollback(threeReleases().read(), stack, { kind: 'only', id: 'R0002' });
    expect([plan.ok, plan.ok ? '' : plan.what]).toEqual([
      false,
      expect.stringMatching(/changed again later/),
    ]);
  });
});

describe('F9 a rollback of one release from below another', () => {
  const of = (blocks: JsonObject, api: string) =>
    canonicalBundle(stack, {
      ...blocks,
      resource: {
        cloudflare_dns_record: {
          www: { zone_id: 'z', name: 'www', type: 'A', ttl: 1, content: '${local.ip}' },
          api: { zone_id: 'z', name: 'api', type: 'A', ttl: 1, content: api },
        },
      },
    });
  const undoFirst = (change: JsonObject) => {
    const builder = new LedgerBuilder();
    const base = { locals: { ip: '192.0.2.1' } };
    builder.release({ bundle: of(base, '192.0.2.8'), action: 'baseline', changeId: null });
    builder.release({ bundle: of(change, '192.0.2.8'), changeId: 'CHG-2026-0002' });
    builder.release({ bundle: of(change, '192.0.2.9'), changeId: 'CHG-2026-0003' });
    return planRollback(builder.read(), stack, { kind: 'only', id: 'R0002' });
  };

  it.each<[string, JsonObject]>([
    ['locals', { locals: { ip: '192.0.2.66' } }],
    ['variable', { locals: { ip: '192.0.2.1' }, variable: { x: { default: 'y' } } }],
  ])('is refused when it changed %s', (name, change) => {
    const plan = undoFirst(change);
    expect([plan.ok, plan.ok ? '' : plan.what]).toEqual([
      false,
      expect.stringMatching(new RegExp(`it changed ${name} around the resources`)),
    ]);
  });

  it('is refused when a later release made something depend on it', () => {
    const records = (parts: JsonObject): Bundle =>
      canonicalBundle(stack, { resource: { cloudflare_dns_record: parts } });
    const www = (content: string) => ({ zone_id: 'z', name: 'www', type: 'A', ttl: 1, content });
    const api = {
      zone_id: 'z',
      name: 'api',
      type: 'A',
      ttl: 1,
      content: '${cloudflare_dns_record.www.content}',
    };
    const builder = new LedgerBuilder();
    builder.release({ bundle: records({ www: www('192.0.2.1') }), action: 'baseline', changeId: null });
    builder.release({ bundle: records({ www: www('192.0.2.2') }), changeId: 'CHG-2026-0002' });
    builder.release({ bundle: records({ www: www('192.0.2.2'), api }), changeId: 'CHG-2026-0003' });
    const plan = planRollback(builder.read(), stack, { kind: 'only', id: 'R0002' });
    expect([plan.ok, plan.ok ? '' : plan.what]).toEqual([
      false,
      expect.stringMatching(/not be the exact inverse/),
    ]);
  });
});

describe('F8 an absent ledger', () => {
  it('is not a verified one at the gate', () => {
    const decision = decideApproved({ ledger: { head: null, state: 'verified' } });
    expect(check(decision, 'ledger').verdict).not.toBe('allow');
  });

  it('before an apply is unverified, whoever asks', () => {
    const none = { folders: [], head: null, files: new Map() };
    expect([stateOf(none, 'apply').state, stateOf(none, 'merge').state]).toEqual(['unverified', 'verified']);
  });
});
