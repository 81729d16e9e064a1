/** Which change caused an incident: the service desk says, and an author can only admit more. */
import { expect, it } from 'vitest';
import type { KnownIncident } from '../../policies/model/incident.ts';
import { causedIncidents } from '../../scripts/facts/records.ts';
import { aRecord } from '../builders/record.ts';

const incident = (id: string, parts: Partial<KnownIncident> = {}): KnownIncident => ({
  id,
  priority: 'P2',
  state: 'resolved',
  services: ['storefront'],
  openedBy: 'k-dunne',
  editedBy: null,
  ...parts,
});
const closed = (incidentsCaused?: readonly string[]) =>
  aRecord({
    outcome: {
      result: 'successful',
      closedBy: 's.haddad',
      closedAt: '2026-12-08T09:00:00Z',
      registerUpdated: true,
      ...(incidentsCaused === undefined ? {} : { incidentsCaused }),
    },
  });
const found = [incident('INC-2026-0001', { causedBy: 'CHG-2026-0042' }), incident('INC-2026-0002')];

it('is what the service desk found, though the record admits nothing or is not there', () => {
  const expected = new Map([['CHG-2026-0042', [{ id: 'INC-2026-0001', priority: 'P2' }]]]);
  expect(causedIncidents([closed()], found)).toEqual(expected);
  expect(causedIncidents([closed([])], found)).toEqual(expected);
  expect(causedIncidents([aRecord()], found)).toEqual(expected);
  expect(causedIncidents([], found)).toEqual(expected);
});

it('is what the record admits as well, once each, and the worst for what nobody knows', () => {
  expect(causedIncidents([closed(['INC-2026-0002', 'INC-2026-0001', 'INC-2026-0009'])], found)).toEqual(
    new Map([
      [
        'CHG-2026-0042',
        [
          { id: 'INC-2026-0001', priority: 'P2' },
          { id: 'INC-2026-0002', priority: 'P2' },
          { id: 'INC-2026-0009', priority: 'P1' },
        ],
      ],
    ]),
  );
});

it('is nothing where nobody says so', () => {
  expect(causedIncidents([closed([])], [incident('INC-2026-0002')])).toEqual(new Map());
});
