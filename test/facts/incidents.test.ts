/** Which issues are asked for, and what of them counts: never a label, and nothing that may count is left out. */
import { describe, expect, it } from 'vitest';
import type { Issue, Tracker } from '../../scripts/contract/ports.ts';
import { readIncidents, type WantedIncidents } from '../../scripts/facts/incidents.ts';
import { incidentText } from '../../scripts/read/incident/form.ts';
import type { LedgerFolder } from '../../scripts/release/types.ts';
import { aPolicySet } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';

const now = '2026-11-23T09:00:00Z';
const policy = { ...aPolicySet(), catalogue: { ...aPolicySet().catalogue, entries: [] } };
const [person] = policy.roster.people;
const hand = { accountId: person?.accounts[0] ?? 0, login: 'somebody', at: '2026-11-20T09:00:00Z' };

function issue(number: number, isOpen: boolean, causedBy: string | null = null): Issue {
  const body = incidentText({ services: ['storefront'], impact: 'high', urgency: 'high', causedBy });
  return { number, isOpen, title: 'Incident', body, opened: hand, edited: null, reopened: null };
}

interface Answers {
  readonly open?: readonly Issue[];
  readonly touched?: readonly Issue[];
  readonly numbered?: readonly Issue[];
}

async function read(
  answers: Answers,
  wanted: Partial<WantedIncidents> = {},
): Promise<{ readonly found: readonly string[]; readonly questions: readonly string[] }> {
  const questions: string[] = [];
  const tracker: Tracker = {
    openIssues: async () => {
      questions.push('open');
      return answers.open ?? [];
    },
    issuesSince: async (since) => {
      questions.push(`since ${since}`);
      return answers.touched ?? [];
    },
    issuesNumbered: async (numbers) => {
      questions.push(`numbers ${numbers.join(', ')}`);
      return answers.numbered ?? [];
    },
    open: async () => 0,
    rewrite: async () => undefined,
    close: async () => undefined,
  };
  const services = {
    tracker: async () => tracker,
    clock: { now: () => now, monotonicMs: () => 0 },
    reporter: { step: async <T>(_: string, work: () => Promise<T>) => work(), note: () => undefined },
  } as unknown as Parameters<typeof readIncidents>[0];
  const found = await readIncidents(services, { policy, records: [], ledger: { folders: [] }, ...wanted });
  return { found: found.map(({ id, state }) => `${id} ${state}`), questions };
}

const begun = (changeId: string | null, startedAt: string): LedgerFolder =>
  ({ intent: { changeId, startedAt } }) as unknown as LedgerFolder;

describe('the issues of a decision', () => {
  it('are the open ones and those that were touched in the twelve months of the track record', async () => {
    const { found, questions } = await read({
      open: [issue(4, true)],
      touched: [issue(3, false, 'CHG-2026-0001'), issue(2, false)],
    });
    expect(questions).toEqual(['open', 'since 2025-11-23T09:00:00.000Z']);
    expect(found).toEqual(['INC-3 resolved', 'INC-4 open']);
  });

  it('go back to the first release of a change that is not closed, and to the approval of a catalogue entry', async () => {
    const folders = [begun(null, '2020-01-01T00:00:00Z'), begun('CHG-2024-0009', '2024-05-01T00:00:00Z')];
    const open = await read({}, { ledger: { folders } });
    expect(open.questions[1]).toBe('since 2024-05-01T00:00:00.000Z');
    const [entry] = aPolicySet().catalogue.entries;
    const entries = entry === undefined ? [] : [{ ...entry, approvedAt: '2025-02-01T00:00:00Z' }];
    const used = await read({}, { policy: { ...policy, catalogue: { ...policy.catalogue, entries } } });
    expect(used.questions[1]).toBe('since 2025-02-01T00:00:00.000Z');
  });

  it('are asked for by number where a record names one that is in neither list', async () => {
    const located = aRecord({ links: { incidents: ['INC-4', 'INC-1', 'INC-2024-0007'] } });
    const { found, questions } = await read(
      { open: [issue(4, true)], numbered: [issue(1, false)] },
      { records: [located] },
    );
    expect(questions[2]).toBe('numbers 1');
    expect(found).toEqual(['INC-1 resolved', 'INC-4 open']);
  });

  it('are as they were read last, where one was closed in between', async () => {
    const { found } = await read({
      open: [issue(4, true, 'CHG-2026-0001')],
      touched: [issue(4, false, 'CHG-2026-0001')],
    });
    expect(found).toEqual(['INC-4 resolved']);
  });
});
