/** An estate of several clients with one stack each, and the record of a change that concerns all of them. */
import { parseDocument } from 'yaml';
import { startNight, type Night } from '../emergency/night.ts';

export const hour = 3_600_000;
export const id = 'CHG-2026-0101';

/** How critical a client is, and from when on its window is open for four hours, in hours from now. */
export interface ClientOfMany {
  readonly name: string;
  readonly domain: string;
  readonly account: string;
  readonly tier: number;
  readonly from: number;
}

const program = (
  name: string,
  domain: string,
): string => `import { DnsRecords, Zone, type EstateStack } from '../../constructs/library.ts';

export function ${name}(stack: EstateStack): void {
  const zone = new Zone(stack, { key: 'site', domain: '${domain}' });
  new DnsRecords(zone, [{ id: 'www_a', type: 'A', name: 'www', content: '192.0.2.10', proxied: true }]);
}
`;
const functionOf = ({ name }: ClientOfMany): string =>
  `declare${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Production`;
const estateOf = (clients: readonly ClientOfMany[]): string => `${clients
  .map((client) => `import { ${functionOf(client)} } from './clients/${client.name}/production.ts';\n`)
  .join('')}
export const estate = [
${clients
  .map(
    (client) =>
      `  { name: '${client.name}-production', client: '${client.name}', environment: 'production' as const, accountId: '${client.account}', declare: ${functionOf(client)} },\n`,
  )
  .join('')}];
`;

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
const iso = (at: number): string => new Date(at).toISOString();

/** With its baseline. A client that the reference estate does not have gets the register of Borough in its own name;
 * k.dunne approves for it. */
export async function nightOfMany(clients: readonly ClientOfMany[], began: number): Promise<Night> {
  const [first] = clients;
  const night = await startNight(program('declareBoroughProduction', 'borough.example'), {
    cases: false,
    estate: ({ read, write }) => {
      for (const client of clients) {
        const path = `stacks/clients/${client.name}/service.yaml`;
        if (!['acme', 'borough'].includes(client.name)) {
          write(path, asOther(read('stacks/clients/borough/service.yaml'), client));
          const before = '  - id: c.ortiz\n';
          const seat = `      - { seat: client-approver, client: ${client.name}, from: "2025-03-03" }\n`;
          write('policies/roster.yaml', read('policies/roster.yaml').replace(before, `${seat}${before}`));
        }
        const document = parseDocument(read(path));
        const [start, end] = [clock(began + client.from * hour), clock(began + (client.from + 4) * hour)];
        const window = { id: `${client.name}-today`, days, start, end, timezone: 'UTC' };
        document.setIn(['spec', 'windows'], [window]);
        document.setIn(['spec', 'tier'], client.tier);
        document.setIn(['spec', 'freezes'], []);
        document.setIn(['spec', 'clientApprovalRequired'], true);
        write(path, document.toString());
        write(`stacks/clients/${client.name}/production.ts`, program(functionOf(client), client.domain));
      }
      write('stacks/estate.ts', estateOf(clients));
    },
  });
  const ended = await night.job('baseline', '--reason', `first release, ${first?.name ?? ''} and others`);
  if (ended.exit !== 'ok') {
    throw new Error(ended.stderr);
  }
  return night;
}

function asOther(register: string, { name, account, domain }: ClientOfMany): string {
  return register
    .replaceAll('b0201194c0a7c1150f7e5fa1ce5e7700', account)
    .replaceAll('borough.example', domain)
    .replaceAll('borough', name)
    .replaceAll('citizen-services', `${name}-citizen-services`)
    .replaceAll('public-site', `${name}-public-site`);
}

/** `clients`: the line of the record that names them. */
export function recordOfMany(clients: string, stacks: readonly string[], began: number): string {
  return `# yaml-language-server: $schema=../record.schema.json
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
}
