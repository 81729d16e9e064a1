/** A signing key that leaked: what it signed before counts on, what it signs later does not, and work goes on with another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgePair, forging, keyInHand } from '../../bypass/hardening/ledger-forging.ts';
import { inWindow } from '../../scenarios/change/approved-facts.ts';
import { withKeptSynth } from '../../scenarios/cached-synth.ts';
import type { SmallEstate } from '../../scenarios/small-estate.ts';
import {
  keysFile,
  makeCloudflareWorld,
  makeKey,
  repository,
  type CloudflareWorld,
  type ReleaseKey,
} from './cloudflare-world.ts';

const stack = 'acme-production';
const next = makeKey('release-2027');
let world: CloudflareWorld;
/** The head that the revocation names. */
let trusted: string;

const act = (key: ReleaseKey, ...args: readonly string[]) =>
  world.run(world.clone, [...args, '--target', 'cloudflare'], { key });
const rollBack = (key: ReleaseKey) => act(key, 'rollback', stack, '--reason', 'outage');
const verify = (at: SmallEstate = world.clone) => at.sluice(['ledger', 'verify'], {}, withKeptSynth);

/** The instant of the revocation is that of the entries themselves: a date decides nothing. */
const revoke = (lastTrusted: string) =>
  world.clone.write(
    'policies/ledger-keys.yaml',
    keysFile([world.key, next], `    revoked:\n      at: "${inWindow}"\n      lastTrusted: ${lastTrusted}\n`),
  );

beforeAll(begin);

async function begin(): Promise<void> {
  world = await makeCloudflareWorld();
  const { clone } = world;
  const made = await act(world.key, 'baseline', '--bundles', '.sluice/bundles', '--reason', 'first release');
  expect([made.exit, made.stderr]).toEqual(['ok', expect.anything()]);
  const saved = await world.approved({
    id: 'CHG-2026-0101',
    category: 'dns',
    edits: [["mail: '203.0.113.3'", "mail: '203.0.113.33'"]],
  });
  await world.release(clone, saved);
  const shown = await clone.sluice(['ledger', 'show', '--format', 'json'], {}, withKeptSynth);
  trusted =
    (JSON.parse(shown.stdout) as { digests: Record<string, { release: string }> }).digests['R0003']
      ?.release ?? '';
  revoke(trusted);
  await world.publish('the key leaked');
}
afterAll(() => world.close());

describe('a key that was revoked after R0003', () => {
  it('has signed what was before: it verifies, here and in another clone', async () => {
    const found = [await verify(), await verify(world.another())];
    expect(found.map(({ exit, stdout }) => [exit, stdout])).toEqual([
      ['ok', `verified: 3 release(s), head ${trusted}\n`],
      ['ok', `verified: 3 release(s), head ${trusted}\n`],
    ]);
  });

  it('signs nothing for whoever goes on with it', async () => {
    const refused = await rollBack(world.key);
    expect([refused.exit, refused.stderr]).toEqual([
      'denied',
      expect.stringContaining(`The key release-2026 was revoked at ${inWindow}.`),
    ]);
    expect(world.origin.git('rev-list', '--count', 'releases')).toBe('6');
  });

  it('makes a fault of what its thief signs, and the rollback goes nowhere from it', async () => {
    const { clone, origin } = world;
    const before = clone.git('rev-parse', 'releases');
    const thief = world.another();
    const signAs = keyInHand(world.key.secret, repository, 'release-2026');
    forging(thief, (forge) =>
      forgePair(forge, { id: 'R0004', from: '0001', content: '198.51.100.66', signAs }),
    );
    thief.git('push', '--quiet', 'origin', 'releases', 'refs/tags/ledger/*');

    const refused = await rollBack(next);
    const fault = 'releases/0004-acme-production/intent.json is signed with release-2026, which was revoked';
    expect([refused.exit, refused.stderr]).toEqual(['invalidInput', expect.stringContaining(fault)]);
    const found = await verify();
    expect([found.exit, found.stdout]).toEqual(['invalidInput', expect.stringContaining(fault)]);

    for (const at of [origin, clone]) {
      at.git('update-ref', 'refs/heads/releases', before);
      at.git('tag', '--delete', 'ledger/R0004-begun', 'ledger/R0004');
    }
    clone.git('fetch', '--quiet', 'origin');
    expect((await verify()).exit).toBe('ok');
  });

  it('is followed by the next one, with which the release is rolled back', async () => {
    const done = await rollBack(next);
    expect([done.exit, done.stdout]).toEqual([
      'ok',
      expect.stringContaining('R0004: acme-production is back'),
    ]);
    const signature = world.origin.git('show', `releases:releases/0004-${stack}/release.sig.json`);
    expect(JSON.parse(signature)).toMatchObject({ key: 'release-2027' });
    const found = [await verify(), await verify(world.another())];
    expect(found.map(({ exit }) => exit)).toEqual(['ok', 'ok']);
  });

  it('cannot be taken out of the control file by a pull request, nor revoked for what it has signed', async () => {
    const { clone } = world;
    const checked = async (keys: string) => {
      clone.write('policies/ledger-keys.yaml', keys);
      return clone.sluice(['check'], {}, withKeptSynth);
    };
    const none = `    revoked: { at: "${inWindow}", lastTrusted: null }\n`;
    const refused = [await checked(keysFile([next])), await checked(keysFile([world.key, next], none))];
    revoke(trusted);
    for (const { exit, stdout, stderr } of refused) {
      expect([exit, `${stdout}${stderr}`]).toEqual([
        'invalidInput',
        expect.stringMatching(
          /policies\/ledger-keys\.yaml:1:1: the ledger would not verify with these keys: releases\/0001-/,
        ),
      ]);
    }
    const honest = await clone.sluice(['check'], {}, withKeptSynth);
    expect(`${honest.stdout}${honest.stderr}`).not.toContain('would not verify');
  });

  it('is read from the last control file that reads while the one of main does not; nothing is called verified or signed with it', async () => {
    const { clone } = world;
    const land = (text: string, message: string): void => {
      clone.write('policies/ledger-keys.yaml', text);
      clone.git('commit', '--quiet', '--all', '--message', message);
      clone.git('push', '--quiet', 'origin', 'HEAD:main');
    };
    const good = clone.read('policies/ledger-keys.yaml');
    land('keys: {', 'broken');
    const shown = await clone.sluice(['ledger', 'show'], {}, withKeptSynth);
    const found = [await verify(), await act(next, 'rollback', stack, '--to', 'R0003', '--reason', 'outage')];
    land(good, 'repaired');
    expect([shown.exit, shown.stderr]).toEqual(['ok', '']);
    for (const { exit, stderr } of found) {
      expect(exit).not.toBe('ok');
      expect(stderr).toMatch(/sluice: /);
    }
    expect(found[0]?.stderr).toMatch(/policies\/ledger-keys\.yaml of origin\/HEAD does not read\./);
    expect((await verify()).exit).toBe('ok');
  });

  it('is not revoked by a digest that the ledger does not have, and that is said', async () => {
    const { clone } = world;
    revoke(`sha256:${'7'.repeat(64)}`);
    clone.git('commit', '--quiet', '--all', '--message', 'a digit wrong');
    clone.git('push', '--quiet', 'origin', 'HEAD:main');
    const found = await verify();
    expect([found.exit, found.stdout]).toEqual([
      'invalidInput',
      expect.stringMatching(
        /key release-2026 was revoked after the document sha256:7+, says policies\/ledger-keys\.yaml of origin\/HEAD, and this ledger has no such document\n +Next: git fetch origin releases/,
      ),
    ]);
  });
});
