/** Which of the tracker's issues a decision knows: those that are named, that name a cause, and the open ones of priority 1. */
import { expect, it } from 'vitest';
import type { Issue } from '../../scripts/contract/ports.ts';
import { readIncidents } from '../../scripts/facts/incidents.ts';
import { incidentText } from '../../scripts/read/incident/form.ts';
import { aRoster } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';

type Level = 'high' | 'medium' | 'low';

function issue(
  number: number,
  parts: {
    readonly urgency?: Level;
    readonly isOpen?: boolean;
    readonly by?: number;
    readonly causedBy?: string;
  } = {},
): Issue {
  const { urgency = 'high', isOpen = true, by = 1008, causedBy = null } = parts;
  const body = incidentText({ services: ['storefront'], impact: 'high', urgency, causedBy });
  const opened = { accountId: by, login: 'k-dunne', at: '2026-11-23T06:00:00Z' };
  return { number, isOpen, title: 'Incident', body, opened, edited: null, reopened: null };
}

async function known(issues: readonly Issue[], named: readonly string[] = []): Promise<readonly string[]> {
  const services = {
    reporter: { step: async (_name: string, work: () => Promise<unknown>) => work() },
    tracker: async () => ({ issues: async () => issues, open: async () => 0 }),
  } as unknown as Parameters<typeof readIncidents>[0];
  const records = [aRecord({ links: { incidents: named } })];
  const found = await readIncidents(services, { roster: aRoster(), records });
  return found.map(({ id }) => id);
}

it('is an open P1, though nobody names it', async () => {
  expect(await known([issue(1), issue(2, { urgency: 'low' }), issue(3, { isOpen: false })])).toEqual([
    'INC-1',
  ]);
});

it('is none that somebody outside the roster opened: it would hold up everybody', async () => {
  expect(await known([issue(1, { by: 4711 })])).toEqual([]);
});

it('is one that a record names, or that names its cause, whatever its priority and though it is over', async () => {
  const all = [
    issue(1, { urgency: 'low' }),
    issue(2, { urgency: 'low', isOpen: false, causedBy: 'CHG-2026-0017' }),
    issue(3, { urgency: 'low' }),
  ];
  expect(await known(all, ['INC-1'])).toEqual(['INC-1', 'INC-2']);
});
