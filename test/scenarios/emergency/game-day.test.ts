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
  readonly kind: 'approval' | 'click' | 'command';
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
  night = await startNight(program);
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

const settled = [
  'waf-log-first',
  'waf-must-pass-known',
  'waf-traffic-sample',
  'record-security-impact',
  'lead-time',
  'client-notice',
];

/** The record with everything that it owes: what gave way, and the form of a normal change of its risk. */
const madeUpFor = (record: string): string =>
  `${record.trimEnd()}
  owed:
${settled.map((item) => `    - { item: ${item}, settled: "Looked at by the security team on the morning after." }`).join('\n')}
impact: { level: 2, users: who signs in from AS64496, expectedOutage: PT0S }
securityImpact: { assessed: true, summary: a network is kept away from the sign-in }
acceptanceCriteria: [{ statement: no sign-in fails for anybody else }]
benefit: The sign-in answers again for everybody else.
consequenceIfNot: Nobody can sign in while the attack goes on.
likelihood: { level: 2 }
riskAnswers: { doneBefore: once, tested: partly, rollbackEase: easy, rollbackInWindow: certain, customerVisible: some, teamsInvolved: one, documented: runbook, peakTraffic: outside }
plan: { steps: [{ n: 1, action: Block the network, actor: r.okafor, expected: The sign-in answers, durationMin: 5 }] }
test:
  pre: [{ what: the requests of the attack, how: read by m.lind in the log, automated: false }]
  post: [{ what: sign-in answers, how: 'curl https://www.borough-services.example/login', automated: true }]
rollback: { strategy: revert, steps: [sluice rollback borough-production], triggers: [sign-ins fall by a tenth], maxDurationMin: 10, decider: r.okafor }
monitoring: { watch: [sign-ins a minute], observeMin: 30 }
`;

it('goes from the incident to live with one command and one approval, and is closed only with what it owes', async () => {
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

  const shown = await night.job('show', id);
  expect(settled.filter((item) => !shown.stdout.includes(item))).toEqual([]);
  night.git('switch', '--quiet', '--create', `close-${id}`);
  expect(await typed('s-haddad', 'close', id, '--by', 's.haddad')).toMatchObject({ exit: 'ok' });
  night.git('commit', '--quiet', '--all', '--message', `Close ${id}`);
  const closing = await typed('r-okafor', 'raise');
  expect([closing.exit, closing.stdout]).toEqual(['ok', expect.any(String)]);
  await night.gated(number + 1);
  await night.approved('s-haddad', number + 1);
  const owing = await night.gated(number + 1);
  expect([owing.exit, owing.stdout]).toEqual(['denied', expect.stringContaining('owes `waf-log-first`')]);

  night.git('switch', '--quiet', '--create', `settle-${id}`);
  night.write(`changes/borough/${id}.yaml`, madeUpFor(night.read(`changes/borough/${id}.yaml`)));
  night.git('commit', '--quiet', '--all', '--message', `Close ${id} with what it owes`);
  const again = await typed('r-okafor', 'raise');
  expect([again.exit, again.stderr]).toEqual(['ok', expect.any(String)]);
  await night.gated(number + 2);
  await approved('s-haddad', number + 2);
  const alone = await night.gated(number + 2);
  expect([alone.exit, alone.stdout]).toEqual(['denied', expect.stringContaining('1 x engineer')]);
  expect(alone.stdout).not.toContain('owes `');
  await approved('m-lind', number + 2);
  const ended = await night.gated(number + 2);
  expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('ALLOW')]);
  await merged('s-haddad', number + 2);
  expect((await night.job('status')).stdout).not.toContain('Emergencies that owe something');

  expect((await night.job('status')).stdout).not.toContain('Emergency moves that are over');
  night.later(8 * 86_400_000);
  expect((await night.job('status')).stdout).toMatch(
    /Emergency moves that are over \(1\)\n.*expires .*, INC-1, 1 day/u,
  );
  expect([count('command'), count('approval'), count('click')]).toEqual([4, 3, 3]);
  process.stdout.write(
    `game day: live after ${seconds.toFixed(1)} s of machine time\n${steps
      .map(({ kind, what }) => `  ${kind.padEnd(9)} ${what}`)
      .join('\n')}\n`,
  );
});
