/** What is wanted of the repository, and what counts as a difference from it. */
import { describe, expect, it } from 'vitest';
import {
  desiredGuardRails,
  freezesOfAll,
  type GuardSetting,
} from '../../policies/guard-rails/guard-rails.ts';
import { compareGuardRails, guardRequests } from '../../policies/guard-rails/compare.ts';
import { seenForeignRulesets, seenRuleset } from '../../policies/guard-rails/seen.ts';
import type { Freeze } from '../../policies/model/calendar.ts';
import type { GuardRail, Seen, SeenRuleset } from '../../policies/model/guard-rails.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import pinned from './guard-rails.wanted.json' with { type: 'json' };

const freeze: Freeze = {
  id: 'christmas',
  reason: 'peak',
  kind: 'hard',
  clients: 'all',
  start: '2026-12-18T00:00:00Z',
  end: '2027-01-04T00:00:00Z',
  exemptionBy: 'change-manager',
};

const setting: GuardSetting = {
  defaultBranch: 'main',
  check: 'change-control / main',
  ledgerBranch: 'releases',
  ledgerTags: 'ledger/',
  appId: 7,
  stacks: ['acme-staging', 'acme-staging', 'acme-production'].map((name) => ({ name, client: 'acme' })),
  calendar: { freezes: [freeze], holidays: [] },
  now: '2026-12-01T00:00:00Z',
};

const railOf = (id: string, more: Partial<GuardSetting> = {}): GuardRail => {
  const found = desiredGuardRails({ ...setting, ...more }).find((rail) => rail.id === id);
  if (found === undefined) {
    throw new Error(`no rail ${id}`);
  }
  return found;
};

const compare = (rail: GuardRail, value: JsonObject, rulesetId: number | null = null) => {
  const seen = new Map<string, Seen>([[rail.id, { state: 'read', value, rulesetId }]]);
  const [finding] = compareGuardRails([rail], seen);
  if (finding === undefined) {
    throw new Error('no finding');
  }
  return finding;
};

