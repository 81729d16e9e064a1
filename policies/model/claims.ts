/**
 * What the author of a change record writes, field by field, and what stands behind it. A record is written by whom it is
 * about: where believing a field gains something, somebody or something else confirms it. Every field of the schema is
 * here, and every field that a decision reads; a test holds both, and the table in `changes/README.md` is this one.
 */

export interface Claim {
  /** Top-level field of the record. */
  readonly field: string;
  /** `text`: for people, no check reads what it says. `claim`: checks read it. */
  readonly kind: 'claim' | 'text';
  /** What an author could gain if it were believed; empty for nothing. */
  readonly gain: string;
  /** Who or what stops that. */
  readonly confirmedBy: string;
}

function text(field: string): Claim {
  return {
    field,
    kind: 'text',
    gain: '',
    confirmedBy: 'Approvers read it; placeholders and missing texts are refused',
  };
}

function claim(field: string, gain: string, confirmedBy: string): Claim {
  return { field, kind: 'claim', gain, confirmedBy };
}

/** In the order of the schema. */
export const claims: readonly Claim[] = [
  claim('apiVersion', '', 'The schema allows one value'),
  claim('kind', 'No rollback, tests and window', 'The plan: an administrative record releases nothing'),
  claim('id', "Another change's history", 'Ids are never used again; the path has to agree; the ledger'),
  text('title'),
  claim('client', 'Other approvers, windows and freezes', 'The registers: whose stacks and places change'),
  claim('service', 'An incident of another service', 'The register, and the zones that the plan changes'),
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
    'standardChange',
    'No approvals',
    'The catalogue entry, proven from the plan, and its failures in the ledger',
  ),
  claim('category', 'A way past a freeze, another entry', 'The plan: freezes count what changes as well'),
  text('reason'),
  text('benefit'),
  text('consequenceIfNot'),
  text('costImpact'),
  claim('requester', '', 'It only disqualifies; who opened, pushed and committed is known to the server'),
  claim('implementer', '', 'It only disqualifies; it must be on the roster'),
  claim('backupImplementer', '', 'It only disqualifies for waivers; it must be on the roster'),
  claim('owner', '', 'It only disqualifies; it must be on the roster'),
  claim('stacks', 'A stack that nobody agreed to', 'The plan: exactly the stacks that change'),
  text('configurationItems'),
  text('links'),
  claim(
    'dependsOn',
    'A way past an overdue emergency',
    'It is a change of the client on the default branch; the plan changes only what the emergency changed, or the change manager approves',
  ),
  text('conflictsWith'),
  claim(
    'retryOf',
    'A way past an overdue emergency',
    'It is a change of the client on the default branch; the plan changes only what the emergency changed, or the change manager approves',
  ),
  claim(
    'impact',
    'A lower level of the matrix',
    'The plan: its floors give the least row; approvers read it',
  ),
  claim(
    'likelihood',
    'A lower level of the matrix',
    'Floors, and raises by the track record; left out it is near certain',
  ),
  text('riskAnswers'),
  claim('risk', '', 'It only raises'),
  claim(
    'securityImpact',
    'No second pair of eyes',
    'The roster: a holder of the security seat who took no part; wherever the plan weakens a control, their approval',
  ),
  text('continuityImpact'),
  text('capacityImpact'),
  text('availabilityImpact'),
  text('slaImpact'),
  text('dataProtectionImpact'),
  claim(
    'plan',
    'A change that does not fit its window',
    'The clock: what runs longer than declared is stopped',
  ),
  claim(
    'test',
    'A release that nothing looks at',
    'Approvers read it; a plan without changes verifies every release',
  ),
  claim('acceptanceCriteria', '', 'At least one; approvers read it'),
  claim(
    'rollback',
    'A change without a way back',
    'The rehearsal, and the time that it took; `not-possible` raises the risk',
  ),
  claim('schedule', 'A time that was not agreed', 'The windows of the register, the calendar, the clock'),
  claim('rollout', '', 'A warning without it'),
  claim('monitoring', '', 'A warning without it'),
  claim('communications', '', 'A finding where an outage is expected'),
  claim(
    'traffic',
    'A sample that proves what is wanted',
    'Its digest, its size, its agreement with what Cloudflare recorded',
  ),
  claim('clientApproval', '', 'The register asks; the author can only ask for more'),
  claim(
    'emergency',
    'Fewer approvals, no window',
    'The incident list of the base branch; only named things are relaxed; who declared it opened the pull request or approves it, and fills no seat',
  ),
  claim('waivers', 'A finding that stops nothing', 'The approval of whom the waiver names, who took no part'),
  claim(
    'outcome',
    'The end of an emergency, a better history',
    'The ledger and the incident list; the approval of who closed an emergency',
  ),
];
