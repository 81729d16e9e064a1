/** Whose emergencies are asked about on GitHub: all but those that were closed by somebody who may close them. */
import { expect, it } from 'vitest';
import { withRatifications } from '../../scripts/facts/emergencies.ts';
import type { GitHub } from '../../scripts/contract/ports.ts';
import type { Ledger } from '../../scripts/release/types.ts';
import type { PastEmergency } from '../../policies/model/facts.ts';
import { facts } from '../policies/world.ts';

const changeId = 'CHG-2026-0030';
const headSha = 'a'.repeat(40);
const ledger = {
  folders: [
    {
      folder: 'releases/acme-production/R0002',
      intent: { action: 'release', changeId, client: 'acme', tuple: { headSha } },
      entry: { type: 'emergency' },
    },
  ],
  head: null,
  files: new Map(),
} as unknown as Ledger;
const emergency: PastEmergency = {
  changeId,
  client: 'acme',
  risk: 'medium',
  appliedAt: '2026-11-20T02:00:00Z',
  breakGlass: false,
  touched: [],
  involved: ['r.okafor'],
  ratifications: [],
};

async function askedAbout(closed: PastEmergency['closed']): Promise<readonly string[]> {
  const asked: string[] = [];
  const github = {
    mergedPulls: (sha: string) => {
      asked.push(sha);
      return Promise.resolve([]);
    },
  } as unknown as GitHub;
  const { policy, now } = facts({});
  const past = closed === undefined ? emergency : { ...emergency, closed };
  await withRatifications(github, { ledger, answer: null, facts: { policy, now } }, [past]);
  return asked;
}

it.each([
  ['an open one', undefined, [headSha]],
  ['one that the change manager closed', 's.haddad', []],
  ['one that somebody without a closing seat closed', 'b.osei', [headSha]],
  ['one that somebody closed who took part', 'r.okafor', [headSha]],
  ['one that nobody of the roster closed', 'nobody.known', [headSha]],
])('%s', async (_, by, expected) => {
  expect(await askedAbout(by === undefined ? undefined : { by, at: '2026-11-21T09:00:00Z' })).toEqual(
    expected,
  );
});
