/**
 * One change of two clients on the local GitHub: each approves for itself, each is released in its own window, the less critical
 * first, and when the second one fails the first is taken back as well. Real Terraform, real git.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { Decision } from '../../../policies/model/decision.ts';
import { startNight, type Night } from '../emergency/night.ts';

const hour = 3_600_000;
const program = (
  name: string,
  domain: string,
): string => `import { DnsRecords, Zone, type EstateStack } from '../../constructs/library.ts';

export function ${name}(stack: EstateStack): void {
  const zone = new Zone(stack, { key: 'site', domain: '${domain}' });
  new DnsRecords(zone, [{ id: 'www_a', type: 'A', name: 'www', content: '192.0.2.10', proxied: true }]);
}
`;
const estate = `import { declareAcmeProduction } from './clients/acme/production.ts';
import { declareBoroughProduction } from './clients/borough/production.ts';

export const estate = [
  { name: 'acme-production', client: 'acme', environment: 'production' as const, accountId: 'a1c0ffee5e7a11d0b5e55ed0ddba1100', declare: declareAcmeProduction },
  { name: 'borough-production', client: 'borough', environment: 'production' as const, accountId: 'b0201194c0a7c1150f7e5fa1ce5e7700', declare: declareBoroughProduction },
];
`;

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
const iso = (at: number): string => new Date(at).toISOString();
const began = Date.now();

let night: Night;
beforeAll(async () => {
  night = await startNight(program('declareBoroughProduction', 'borough.example'), {
    cases: false,
    estate: ({ read, write }) => {
      write('stacks/clients/acme/production.ts', program('declareAcmeProduction', 'shop.example'));
      write('stacks/estate.ts', estate);
      // Borough is open now, for three hours; Acme opens when Borough has closed.
      for (const [client, from, tier] of [
        ['borough', -1, 3],
        ['acme', 3, 1],
      ] as const) {
        const path = `stacks/clients/${client}/service.yaml`;
        const document = parseDocument(read(path));
        const [start, end] = [clock(began + from * hour), clock(began + (from + 4) * hour)];
        document.setIn(['spec', 'windows'], [{ id: `${client}-today`, days, start, end, timezone: 'UTC' }]);
        document.setIn(['spec', 'tier'], tier);
        document.setIn(['spec', 'freezes'], []);
        document.setIn(['spec', 'clientApprovalRequired'], true);
        write(path, document.toString());
      }
    },
  });
  await night.job('baseline', '--reason', 'first release');
});
afterAll(() => night.close());

const id = 'CHG-2026-0101';
const stacks = ['acme-production', 'borough-production'];
const record = (clients: string): string => `# yaml-language-server: $schema=../record.schema.json
apiVersion: sluice/v1
kind: Change
id: ${id}
title: Move the web servers of all clients
client: platform
${clients}
service: account
type: normal
reason: >-
  The provider moves all web servers to another network, and the old one is switched off at the end of the month.
benefit: The sites go on to answer.
consequenceIfNot: The sites are gone at the end of the month.
requester: r.okafor
implementer: r.okafor
backupImplementer: m.lind
owner: b.osei
impact: { level: 4, users: visitors of both sites, expectedOutage: PT0S }
likelihood: { level: 1 }
riskAnswers: { doneBefore: often, tested: fully, rollbackEase: easy, rollbackInWindow: certain, customerVisible: none, teamsInvolved: one, documented: runbook, peakTraffic: outside }
securityImpact: { assessed: true, summary: No control changes., reviewer: t.berg }
continuityImpact: none
capacityImpact: none
availabilityImpact: none
slaImpact: none
plan:
  steps:
${stacks.map((stack, index) => `    - { n: ${String(index + 1)}, action: Release ${stack}, stack: ${stack}, actor: r.okafor, expected: The site answers, durationMin: 10 }`).join('\n')}
test:
  pre: [{ what: The new servers answer, how: By hand, automated: false }]
  post: [{ what: The sites answer, how: By hand, automated: false }]
acceptanceCriteria: [{ statement: The sites answer from the new network }]
rollback: { strategy: revert, steps: [sluice rollback], maxDurationMin: 10, triggers: [a site does not answer], decider: r.okafor }
schedule: { plannedStart: "${iso(began - hour)}", plannedEnd: "${iso(began + 24 * hour)}" }
monitoring: { watch: [origin errors], observeMin: 30 }
communications: [{ audience: clients, channel: e-mail, when: a day before }]
`;

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
  night.write(`changes/platform/${id}.yaml`, record('clients: [acme, platform]'));
  const refused = await night.job('check');
  expect(refused.stdout).toContain('borough-production belongs to borough');
  night.write(`changes/platform/${id}.yaml`, record('clients: [acme, borough]'));
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
