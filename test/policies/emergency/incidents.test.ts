/** Which issue counts as an incident, and of which priority it is. */
import { describe, expect, it } from 'vitest';
import { incidentOf } from '../../../policies/emergency/incidents.ts';
import type { IncidentForm, IncidentReport } from '../../../policies/model/incident.ts';
import { aPolicySet } from '../../builders/policy.ts';

const { roster } = aPolicySet();
const [first] = roster.people;
const member = { accountId: first?.accounts[0] ?? 0, login: 'a-member', at: '2026-11-23T09:00:00Z' };
const stranger = { accountId: 999_999, login: 'a-stranger', at: '2026-11-23T09:05:00Z' };
const form: IncidentForm = { services: ['storefront'], impact: 'high', urgency: 'high', causedBy: null };

const judged = (parts: Partial<IncidentReport> = {}, answers: Partial<IncidentForm> = {}) =>
  incidentOf(
    {
      number: 41,
      isOpen: true,
      opened: member,
      edited: null,
      reopened: null,
      answers: { form: { ...form, ...answers } },
      ...parts,
    },
    roster,
  );

describe('an issue of somebody on the roster', () => {
  it('is an incident, with whose words it has', () => {
    expect(judged({ edited: member })).toEqual({
      id: 'INC-41',
      priority: 'P1',
      state: 'open',
      services: ['storefront'],
      openedBy: 'a-member',
      editedBy: 'a-member',
    });
    expect(judged({ isOpen: false }, { causedBy: 'CHG-2026-0042' })).toMatchObject({
      state: 'resolved',
      causedBy: 'CHG-2026-0042',
    });
  });

  it.each([
    ['high', 'high', 'P1'],
    ['high', 'medium', 'P2'],
    ['medium', 'high', 'P2'],
    ['high', 'low', 'P3'],
    ['medium', 'medium', 'P3'],
    ['low', 'high', 'P3'],
    ['medium', 'low', 'P4'],
    ['low', 'medium', 'P4'],
    ['low', 'low', 'P4'],
  ] as const)('of impact %s and urgency %s is a %s', (impact, urgency, priority) => {
    expect(judged({}, { impact, urgency })).toMatchObject({ priority });
  });
});

it.each<[string, Partial<IncidentReport>]>([
  ['was opened by a-stranger', { opened: stranger }],
  ['was opened by ghost', { opened: { accountId: null, login: 'ghost', at: member.at } }],
  ['was opened by a-member', { opened: { ...member, at: '1999-01-01T00:00:00Z' } }],
  ['was edited by a-stranger', { edited: stranger }],
  ['was reopened by a-stranger', { reopened: stranger }],
  ['form does not read: "Impact" is answered twice', { answers: { problem: '"Impact" is answered twice' } }],
])('counts for nothing where it %s', (reason, parts) => {
  const incident = judged(parts);
  expect(incident).toMatchObject({ id: 'INC-41', state: 'doubtful' });
  expect('reason' in incident && incident.reason).toContain(reason);
});
