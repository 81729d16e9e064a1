/** What somebody who may push does to the ledger on origin: real git over file://, a clone that saw it and one that did not. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Facts } from '../../../policies/model/facts.ts';
import { SluiceError } from '../../../scripts/contract/errors.ts';
import { rejection } from '../../adapters/files/temp-folder.ts';
import { withKeptSynth } from '../../scenarios/cached-synth.ts';
import { estateAt, type Ended, type SmallEstate } from '../../scenarios/small-estate.ts';
import { makeCloudflareWorld, type CloudflareWorld } from './cloudflare-world.ts';

const stack = 'acme-production';
let world: CloudflareWorld;
let saved: Facts;
const folders: SmallEstate[] = [];

beforeAll(begin);

/** Two baselines, a change that everybody approved, and a clone that has seen all of it. */
async function begin(): Promise<void> {
  world = await makeCloudflareWorld();
  world.clone.git('remote', 'set-url', 'origin', `file://${world.origin.folder}`);
  const bundles = ['--bundles', '.sluice/bundles', '--reason', 'first release'];
  const made = await world.run(world.clone, ['baseline', '--target', 'cloudflare', ...bundles]);
  expect([made.exit, made.stderr]).toEqual(['ok', expect.anything()]);
  saved = await world.approved({
    id: 'CHG-2026-0101',
    category: 'dns',
    edits: [["mail: '203.0.113.3'", "mail: '203.0.113.33'"]],
  });
  expect((await world.clone.sluice(['ledger', 'verify'], {}, withKeptSynth)).exit).toBe('ok');
}
afterAll(async () => {
  for (const folder of folders) {
    folder.remove();
  }
  await world.close();
});

const verify = (at: SmallEstate) => at.sluice(['ledger', 'verify'], {}, withKeptSynth);
const rollBack = (at: SmallEstate) =>
  world.run(at, ['rollback', stack, '--target', 'cloudflare', '--reason', 'outage']);

