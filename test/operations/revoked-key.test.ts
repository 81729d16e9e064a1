/** A signing key that leaked: what it signed before counts on, what it signs after does not, and work goes on with another. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withKeptSynth } from '../commands/kept-synth.ts';
import { keysFile, makeCloudflareWorld, makeKey, type CloudflareWorld, type ReleaseKey } from './cloudflare-world.ts';

const stack = 'acme-production';
const next = makeKey('release-2027');
let world: CloudflareWorld;

beforeAll(async () => {
  world = await makeCloudflareWorld();
});
afterAll(() => world.close());

const run = (args: readonly string[], key?: ReleaseKey) =>
  world.run(world.clone, [...args, '--target', 'cloudflare'], key === undefined ? {} : { key });
const verify = () => world.clone.sluice(['ledger', 'verify', '--format', 'json'], {}, withKeptSynth);

it('reproduces', async () => {
  const made = await run(['baseline', '--bundles', '.sluice/bundles', '--reason', 'first release']);
  expect([made.exit, made.stderr]).toEqual(['ok', expect.anything()]);
  const saved = await world.approved({
    id: 'CHG-2026-0101',
    category: 'dns',
    edits: [["mail: '203.0.113.3'", "mail: '203.0.113.33'"]],
  });
  await world.release(world.clone, saved);
  const before = await verify();
  console.log(before.exit, before.stdout, before.stderr);
  const { head } = JSON.parse(before.stdout) as { head: string };
  console.log(world.clone.git('show', `releases:releases/0003-${stack}/release.json`).slice(0, 3000));
  world.clone.write(
    'policies/ledger-keys.yaml',
    keysFile([world.key, next], `    revoked:\n      at: "2026-12-15T00:00:00Z"\n      lastTrusted: ${head}\n`),
  );
  await world.publish('revoked');
  const after = await verify();
  console.log(after.exit, after.stdout, after.stderr);
  const old = await run(['rollback', stack, '--reason', 'outage']);
  console.log(old.exit, old.stdout, old.stderr);
  const fresh = await run(['rollback', stack, '--reason', 'outage'], next);
  console.log(fresh.exit, fresh.stdout, fresh.stderr);
  const last = await verify();
  console.log(last.exit, last.stdout, last.stderr);
});
