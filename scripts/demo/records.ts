/** The two change records of the demo, as an engineer would write them. */
export interface DemoChange {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
  readonly expected: string;
  readonly users: string;
  /** YAML list items of probes. */
  readonly probes: readonly string[];
}

export const goodChange: DemoChange = {
  id: 'CHG-2026-0101',
  title: 'Block version 1 of the checkout API',
  reason:
    'The last caller of version 1 moved to version 2 on Friday. The rule has been in log mode and matches card testing only, so it can block now.',
  expected: 'One rule changes its action from log to block',
  users: 'nobody, version 1 has no callers left',
  probes: [
    'name: version 1 is closed\n      url: https://api.shop.example/v1/checkout/basket\n      expectStatus: 403\n      expectBefore: fails',
    'name: version 2 answers\n      url: https://api.shop.example/v2/checkout/basket\n      expectStatus: 200',
    'name: the shop answers\n      url: https://www.shop.example/\n      expectStatus: 200',
  ],
};

export const badChange: DemoChange = {
  id: 'CHG-2026-0102',
  title: 'Close old versions of the API for good',
  reason:
    'Scanners try the checkout of other retired versions as well. The rule looks for the checkout below any version, so that one comparison covers all of them.',
  expected: 'One rule matches the checkout of any retired version',
  users: 'nobody, retired versions have no callers left',
  probes: goodChange.probes,
};

/** RFC 3339. */
export interface DemoSchedule {
  readonly start: string;
  readonly end: string;
}

/** The record file. */
export function recordText(change: DemoChange, schedule: DemoSchedule): string {
  return `${intent(change)}${work(change)}${wayBack(schedule)}`;
}

function intent(change: DemoChange): string {
  return `# yaml-language-server: $schema=../record.schema.json
apiVersion: sluice/v1
kind: Change
id: ${change.id}
title: ${change.title}
client: acme
service: storefront
type: normal
model: waf-rule
category: waf
reason: >-
  ${change.reason}
benefit: One way less into the checkout.
consequenceIfNot: Card testing goes on through the retired paths.
requester: r.okafor
implementer: r.okafor
backupImplementer: m.lind
owner: a.marsh
stacks: [acme-production]
impact:
  level: 2
  users: ${change.users}
  expectedOutage: PT0S
likelihood:
  level: 1
riskAnswers:
  doneBefore: often
  tested: fully
  rollbackEase: easy
  rollbackInWindow: certain
  customerVisible: none
  teamsInvolved: one
  documented: runbook
  peakTraffic: outside
risk:
  declared: low
securityImpact:
  assessed: true
  summary: Closes a retired way into the checkout and opens nothing.
  reviewer: t.berg
continuityImpact: none
capacityImpact: none
availabilityImpact: none
slaImpact: none
`;
}

function work(change: DemoChange): string {
  const probes = change.probes.map((probe) => `    - ${probe}`).join('\n');
  return `plan:
  steps:
    - n: 1
      action: Release acme-production
      actor: r.okafor
      expected: ${change.expected}
      durationMin: 10
test:
  pre:
    - what: What the rule matched in log mode
      how: Firewall events of the last seven days
      automated: false
  post:
    - what: The probes below
      how: Run by the release
      automated: true
  probes:
${probes}
acceptanceCriteria:
  - statement: Version 1 answers 403 and version 2 answers 200
`;
}

function wayBack(schedule: DemoSchedule): string {
  return `rollback:
  strategy: revert
  steps: [sluice rollback acme-production]
  maxDurationMin: 10
  triggers: [a probe of this record fails]
  decider: r.okafor
schedule:
  plannedStart: ${schedule.start}
  plannedEnd: ${schedule.end}
  window: acme-weeknight
monitoring:
  watch: [waf-blocks]
  observeMin: 30
communications:
  - audience: shop operations
    channel: change calendar
    when: one working day before
`;
}
