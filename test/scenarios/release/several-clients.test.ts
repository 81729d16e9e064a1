/**
 * One change of two clients on the local GitHub: each approves for itself, each is released in its own window, the less critical
 * first, and when the second one fails the first is taken back as well. Real Terraform, real git.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Decision } from '../../../policies/model/decision.ts';
import type { Night } from '../emergency/night.ts';
import { hour, id, nightOfMany, recordOfMany, type ClientOfMany } from './many-clients.ts';

const began = Date.now();
const stacks = ['acme-production', 'borough-production'];
// Borough is open now, for three hours; Acme opens when Borough has closed.
const clients: readonly ClientOfMany[] = [
  {
    name: 'acme',
    domain: 'shop.example',
    account: 'a1c0ffee5e7a11d0b5e55ed0ddba1100',
    tier: 1,
    from: 3,
  },
  {
    name: 'borough',
    domain: 'borough.example',
    account: 'b0201194c0a7c1150f7e5fa1ce5e7700',
    tier: 3,
    from: -1,
  },
];

let night: Night;
beforeAll(async () => {
  night = await nightOfMany(clients, began);
});
afterAll(() => night.close());

async function decision(number: number): Promise<Decision> {
  const ended = await night.job('gate', '--pr', String(number), '--publish', '--format', 'json');
  return JSON.parse(ended.stdout) as Decision;
}

const failing = ({ checks }: Decision): readonly string[] =>
  checks.filter(({ verdict }) => verdict !== 'allow').map(({ id: check }) => check);

async function ledger(): Promise<readonly string[]> {
  const shown = await night.job('ledger', 'show', '--format', 'json');
  const { releases } = JSON.parse(shown.stdout) as {
    readonly releases: readonly {
      readonly stack: string;
      readonly action: string;
      readonly result?: string;
    }[];
  };
  return releases
    .filter(({ action }) => action !== 'baseline')
    .map(({ stack, action, result }) => `${stack} ${action} ${String(result)}`);
}

it('asks each client, is released by tier in the window of each, and is taken back from both when one fails', async () => {
  night.git('switch', '--quiet', '--create', id);
  for (const client of ['acme', 'borough']) {
    const path = `stacks/clients/${client}/production.ts`;
    night.write(path, night.read(path).replace('192.0.2.10', '192.0.2.20'));
  }
  // It names one of the two: nobody's approval makes up for that.
  night.write(`changes/platform/${id}.yaml`, recordOfMany('clients: [acme, platform]', stacks, began));
  const refused = await night.job('check');
  expect(refused.stdout).toContain('borough-production belongs to borough');
  night.write(`changes/platform/${id}.yaml`, recordOfMany('clients: [acme, borough]', stacks, began));
  night.git('add', '--all');
  night.git('commit', '--quiet', '--message', id);
  const raised = await night.sluice('r-okafor', ['raise']);
  expect([raised.exit, raised.stderr]).toEqual(['ok', expect.any(String)]);
  const number = 1;

  const first = await decision(number);
  expect(failing(first)).toEqual(['approvals']);
  expect(first.waves).toEqual([['borough-production'], ['acme-production']]);
  const fingerprint = first.tuple.effectDigest.slice(7, 19);
  for (const login of ['s-haddad', 'j-novak', 'p-iyer', 'a-marsh', 'c-ortiz']) {
    await night.approved(login, number, `Read ${fingerprint}`);
  }
  const half = await decision(number);
  expect(failing(half)).toEqual(['approvals']);
  expect(half.approvals.reasons.join('\n')).toContain('1 x client-approver of borough');
  await night.approved('h-frost', number, `Read ${fingerprint}`);
  expect(failing(await decision(number))).toEqual([]);
  await night.merged('s-haddad', number);

  const released = await night.job('release', '--pr', String(number));
  expect([released.exit, released.stderr]).toEqual(['ok', expect.any(String)]);
  expect(released.stdout).toContain('waits: acme-production: acme: no window is open now');
  expect(await ledger()).toEqual(['borough-production release successful']);

  const early = await night.job('release', '--pr', String(number));
  expect([early.exit, early.stderr]).toEqual([
    'denied',
    expect.stringContaining('acme: no window is open now'),
  ]);

  night.later(3.5 * hour);
  await night.job(
    'sandbox',
    'fault',
    '--kind',
    'error',
    '--on',
    'update',
    '--call',
    '1',
    '--type',
    'cloudflare_dns_record',
  );
  const failed = await night.job('release', '--pr', String(number));
  expect([failed.exit, failed.stderr]).toEqual([
    'denied',
    expect.stringContaining('The release was rolled back'),
  ]);
  const rows = await ledger();
  expect(rows.slice(-1)).toEqual(['borough-production rollback successful']);
  const shown = await night.job('sandbox', 'show', '--format', 'json');
  expect(shown.stdout).not.toContain('192.0.2.20');
});
