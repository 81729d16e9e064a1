/** What stops ordinary changes after an emergency, word for word: refusals, doubts about one, and who is named first. */
import { describe, expect, it } from 'vitest';
import { overdueEmergencies, ratificationOf } from '../../../policies/emergency/ratification.ts';
import type { PastEmergency } from '../../../policies/model/facts.ts';
import { accounts, facts } from '../world.ts';
import type { Who } from '../world.ts';

type Word = PastEmergency['ratifications'][number];
const past = (...ratifications: readonly Word[]): PastEmergency => ({
  changeId: 'CHG-2026-0030',
  client: 'acme',
  risk: 'medium',
  appliedAt: '2026-11-18T02:00:00Z',
  breakGlass: false,
  touched: ['acme-production/cloudflare_dns_record.www'],
  involved: ['m.lind', 'k.dunne'],
  ratifications,
});
const word = (who: Who, decision: Word['decision'], at = '2026-11-19T09:00:00Z'): Word => ({
  accountId: accounts[who],
  at,
  decision,
});
const after = (...ratifications: readonly Word[]) => ratificationOf(past(...ratifications), facts());
const ratified = [word('novak', 'ratified'), word('osei', 'ratified')] as const;

describe('a word about an emergency', () => {
  it.each<readonly [string, readonly Word[], object]>([
    [
      'that was not understood stands against it',
      [word('berg', 'unclear')],
      { kind: 'unclear', by: 't.berg' },
    ],
    [
      'that refuses comes before one that was not understood',
      [word('berg', 'unclear'), word('haddad', 'refused')],
      { kind: 'refused', by: 's.haddad' },
    ],
    [
      'of the first of two who refuse is named',
      [word('haddad', 'refused'), word('berg', 'refused')],
      { kind: 'refused', by: 's.haddad' },
    ],
    [
      'that is said again clearly is settled',
      [word('berg', 'unclear'), word('berg', 'ratified', '2026-11-20T09:00:00Z')],
      { kind: 'ratified' },
    ],
    [
      'given at the same second as another is the one that comes last',
      [word('berg', 'refused'), word('berg', 'ratified')],
      { kind: 'ratified' },
    ],
    ['of who took part does not stand against it', [word('lind', 'unclear')], { kind: 'ratified' }],
  ])('%s', (_name, words, expected) => {
    expect(after(...ratified, ...words)).toEqual(expected);
  });
});

it('says what stops ordinary changes, and what to do about it', () => {
  const emergencies = [
    past(...ratified),
    past(...ratified, word('berg', 'refused')),
    past(...ratified, word('berg', 'unclear')),
    past(word('novak', 'ratified')),
  ];
  expect(overdueEmergencies(facts({ emergencies }))).toEqual([
    {
      changeId: 'CHG-2026-0030',
      text: 'was rejected retrospectively by t.berg',
      next: 'revert CHG-2026-0030, or raise a normal change that names it in `retryOf`',
    },
    {
      changeId: 'CHG-2026-0030',
      text: 'may have been rejected retrospectively: what t.berg said on its pull request was not understood, or is not there any more',
      next: 't.berg says it again on the pull request of CHG-2026-0030: /sluice ratify, or /sluice refuse <reason>',
    },
    {
      changeId: 'CHG-2026-0030',
      text: 'is overdue: it was not ratified in time; missing: peer',
      next: 'ratify CHG-2026-0030 first, with a review or the comment /sluice ratify on its pull request',
    },
  ]);
});
