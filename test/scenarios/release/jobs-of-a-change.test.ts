/**
 * One change of three clients on the local GitHub, released as `release.yml` does it: a run for each wave, a process for each
 * stack, the gate asked before each; when the last one fails, what was released is taken back in reverse, a process for each
 * stack. Real Terraform, real git.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Decision } from '../../../policies/model/decision.ts';
import type { Releasable } from '../../../scripts/release/run/waves/ready.ts';
import type { StateMark } from '../../../scripts/contract/ports.ts';
import type { Night } from '../emergency/night.ts';
import { id, nightOfMany, recordOfMany, type ClientOfMany } from './many-clients.ts';

const began = Date.now();
const client = (name: string, domain: string, tier: number, account: string): ClientOfMany => ({
  name,
  domain,
  tier,
  account: account.repeat(16),
  from: -1,
});
const clients = [
  client('acme', 'shop.example', 1, 'a1'),
  client('borough', 'borough.example', 3, 'b0'),
  client('corvid', 'corvid.example', 2, 'c0'),
];
const stacks = clients.map(({ name }) => `${name}-production`);
const number = '1';

let night: Night;
beforeAll(async () => {
  night = await nightOfMany(clients, began);
});
afterAll(() => night.close());

type Asked = Decision & { readonly releasable: Releasable };
async function gate(...args: readonly string[]): Promise<Asked> {
  const ended = await night.job('gate', '--pr', number, ...args, '--format', 'json');
  expect(ended.stdout).not.toBe('');
  return JSON.parse(ended.stdout) as Asked;
}

const failing = ({ checks }: Decision): readonly string[] =>
  checks.filter(({ verdict }) => verdict !== 'allow').map(({ id: check }) => check);

async function raiseAndMerge(): Promise<void> {
  night.git('switch', '--quiet', '--create', id);
  for (const { name } of clients) {
    const path = `stacks/clients/${name}/production.ts`;
    night.write(path, night.read(path).replace('192.0.2.10', '192.0.2.20'));
  }
  const names = clients.map(({ name }) => name).join(', ');
  night.write(`changes/platform/${id}.yaml`, recordOfMany(`clients: [${names}]`, stacks, began));
  night.git('add', '--all');
  night.git('commit', '--quiet', '--message', id);
  const raised = await night.sluice('r-okafor', ['raise']);
  expect([raised.exit, raised.stderr]).toEqual(['ok', expect.any(String)]);
  const first = await gate('--publish');
  expect(failing(first)).toEqual(['approvals']);
  expect(first.waves).toEqual([['borough-production'], ['corvid-production'], ['acme-production']]);
  const fingerprint = first.tuple.effectDigest.slice(7, 19);
  for (const login of ['s-haddad', 'j-novak', 'p-iyer', 'a-marsh', 'c-ortiz', 'h-frost', 'k-dunne']) {
    await night.approved(login, 1, `Read ${fingerprint}`);
  }
  const approved = await gate('--publish');
  expect([failing(approved), approved.approvals.reasons]).toEqual([[], expect.anything()]);
  await night.merged('s-haddad', 1);
}

it('goes from tier to tier, a run for each wave, and is taken back in reverse when the last one fails', async () => {
  await raiseAndMerge();
  const released: string[] = [];
  for (const wave of [1, 2]) {
    const { releasable } = await gate('--moment', 'apply');
    expect(releasable).toMatchObject({ wave, waves: 3, total: 3, waiting: [] });
    for (const stack of releasable.stacks) {
      const ended = await night.job('release', '--pr', number, '--wave', String(wave), stack);
      expect([ended.exit, ended.stderr]).toEqual(['ok', expect.any(String)]);
      released.push(stack);
    }
  }
  expect(released).toEqual(['borough-production', 'corvid-production']);

  const kept = (name: string): unknown =>
    JSON.parse(night.git('show', `releases:releases/0004-borough-production/${name}`)) as unknown;
  const { pull, reviews } = kept('reviews.json') as {
    readonly pull: number;
    readonly reviews: readonly { readonly state: string; readonly user: { readonly login: string } }[];
  };
  const approving = reviews.filter(({ state }) => state === 'APPROVED').map(({ user }) => user.login);
  expect([pull, approving]).toEqual([1, expect.arrayContaining(['s-haddad', 'h-frost'])]);
  expect(kept('guard-rails.json')).toMatchObject({
    rulesets: [],
    environments: { gate: null, 'borough-production': null },
    unread: [],
  });
  const [was, is] = [kept('state-before.json'), kept('state-after.json')] as readonly StateMark[];
  expect([is?.lineage === was?.lineage, (is?.serial ?? 0) > (was?.serial ?? 0)]).toEqual([true, true]);

  const { releasable } = await gate('--moment', 'apply');
  expect(releasable).toMatchObject({ wave: 3, stacks: ['acme-production'] });
  const fault = '--kind error --on update --call 1 --type cloudflare_dns_record'.split(' ');
  await night.job('sandbox', 'fault', ...fault);
  const failed = await night.job('release', '--pr', number, '--wave', '3', 'acme-production');
  expect([failed.exit, failed.stderr]).toEqual([
    'partialApply',
    expect.stringContaining(`sluice rollback --change ${id}`),
  ]);

  const left = ['rollback', '--change', id, '--reason', 'R0006 failed'];
  const shown = await night.job(...left, '--dry-run', '--format', 'json');
  const plan = JSON.parse(shown.stdout) as { readonly stacks: readonly string[] };
  expect(plan).toMatchObject({
    stacks: ['corvid-production', 'borough-production'],
    failed: true,
    byItself: true,
  });
  for (const stack of plan.stacks) {
    expect((await night.job(...left, stack)).exit).toBe('ok');
    // A second runner of the same job finds nothing left to do.
    expect((await night.job(...left, stack)).stdout).toContain('Nothing is left');
  }
  const live = await night.job('sandbox', 'show', '--format', 'json');
  expect(live.stdout).not.toContain('192.0.2.20');
  const again = await night.job('release', '--pr', number, '--wave', '3', 'acme-production');
  expect([again.exit, again.stderr]).toEqual([
    'denied',
    expect.stringContaining('its approvals are used up'),
  ]);
});
