/**
 * A game day: the sign-in of a client is attacked at three in the morning. The whole way on the local GitHub, with the
 * constructs of the product and real Terraform, from the incident to the day on which the move is over. What people do is
 * counted and printed; the seconds are printed only.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ended } from '../small-estate.ts';
import { startNight, type Night } from './night.ts';

/** What people did, in their order. */
interface Step {
  readonly kind: 'approval' | 'click' | 'command' | 'comment';
  readonly what: string;
}

let night: Night;
const steps: Step[] = [];
const did = (kind: Step['kind'], what: string): number => steps.push({ kind, what });
const count = (kind: Step['kind']): number => steps.filter((step) => step.kind === kind).length;

async function typed(login: string, ...args: readonly string[]): Promise<Ended> {
  did('command', `sluice ${args.join(' ')}`);
  return night.sluice(login, args);
}

const program = `/** Borough Council, production. */
import { DnsRecords, Zone, type EstateStack } from '../../constructs/library.ts';

export function declareBoroughProduction(stack: EstateStack): void {
  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new DnsRecords(services, [{ id: 'www_a', type: 'A', name: 'www', content: '192.0.2.10', proxied: true }]);
}
`;

beforeAll(async () => {
  night = await startNight(program, { cases: false });
});
afterAll(() => night.close());

async function approved(login: string, number: number): Promise<void> {
  did('approval', `${login} approves pull request ${String(number)}`);
  await night.approved(login, number);
}

async function merged(login: string, number: number): Promise<void> {
  did('click', `${login} merges pull request ${String(number)}`);
  await night.merged(login, number);
}

const hour = 3_600_000;

/** What only people know of an emergency; everything else that it owes is known. */
const settled = [
  'waf-log-first=The rule stopped 41,200 requests of the attack and nothing else.',
  'waf-traffic-sample=A replay of the day before shows no request of a resident.',
  'reviewer=t.berg',
  'client-notice=Helen Frost was called at 03:20 by Kit Dunne.',
  'users=who signs in from AS64496',
  'security=A network is kept away from the sign-in.',
  'benefit=The sign-in answers again for everybody else.',
  'watched=sign-ins a minute',
];

it('goes from the incident to live with one command and one approval, is ratified, closed with what it owes, and taken out', async () => {
  const baseline = await night.job('baseline', '--reason', 'first release');
  expect([baseline.exit, baseline.stderr]).toEqual(['ok', expect.any(String)]);
  const began = performance.now();
  did('click', 'k-dunne fills in the incident form');
  const incident = await night.incident();
  const raised = await typed(
    'r-okafor',
    'emergency',
    'block ASN 64496 on /login',
    '--incident',
    String(incident),
  );
  expect([raised.exit, raised.stderr, raised.stdout]).toEqual([
    'ok',
    expect.any(String),
    expect.stringContaining('Priya Iyer'),
  ]);
  const id = night.git('branch', '--show-current');
  const number = incident + 1;
  expect((await night.gated(number)).exit).toBe('denied');
  await approved('p-iyer', number);
  const allowed = await night.gated(number);
  expect([allowed.exit, allowed.stdout]).toEqual(['ok', expect.stringContaining('emergency')]);
  await merged('p-iyer', number);
  const live = await night.job('release', '--pr', String(number));
  expect([live.exit, live.stdout]).toEqual(['ok', expect.stringContaining(id)]);
  const seconds = (performance.now() - began) / 1000;
  expect([count('command'), count('approval')]).toEqual([1, 1]);

  for (const login of ['s-haddad', 'j-novak', 'm-lind']) {
    did('comment', `${login} ratifies`);
    await night.said(login, number, '/sluice ratify');
  }
  night.git('switch', '--quiet', '--create', `close-${id}`);
  const asked = await night.sluice('k-dunne', ['close', id, '--by', 'k.dunne']);
  const names = [...asked.stderr.matchAll(/--settled '?([\w-]+)=/gu)].map(([, name]) => name);
  expect([asked.exit, new Set(names)]).toEqual(['usage', new Set(settled.map((each) => each.split('=')[0]))]);
  const answers = settled.flatMap((each) => ['--settled', each]);
  expect(await typed('k-dunne', 'close', id, '--by', 'k.dunne', ...answers)).toMatchObject({ exit: 'ok' });
  night.git('commit', '--quiet', '--all', '--message', `Close ${id}`);
  const closing = await typed('r-okafor', 'raise');
  expect([closing.exit, closing.stderr]).toEqual(['ok', expect.any(String)]);
  await night.gated(number + 1);
  await approved('k-dunne', number + 1);
  const ended = await night.gated(number + 1);
  expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('ALLOW')]);
  await merged('s-haddad', number + 1);
  expect((await night.job('status')).stdout).not.toContain('Emergencies that owe something');

  const people = ['--by', 'r.okafor', '--backup', 'k.dunne', '--reviewer', 't.berg'];
  const early = await night.sluice('r-okafor', ['lift', id, ...people]);
  expect([early.exit, early.stderr]).toEqual([
    'usage',
    expect.stringContaining(`gh issue close ${String(incident)}`),
  ]);
  did('click', 'k-dunne closes the incident');
  await night.resolved('k-dunne', incident);
  const lifted = await typed('r-okafor', 'lift', id, ...people);
  expect([lifted.exit, lifted.stdout]).toEqual(['ok', expect.stringContaining('Block AS64496 on /login')]);
  const out = night.git('branch', '--show-current');
  await night.gated(number + 2);
  for (const login of ['s-haddad', 'm-lind', 'h-frost']) {
    await approved(login, number + 2);
  }
  const taken = await night.gated(number + 2);
  expect([taken.exit, taken.stdout]).toEqual(['ok', expect.stringContaining('risk medium')]);
  await merged('s-haddad', number + 2);
  const [, start = ''] = /plannedStart: (\S+)/u.exec(night.read(`changes/borough/${out}.yaml`)) ?? [];
  night.later(Date.parse(start) - Date.now() + hour / 12);
  const gone = await night.job('release', '--pr', String(number + 2));
  expect([gone.exit, gone.stdout]).toEqual(['ok', expect.stringContaining('1 change(s)')]);
  night.later(8 * 24 * hour);
  const after = (await night.job('status')).stdout;
  expect(after).not.toContain('Emergency moves that are over');
  expect(after).not.toContain('Emergencies that owe something');
  expect([count('command'), count('approval'), count('comment'), count('click')]).toEqual([4, 5, 3, 5]);
  process.stdout.write(
    `game day: live after ${seconds.toFixed(1)} s of machine time\n${steps
      .map(({ kind, what }) => `  ${kind.padEnd(9)} ${what}`)
      .join('\n')}\n`,
  );
});