/** As a workflow makes it: everything that origin has, and the branch if there is one. */
function freshClone(): SmallEstate {
  const fresh = estateAt(realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-'))));
  execFileSync('git', ['clone', '--quiet', `file://${world.origin.folder}`, fresh.folder]);
  folders.push(fresh);
  if (fresh.git('for-each-ref', 'refs/remotes/origin/releases') !== '') {
    fresh.git('branch', '--quiet', '--no-track', 'releases', 'refs/remotes/origin/releases');
  }
  return fresh;
}

/** Everything that remembers the ledger in a repository. */
function memory(at: SmallEstate): string {
  return at.git(
    'for-each-ref',
    '--format=update %(refname) %(objectname)',
    'refs/heads/releases',
    'refs/tags',
  );
}

function restore(before: string): void {
  const { origin } = world;
  const gone = memory(origin)
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((name) => !before.includes(`${name} `));
  for (const name of gone) {
    origin.git('update-ref', '-d', name);
  }
  for (const line of before.split('\n')) {
    const [, name = '', sha = ''] = line.split(' ');
    origin.git('update-ref', name, sha);
  }
}

/** Exit and what was said, of a command or of a release as `release --pr` does it. */
const said = ({ exit, stdout, stderr }: Ended): readonly [string, string] => [exit, `${stdout}${stderr}`];
async function releasedFrom(at: SmallEstate): Promise<readonly [string, string]> {
  const error = await rejection(world.release(at, saved));
  return error instanceof SluiceError
    ? [
        error.exit,
        [
          error.parts.what,
          ...(error.parts.diagnostics ?? []).map(({ message }) => message),
          error.parts.why,
          error.parts.next,
        ].join('\n'),
      ]
    : ['?', String(error)];
}

interface Attack {
  readonly name: string;
  readonly does: (origin: SmallEstate) => void;
  /** What a clone says that has the ledger of before and fetches. */
  readonly known: RegExp;
  /** What `ledger verify` says there after `git fetch`, which touches no branch of the clone. */
  readonly looked: readonly [string, RegExp];
  /** What a clone says that was made afterwards. */
  readonly fresh: RegExp;
}

/** What nobody can tell without asking origin. */
const asBefore = ['ok', /verified: 2 release\(s\)/] as const;

const attacks: readonly Attack[] = [
  {
    name: 'the branch cut back by one release',
    does: (origin) => origin.git('update-ref', 'refs/heads/releases', 'releases~2'),
    known: /Origin has it at [0-9a-f]{12}, which does not continue [0-9a-f]{12}, where this clone has it/,
    looked: [
      'invalidInput',
      /branch origin\/releases is at commit [0-9a-f]{12}, which does not continue commit [0-9a-f]{12}/,
    ],
    fresh:
      /tag ledger\/R0002 marks commit [0-9a-f]{12}, which the branch releases does not have: it was cut off or rewritten/,
  },
  {
    name: 'the branch deleted',
    does: (origin) => origin.git('update-ref', '-d', 'refs/heads/releases'),
    known: /Origin has no branch releases any more; this clone has it at [0-9a-f]{12}/,
    looked: asBefore,
    fresh: /branch releases is gone, but the tag ledger\/R0001 marks an entry of it/,
  },
  {
    name: 'the branch begun anew with the same tree',
    does: (origin) => {
      const person = ['-c', 'user.name=x', '-c', 'user.email=x@shop.example'];
      const root = origin.git(...person, 'commit-tree', 'releases^{tree}', '-m', 'Ledger');
      origin.git('update-ref', 'refs/heads/releases', root);
    },
    known: /Origin has it at [0-9a-f]{12}, which does not continue/,
    looked: ['invalidInput', /branch origin\/releases is at commit [0-9a-f]{12}, which does not continue/],
    fresh: /commit [0-9a-f]{12} adds neither the beginning nor the end of one release/,
  },
  {
    name: 'a tag moved to another entry',
    does: (origin) => origin.git('update-ref', 'refs/tags/ledger/R0002', 'refs/tags/ledger/R0001'),
    known: /ledger\/R0002 marks [0-9a-f]{12} in this clone, and [0-9a-f]{12} on origin/,
    looked: asBefore,
    fresh: /tag ledger\/R0002 marks commit [0-9a-f]{12}, which is not that entry/,
  },
  {
    name: 'the last tag deleted',
    does: (origin) => origin.git('update-ref', '-d', 'refs/tags/ledger/R0002'),
    known: /ledger\/R0002 marks [0-9a-f]{12} in this clone, and is not on origin/,
    looked: asBefore,
    fresh: /tag ledger\/R0002 is missing: tags mark how far the ledger had come/,
  },
];

describe.each(attacks)('on origin $name', ({ does, known, looked, fresh }) => {
  let before: string;
  beforeAll(() => {
    before = memory(world.origin);
    does(world.origin);
  });
  afterAll(() => {
    restore(before);
    world.clone.git('fetch', '--quiet', 'origin');
  });

  it('is refused by a clone that has seen it before, by a release and a rollback', async () => {
    for (const [exit, text] of [await releasedFrom(world.clone), said(await rollBack(world.clone))]) {
      expect([exit, text]).toEqual(['invalidInput', expect.stringMatching(known)]);
      expect(text).toContain('sluice ledger verify');
    }
    expect(memory(world.clone)).toBe(before);
  });

  it('shows where a clone verifies that fetched meanwhile, and changes nothing of what it has', async () => {
    world.clone.git('fetch', '--quiet', 'origin');
    const [exit, text] = said(await verify(world.clone));
    expect([exit, text]).toEqual([looked[0], expect.stringMatching(looked[1])]);
  });

  it('is refused by a clone that was made afterwards, by whatever reads the ledger', async () => {
    const clone = freshClone();
    const shown = await clone.sluice(['ledger', 'show'], {}, withKeptSynth);
    const found = [
      said(await verify(clone)),
      said(shown),
      said(await rollBack(clone)),
      await releasedFrom(clone),
    ];
    for (const [exit, text] of found) {
      expect([exit, text]).toEqual(['invalidInput', expect.stringMatching(fresh)]);
    }
  });
});

describe('on origin nothing but what was released', () => {
  it('verifies in a clone that was made before, one that fetched, and one made afterwards', async () => {
    const early = freshClone();
    expect(said(await verify(early))[0]).toBe('ok');
    const [entry] = await world.release(world.clone, saved);
    expect(entry?.id).toBe('R0003');
    const late = freshClone();
    early.git('fetch', '--quiet', 'origin');
    // Behind origin, which goes on from it, and with its tags.
    expect(early.git('tag', '--list', 'ledger/R0003')).toBe('ledger/R0003');
    expect(said(await verify(early))).toEqual(['ok', expect.stringContaining('verified: 2 release(s)')]);
    early.git('fetch', '--quiet', 'origin', 'releases:releases', 'refs/tags/ledger/*:refs/tags/ledger/*');
    const answers = [said(await verify(world.clone)), said(await verify(early)), said(await verify(late))];
    for (const answer of answers) {
      expect(answer).toEqual(['ok', expect.stringContaining('verified: 3 release(s)')]);
    }
  });
});
