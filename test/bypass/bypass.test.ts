import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removePrepared } from './open.ts';
import { runScenario } from './run-scenario.ts';
import { weaknesses, type Attempt, type Outcome } from './scenario.ts';
import { notApplicable, playedElsewhere, scenarios } from './scenarios.ts';

afterAll(removePrepared);

describe('the list of attacks', () => {
  const all = [...scenarios, ...notApplicable, ...playedElsewhere].map(({ id }) => id).toSorted();

  it.each([
    ['B', 53],
    ['H', 81],
  ])('has every number of %s up to %i exactly once, tried or with a reason', (letter, count) => {
    const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(2, '0'));
    expect(all.filter((id) => id.startsWith(letter))).toEqual(numbers.map((number) => `${letter}${number}`));
    expect(notApplicable.filter(({ reason }) => reason.length < 40)).toEqual([]);
  });

  it.each(playedElsewhere)('$id is played in $file', ({ id, file }) => {
    expect(readFileSync(path.join(import.meta.dirname, '../..', file), 'utf8')).toMatch(
      new RegExp(`'${id}[: ]`),
    );
  });
});

describe('a proof', () => {
  const fine: Outcome = { exit: 'ok', checks: [], text: '' };
  const refused: Outcome = { exit: 'denied', checks: ['approvals'], text: 'veto of s-haddad' };
  const attempt: Attempt = {
    trick: 'trick',
    outcome: refused,
    exit: 'denied',
    checks: ['approvals'],
    says: 'veto of',
  };

  it('holds when the honest variant is allowed and the attack is refused for its reason', () => {
    expect(weaknesses({ honest: [fine], attempts: [attempt] })).toEqual([]);
  });

  it.each<[string, readonly Outcome[], readonly Attempt[]]>([
    ['without an honest variant', [], [attempt]],
    ['without an attempt', [fine], []],
    ['when the honest variant is refused too', [fine, refused], [attempt]],
    ['when the attack succeeds', [fine], [{ ...attempt, outcome: fine }]],
    ['when it ends otherwise', [fine], [{ ...attempt, exit: 'stale' }]],
    ['when something else refuses as well', [fine], [{ ...attempt, checks: [] }]],
    ['when what should refuse does not', [fine], [{ ...attempt, checks: ['approvals', 'window'] }]],
    ['when the reason is another one', [fine], [{ ...attempt, says: 'it expired' }]],
    ['when one of several attacks succeeds', [fine], [attempt, { ...attempt, outcome: fine }]],
  ])('does not hold %s', (_, honest, attempts) => {
    expect(weaknesses({ honest, attempts })).not.toEqual([]);
  });
});

/** At least one of each kind of refusal, and those that need Terraform least; `npm run test:bypass` tries all. */
const sample: ReadonlySet<string> = new Set([
  'B01',
  'B05',
  'B06',
  'B07',
  'B09',
  'B10',
  'B13',
  'B16',
  'B20',
  'B22',
  'B24',
  'B34',
  'B37',
  'B38',
  'B39',
  'B41',
  'B52',
  'B53',
  'H09',
  'H17',
  'H50',
  'H52',
  'H59',
  'H64',
  'H65',
  'H66',
]);

describe('an attack that is refused, for its reason, where the honest variant is allowed', () => {
  it.each(
    scenarios
      .filter(({ id }) => sample.has(id))
      .map((scenario) => [scenario.id, scenario.attack, scenario] as const),
  )(
    '%s %s',
    async (_id, _attack, scenario) => {
      expect((await runScenario(scenario)).problems).toEqual([]);
      // The first one prepares the repository that all are copied from.
    },
    300_000,
  );
});