describe('what is wanted', () => {
  it.each([
    ['with the App, in a freeze', pinned.withApp, {}],
    ['without either', pinned.withoutApp, { appId: null, calendar: { freezes: [], holidays: [] } }],
  ])('is what was reviewed, %s', (_name, reviewed, more) => {
    const rails = desiredGuardRails({
      ...setting,
      stacks: [{ name: 'acme-production', client: 'acme' }],
      now: '2026-12-20T00:00:00Z',
      ...more,
    });
    expect(rails.map(({ id, kind, wanted }) => ({ id, kind, wanted }))).toEqual(reviewed);
  });

  it('has one environment per stack beside that of the gate', () => {
    const environments = desiredGuardRails(setting).filter(({ kind }) => kind === 'environment');
    expect(environments.map(({ wanted }) => wanted['name'])).toEqual([
      'gate',
      'acme-staging',
      'acme-production',
    ]);
  });

  it('has the secrets of each environment, of the gate only what it needs, and says the command that gives them', () => {
    const secrets = (more: Partial<GuardSetting> = {}) =>
      desiredGuardRails({ ...setting, ...more })
        .filter(({ kind }) => kind === 'environment-secrets')
        .map(({ wanted }) => wanted['names']);
    const ofStack = ['CLOUDFLARE_API_TOKEN', 'STATE_ACCESS_KEY_ID', 'STATE_SECRET_ACCESS_KEY'];
    const whole = [...ofStack, 'SLUICE_APP_PRIVATE_KEY', 'SLUICE_LEDGER_KEY'];
    expect(secrets()).toEqual([['SLUICE_APP_PRIVATE_KEY'], whole, whole]);
    const bare = [...ofStack, 'SLUICE_LEDGER_KEY'];
    expect(secrets({ appId: null })).toEqual([[], bare, bare]);
    expect(railOf('environment-secrets-acme-staging').why).toContain('sluice guard credentials acme');
    const names = [...ofStack, 'SLUICE_LEDGER_KEY'];
    expect(compare(railOf('environment-secrets-gate'), { environment: 'gate', names })).toMatchObject({
      state: 'differs',
      isForPeople: true,
    });
  });

  it('excepts nobody on the default branch, and the App alone on the ledger', () => {
    expect(railOf('ruleset-default-branch').wanted['bypass_actors']).toEqual([]);
    expect(railOf('ruleset-freeze').wanted['bypass_actors']).toEqual([]);
    expect(railOf('ruleset-ledger').wanted['bypass_actors']).toEqual([
      { actor_id: 7, actor_type: 'Integration', bypass_mode: 'always' },
    ]);
  });

  it('says what is lost without an App, and excepts nobody then', () => {
    const rails = desiredGuardRails({ ...setting, appId: null });
    expect(rails.filter(({ lostWithout }) => lostWithout !== null).map(({ id }) => id)).toEqual([
      'ruleset-default-branch',
      'ruleset-ledger',
      'ruleset-ledger-tags',
    ]);
    expect(JSON.stringify(rails)).not.toContain('Integration');
    expect(desiredGuardRails(setting).every(({ lostWithout }) => lostWithout === null)).toBe(true);
  });

  it.each([
    ['2026-12-17T23:59:59Z', 0],
    ['2026-12-18T00:00:00Z', 1],
    ['2027-01-03T23:59:59Z', 1],
    ['2027-01-04T00:00:00Z', 0],
    ['when it snows', 1],
  ])('freezes at %s: %i', (now, count) => {
    expect(freezesOfAll(setting.calendar, now)).toHaveLength(count);
    const { enforcement } = railOf('ruleset-freeze', { now }).wanted;
    expect(enforcement).toBe(count === 0 ? 'disabled' : 'active');
  });

  it.each<readonly [string, Partial<Freeze>, number]>([
    ['a soft one', { kind: 'soft' }, 0],
    ['one of some clients', { clients: ['acme'] }, 0],
    ['one of some categories', { categories: ['dns'] }, 0],
    ['one whose start cannot be read', { start: 'soon' }, 1],
  ])('of the freezes, %s', (_name, more, count) => {
    const calendar = { freezes: [{ ...freeze, ...more }], holidays: [] };
    expect(freezesOfAll(calendar, '2026-12-20T00:00:00Z')).toHaveLength(count);
  });
});

