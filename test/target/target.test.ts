/**
 * `baseline`, `release` and `rollback` as a release job runs them: real Terraform, its S3 backend with lock files against an S3
 * server of a package, addresses and credentials from the environment. Only the provider is the sandbox's.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../scenarios/change.ts';
import { makeCloudflareWorld, type CloudflareWorld } from '../release/run/cloudflare-world.ts';
import { startS3Server, stateServer, isMissing, type S3Server } from './s3-server.ts';

const stack = 'acme-production';
const states = ['acme-production.tfstate', 'acme-staging.tfstate'];
const change: Change = {
  id: 'CHG-2026-0101',
  category: 'dns',
  edits: [["mail: '203.0.113.3'", "mail: '203.0.113.33'"]],
};

describe.skipIf(isMissing())('--target cloudflare with states on an S3 server', () => {
  let server: S3Server;
  let world: CloudflareWorld;
  beforeAll(async () => {
    server = await startS3Server();
    world = await makeCloudflareWorld(stateServer(server));
  });
  afterAll(async () => {
    await server.close();
    await world.close();
  });

  const baseline = () =>
    world.run(world.clone, [
      'baseline',
      '--target',
      'cloudflare',
      '--bundles',
      '.sluice/bundles',
      '--reason',
      'first release',
    ]);
  const rollback = () =>
    world.run(world.clone, ['rollback', stack, '--target', 'cloudflare', '--reason', 'outage']);
  const serialOf = async () =>
    (JSON.parse(await server.text(`${stack}.tfstate`)) as { readonly serial: number }).serial;

  it('takes over what is live, and says where it went', async () => {
    const ended = await baseline();
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(ended.stderr).toMatch(
      /warning: This is not Cloudflare: CLOUDFLARE_BASE_URL sends every request, and the token, to http:\/\/127/,
    );
    expect(ended.stderr).toContain(`AWS_ENDPOINT_URL_S3 keeps the state at ${server.url}`);
    expect(ended.stderr).not.toMatch(/token-of-the-test|key-of-the-test/);
  });

  it('releases and rolls back, and leaves no lock', async () => {
    const before = await serialOf();
    const saved = await world.approved(change);
    const entries = await world.release(world.clone, saved);
    expect(entries.map(({ result }) => result)).toEqual(['successful']);
    expect(await server.text(`${stack}.tfstate`)).toContain('203.0.113.33');
    const ended = await rollback();
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await server.text(`${stack}.tfstate`)).not.toContain('203.0.113.33');
    expect(await serialOf()).toBeGreaterThan(before);
    expect(await server.keys()).toEqual(states);
  });
});
