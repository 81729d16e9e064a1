import { describe, expect, it } from 'vitest';
import { waveProblems, wavesOf, type WaveBasis } from '../../../policies/gate/waves.ts';
import type { Register } from '../../../policies/model/facts.ts';

function client(
  name: string,
  tier: 1 | 2 | 3,
  environments: readonly Register['stacks'][number]['environment'][],
): Register {
  return {
    client: name,
    name,
    tier,
    lifecycle: 'live',
    accountId: 'a',
    services: [],
    stacks: environments.map((environment) => ({ name: `${name}-${environment}`, environment, zones: [] })),
    windows: [],
    freezes: [],
    relations: [],
    clientApprovalRequired: false,
    standardChanges: [],
  };
}

const registers = [
  client('acme', 1, ['staging', 'production']),
  client('borough', 3, ['staging', 'production']),
  client('cove', 3, ['production']),
  client('team', 1, ['account']),
];
const all = registers.flatMap(({ stacks }) => stacks.map(({ name }) => name));
const waves = (
  more: Partial<WaveBasis> = {},
  stacks: readonly string[] = all,
): readonly (readonly string[])[] =>
  wavesOf(stacks, { registers, risk: 'medium', rollout: undefined, ...more });

describe('the waves of a change', () => {
  it('are staging, the account, and production by tier, the least critical client first', () => {
    expect(waves()).toEqual([
      ['acme-staging', 'borough-staging'],
      ['team-account'],
      ['borough-production', 'cove-production'],
      ['acme-production'],
    ]);
  });

  it('send one production stack ahead at high risk', () => {
    const expected = [['borough-production'], ['cove-production'], ['acme-production']];
    expect(waves({ risk: 'high' }).slice(2)).toEqual(expected);
    expect(waves({ risk: 'critical' }).slice(2)).toEqual(expected);
  });

  it('end with what no register knows', () => {
    expect(waves({}, ['foreign', 'acme-staging', 'cove-production'])).toEqual([
      ['acme-staging'],
      ['cove-production'],
      ['foreign'],
    ]);
  });

  it('are those of the record, of the stacks that are released, and the rest after them', () => {
    const rollout = { waves: [['acme-staging'], ['acme-production', 'cove-production'], ['team-account']] };
    const stacks = ['acme-production', 'cove-production', 'borough-production', 'team-account'];
    expect(waves({ rollout }, stacks)).toEqual([
      ['acme-production', 'cove-production'],
      ['team-account'],
      ['borough-production'],
    ]);
  });
});

describe('written waves', () => {
  it('name each stack that changes, and staging and the account before production', () => {
    const written = [['acme-production', 'gone'], ['acme-staging']];
    expect(
      waveProblems({ waves: written }, ['acme-staging', 'acme-production', 'cove-production'], registers),
    ).toEqual([
      'cove-production changes and is in no wave',
      'gone is in a wave and does not change',
      'acme-production goes before staging or the account',
    ]);
    expect(
      waveProblems(
        { waves: [['acme-staging'], ['acme-production']] },
        ['acme-staging', 'acme-production'],
        registers,
      ),
    ).toEqual([]);
    expect(waveProblems({}, all, registers)).toEqual([]);
  });
});
