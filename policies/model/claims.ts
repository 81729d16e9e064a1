/**
 * What the author of a change record writes, field by field, and what stands behind it. A record is written by whom it is
 * about: where believing a field gains something, somebody or something else confirms it. Every field of the schema that
 * holds a value is here, and every field that anything but the pages for people reads is here as a claim. A test holds
 * both, with the readers of each field taken from the sources, and the table in `changes/README.md` is this one.
 */

export interface Claim {
  /** Paths in the record that stand and fall together, as `plan.steps[].durationMin`. */
  readonly fields: readonly string[];
  /** `text`: for people, nothing that decides or acts reads it. `claim`: something does. */
  readonly kind: 'claim' | 'text';
  /** What an author could gain if it were believed; empty for nothing. */
  readonly gain: string;
  /** Who or what stops that. */
  readonly confirmedBy: string;
}

function text(...fields: readonly string[]): Claim {
  const confirmedBy = 'Approvers read it; placeholders and missing texts are refused';
  return { fields, kind: 'text', gain: '', confirmedBy };
}

function claim(fields: string | readonly string[], gain: string, confirmedBy: string): Claim {
  return { fields: typeof fields === 'string' ? [fields] : fields, kind: 'claim', gain, confirmedBy };
}

/** In the order of the schema, but for fields that stand together. */
export const claims: readonly Claim[] = [
  text('apiVersion'),
  claim('kind', 'No rollback, tests and window', 'The plan: an administrative record releases nothing'),
  claim('id', "Another change's history", 'Ids are never used again; the path has to agree; the ledger'),
  claim('title', '', 'It is said beside the decision; approvers read it'),
  claim('client', 'Other approvers, windows and freezes', 'The registers: whose stacks and places change'),
  claim(
    'clients',
    'A change of one client that another one agrees to',
    'The registers: exactly those whose stacks and places change; each has its own window, freezes and approval',
  ),
  claim('service', 'An incident of another service', 'The register, and every place that the plan acts on'),
  claim(
    'type',
    'Fewer approvals, no window',
    'Standard: the catalogue, proven from the plan. Emergency: the incident, the ECAB, ratification',
  ),
  claim(
    'model',
    '',
    'Track records go by what the plan and the plans in the ledger change; of a standard change it is the entry',
  ),
  claim(
    ['standardChange.ref', 'standardChange.version'],
    'No approvals',
    'The catalogue entry, proven from the plan, and its failures in the ledger',
  ),
  claim('category', 'A way past a freeze, another entry', 'The plan: freezes count what changes as well'),
  text('reason', 'benefit', 'consequenceIfNot', 'costImpact.kind', 'costImpact.note'),
  claim('requester', '', 'It only disqualifies; who opened, pushed and committed is known to the server'),
  claim(
    'implementer',
    '',
    'It only disqualifies; it must be on the roster; alone, only from their own account',
  ),
  claim('backupImplementer', '', 'It only disqualifies for waivers; it must be on the roster'),
  claim('owner', '', 'It only disqualifies; it must be on the roster'),
  claim('stacks', 'A stack that nobody agreed to', 'The plan: exactly the stacks that change'),
  claim(
    'configurationItems',
    'Another change at the same time beside it',
    'Approvers read it; the other change is judged by what its own plan does',
  ),
  claim(
    'links.incidents',
    'A way past an open P1 of the service',
    'It is an issue that counts as an incident; approvers read whether the change is its fix',
  ),
  text('links.problems', 'links.knownErrors', 'links.requests', 'links.vulnerabilities'),
  claim(
    'dependsOn',
    'A way past an overdue emergency',
    'It is a change of the client or the platform on the default branch; the plan changes only what the emergency changed, or the change manager approves. Else it only holds back: the ledger says whether it is in force',
  ),
  claim(
    'conflictsWith',
    '',
    'It is on the default branch; nobody holds the two apart but the people who read it',
  ),
  claim(
    'retryOf',
    'A way past an overdue emergency',
    'It is a change of the client on the default branch; the plan changes only what the emergency changed, or the change manager approves',
  ),
  claim(
    'impact.level',
    'A lower level of the matrix',
    'The plan: its floors give the least row; approvers read it',
  ),
  text('impact.users'),
  claim(
    'impact.expectedOutage',
    'An outage that nobody is told of',
    'Approvers read it; what the plan takes away is a floor of the risk whatever it says',
  ),
  claim(
    'likelihood.level',
    'A lower level of the matrix',
    'Floors, and raises by the track record; left out it is near certain',
  ),
  text(
    'riskAnswers.doneBefore',
    'riskAnswers.tested',
    'riskAnswers.rollbackEase',
    'riskAnswers.rollbackInWindow',
    'riskAnswers.customerVisible',
    'riskAnswers.teamsInvolved',
    'riskAnswers.documented',
    'riskAnswers.peakTraffic',
  ),
  claim('risk.declared', '', 'It only raises'),
  claim(
    ['securityImpact.assessed', 'securityImpact.summary'],
    '',
    'It must be there; where the plan weakens a control, the approval of the security seat',
  ),
  claim(
    'securityImpact.reviewer',
    'No second pair of eyes',
    'The roster: a holder of the security seat who took no part; where the plan weakens a control, their approval',
  ),
  text('continuityImpact', 'capacityImpact', 'availabilityImpact', 'slaImpact', 'dataProtectionImpact'),
  claim('plan.steps[].n', '', 'They count up'),
  text('plan.steps[].action', 'plan.steps[].actor', 'plan.steps[].expected', 'plan.steps[].gate'),
  claim(
    'plan.steps[].stack',
    'A client whose part takes no time',
    'The clock: a client is released while its own window is open',
  ),
  claim(
    'plan.steps[].durationMin',
    'A change that does not fit its window',
    'The clock: what runs longer than declared is stopped',
  ),
  text('test.pre[].what', 'test.pre[].how', 'test.pre[].automated', 'test.pre[].evidenceUrl'),
  text('test.post[].what', 'test.post[].how', 'test.post[].automated', 'test.post[].evidenceUrl'),
  claim('test.probes[].name', '', 'Two have not the same one'),
  claim(
    [
      'type',
      'url',
      'method',
      'headers',
      'body',
      'expectStatus',
      'expectHeaders',
      'expectBodyContains',
      'expectBodyPattern',
      'maxLatencyMs',
      'host',
      'recordType',
      'expectValues',
      'resolver',
      'port',
      'serverName',
      'minDaysLeft',
      'minVersion',
      'tries.of',
      'tries.pass',
      'tries.everySec',
      'expectBefore',
      'stacks',
    ].map((field) => `test.probes[].${field}`),
    'A release that nothing looks at, or a question to a server inside',
    'Approvers read it; a plan without changes verifies every release; only public addresses and networks of the thresholds are asked',
  ),
  text('acceptanceCriteria[].statement', 'acceptanceCriteria[].metric'),
  claim(
    'rollback.strategy',
    'No rehearsal, no time kept for a rollback',
    '`not-possible` raises the risk and needs its reason; every other one is rehearsed',
  ),
  claim(
    'rollback.maxDurationMin',
    'A rollback that does not fit the window',
    'The rehearsal: the time that it took',
  ),
  claim(
    ['rollback.steps', 'rollback.triggers', 'rollback.decider', 'rollback.irreversibleReason'],
    '',
    'It must be there; approvers read it',
  ),
  claim(
    ['schedule.plannedStart', 'schedule.plannedEnd', 'schedule.window'],
    'A time that was not agreed',
    'The windows of the register, the calendar, the clock',
  ),
  claim(
    ['rollout.kind', 'rollout.stages'],
    'No warning where several zones of production change',
    'Approvers read it; a release goes wave by wave whatever it says',
  ),
  claim(
    ['rollout.waves', 'rollout.observeMin'],
    'Production before it was seen elsewhere',
    'The plan: each stack that changes, once; the registers: staging and the account before production; approvers read it',
  ),
  claim(['monitoring.watch', 'monitoring.observeMin'], '', 'A warning without it; approvers read it'),
  text('monitoring.alertsExpected', 'monitoring.silence'),
  text(
    'communications[].audience',
    'communications[].channel',
    'communications[].when',
    'communications[].template',
  ),
  claim(
    'traffic.sample',
    'A sample that proves what is wanted',
    'Its digest, its size, its agreement with what Cloudflare recorded',
  ),
  text('traffic.from', 'traffic.to', 'traffic.note'),
  claim('clientApproval.required', '', 'The register asks; the author can only ask for more'),
  text('clientApproval.method', 'clientApproval.evidence'),
  claim(
    'emergency.declaredBy',
    'An emergency that nobody declared',
    'They opened the pull request or approve it, and fill no seat',
  ),
  claim('emergency.declaredAt', '', 'It is not in the future; no clock starts with it'),
  claim(
    ['emergency.severity', 'emergency.incident'],
    'Fewer approvals, no window',
    'The issue: opened by somebody on the roster, open, of this priority, of the service',
  ),
  claim(
    'emergency.relaxations',
    'No lead time, no window, no soft freeze',
    'Only named things are relaxed, by an emergency only',
  ),
  claim(
    ['waivers[].rule', 'waivers[].subject', 'waivers[].reason', 'waivers[].approvedBy', 'waivers[].expires'],
    'A finding that stops nothing',
    'The approval of whom the waiver names, who took no part',
  ),
  claim('outcome.result', 'A better history', 'The ledger: how its releases ended'),
  claim('outcome.incidentsCaused', 'A better history', 'The incidents: every one that names it as its cause'),
  text('outcome.deviation', 'outcome.owed[].settled', 'outcome.registerUpdated'),
  claim(
    'outcome.owed[].item',
    'The end of an emergency that is made up for by words',
    'Approvers read it; who closes it took no part, and approves',
  ),
  claim('outcome.closedBy', 'The end of an emergency', 'Their approval; a closing seat, and no part in it'),
  claim(
    'outcome.closedAt',
    'The end of an emergency, by a seat that was held once',
    'After the release, not in the future; a seat that is over by now closes nothing',
  ),
];