describe('the comparison', () => {
  const rail = railOf('ruleset-default-branch');
  const rules = rail.wanted['rules'] as readonly JsonObject[];

  it('minds neither the order of rules nor what GitHub adds', () => {
    const added = rules.toReversed().map((rule) =>
      rule['type'] === 'pull_request'
        ? {
            ...rule,
            ruleset_id: 1,
            parameters: { ...(rule['parameters'] as JsonObject), required_reviewers: [] },
          }
        : rule,
    );
    expect(compare(rail, { ...rail.wanted, id: 3, node_id: 'x', rules: added }).state).toBe('ok');
  });

  it.each<readonly [string, JsonObject, string]>([
    ['a rule that is gone', { rules: rules.slice(1) }, 'rules.deletion'],
    ['a rule that was added', { rules: [...rules, { type: 'creation' }] }, 'rules.creation'],
    ['a rule that stands twice', { rules: [...rules, { type: 'deletion' }] }, 'rules.deletion'],
    ['rules of no type', { rules: [...rules, {}] }, 'rules.?'],
    ['an exception', { bypass_actors: [{ actor_type: 'DeployKey' }] }, 'bypass_actors'],
    ['a condition of another kind', { conditions: null }, 'conditions'],
    ['a list that is none', { rules: {} }, 'rules'],
  ])('finds %s', (_name, more, path) => {
    const finding = compare(rail, { ...rail.wanted, ...more });
    expect([finding.state, finding.differences.map((one) => one.path)]).toEqual(['differs', [path]]);
  });

  it('finds a field that is not there', () => {
    const { enforcement: _gone, ...rest } = rail.wanted;
    expect(compare(rail, rest).differences).toEqual([{ path: 'enforcement', seen: null, wanted: 'active' }]);
  });

  it('matches each entry of a list once', () => {
    const ledger = railOf('ruleset-ledger');
    const [app] = ledger.wanted['bypass_actors'] as readonly JsonObject[];
    const twice = compare(ledger, { ...ledger.wanted, bypass_actors: [app ?? {}, app ?? {}] });
    expect(twice.state).toBe('differs');
  });

  it('knows nothing of a rail that was not read', () => {
    const findings = compareGuardRails(desiredGuardRails(setting), new Map());
    expect(new Set(findings.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(guardRequests(findings)).toEqual([]);
    expect(findings.every(({ isForPeople }) => isForPeople)).toBe(true);
  });
});

describe('the requests', () => {
  it('edit the ruleset that was found', () => {
    const rail = railOf('ruleset-freeze');
    const finding = compare(rail, { ...rail.wanted, enforcement: 'active' }, 12);
    expect(guardRequests([finding])).toEqual([
      { rail: rail.id, method: 'PUT', path: 'rulesets/12', body: rail.wanted },
    ]);
  });

  it('add only the branch that an environment lacks, and never take one away', () => {
    const rail = railOf('environment-gate');
    const other = { name: 'x', type: 'branch' };
    const lacking = compare(rail, { ...rail.wanted, branches: [other] });
    expect(guardRequests([lacking]).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST environments/gate/deployment-branch-policies',
    ]);
    const more = compare(rail, {
      ...rail.wanted,
      branches: [other, { name: 'main', type: 'branch', id: 1 }],
    });
    expect([more.state, guardRequests([more]), more.isForPeople]).toEqual(['differs', [], true]);
  });
});

describe('the rulesets that were seen', () => {
  const rail = railOf('ruleset-default-branch');
  const own: SeenRuleset = { id: 1, name: 'sluice: default branch', isOwn: true, value: rail.wanted };

  it('are ours by name, in the repository itself, and once', () => {
    expect(seenRuleset(rail, [own])).toMatchObject({ state: 'read', rulesetId: 1 });
    expect(seenRuleset(rail, [{ ...own, isOwn: false }]).state).toBe('missing');
    expect(seenRuleset(rail, [own, { ...own, id: 2 }]).state).toBe('unknown');
  });

  it.each<readonly [string, readonly string[], readonly string[], boolean]>([
    ['the default branch', ['~DEFAULT_BRANCH'], [], true],
    ['all branches', ['~ALL'], [], true],
    ['its name', ['refs/heads/main'], [], true],
    ['a pattern that may match', ['refs/heads/ma*'], [], true],
    ['another branch', ['refs/heads/other'], [], false],
    ['a pattern that cannot match', ['refs/heads/feature/*'], [], false],
    ['all but the default branch', ['~ALL'], ['~DEFAULT_BRANCH'], false],
  ])('of others on %s', (_name, include, exclude, counts) => {
    const value = {
      ...rail.wanted,
      bypass_actors: [{ actor_id: 1 }],
      conditions: { ref_name: { include, exclude } },
    };
    const seen = seenForeignRulesets([rail], [own, { id: 9, name: 'x', isOwn: true, value }], 'main');
    const wanted = counts ? [{ name: 'x', bypass_actors: [{ actor_id: 1 }] }] : [];
    expect(seen).toEqual({ state: 'read', value: { rulesets: wanted }, rulesetId: null });
  });

  it('of others count without conditions, of the organization under our name, and not when disabled', () => {
    const exception = { bypass_actors: [{ actor_id: 1 }] };
    const of = (value: JsonObject, isOwn = true, name = 'x') =>
      seenForeignRulesets([rail], [{ id: 9, name, isOwn, value }], 'main');
    const counted = { value: { rulesets: [expect.anything()] } };
    expect(of({ enforcement: 'active', ...exception })).toMatchObject(counted);
    expect(of({ enforcement: 'active', ...exception }, false, own.name)).toMatchObject(counted);
    expect(of({ enforcement: 'disabled', ...exception })).toMatchObject({ value: { rulesets: [] } });
    expect(of({ enforcement: 'active' }).state).toBe('unknown');
  });
});
