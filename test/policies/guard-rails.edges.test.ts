/** The guard-rails at their edges: every state of a rail, every request, and rulesets that others have set up. */
import { describe, expect, it } from 'vitest';
import {
  desiredGuardRails,
  environmentSecrets,
  type GuardSetting,
} from '../../policies/guard-rails/guard-rails.ts';
import { compareGuardRails, guardRequests } from '../../policies/guard-rails/compare.ts';
import { seenForeignRulesets, seenRuleset } from '../../policies/guard-rails/seen.ts';
import type { Freeze } from '../../policies/model/calendar.ts';
import type { GuardRail, Seen, SeenRuleset } from '../../policies/model/guard-rails.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';

const freeze = (id: string): Freeze => ({
  id,
  reason: 'peak',
  kind: 'hard',
  clients: 'all',
  start: '2026-12-18T00:00:00Z',
  end: '2027-01-04T00:00:00Z',
  exemptionBy: 'change-manager',
});

const setting: GuardSetting = {
  defaultBranch: 'main',
  check: 'change-control / main',
  ledgerBranch: 'releases',
  ledgerTags: 'ledger/',
  appId: 7,
  stacks: [{ name: 'acme-production', client: 'acme' }],
  calendar: { freezes: [freeze('christmas'), freeze('move')], holidays: [] },
  now: '2026-12-01T00:00:00Z',
};
const rails = desiredGuardRails(setting);

function railOf(id: string, from: readonly GuardRail[] = rails): GuardRail {
  const found = from.find((rail) => rail.id === id);
  if (found === undefined) {
    throw new Error(`no rail ${id}`);
  }
  return found;
}

function findingOf(rail: GuardRail, seen: Seen) {
  const [finding] = compareGuardRails([rail], new Map([[rail.id, seen]]));
  if (finding === undefined) {
    throw new Error('no finding');
  }
  return finding;
}
const read = (value: Json, rulesetId: number | null = null): Seen => ({ state: 'read', value, rulesetId });
const asked = (rail: GuardRail, seen: Seen) =>
  guardRequests([findingOf(rail, seen)]).map(({ method, path }) => `${method} ${path}`);

describe('what is wanted', () => {
  it('names the credentials that belong to environments', () => {
    expect(environmentSecrets).toEqual([
      'CLOUDFLARE_API_TOKEN',
      'STATE_ACCESS_KEY_ID',
      'STATE_SECRET_ACCESS_KEY',
      'SLUICE_APP_PRIVATE_KEY',
      'SLUICE_LEDGER_KEY',
    ]);
  });

  it('says whether a freeze is on, and which', () => {
    const title = (now: string) => railOf('ruleset-freeze', desiredGuardRails({ ...setting, now })).title;
    expect(title('2026-12-01T00:00:00Z')).toBe('Ruleset of freezes, off');
    expect(title('2026-12-20T00:00:00Z')).toBe('Ruleset of freezes, on: christmas, move');
  });
});

describe('a rail that is missing altogether', () => {
  it.each([
    ['ruleset-default-branch', ['POST rulesets']],
    [
      'environment-acme-production',
      [
        'PUT environments/acme-production',
        'POST environments/acme-production/deployment-branch-policies',
        'PUT environments/acme-production',
      ],
    ],
    ['environment-secrets-acme-production', []],
    ['workflow-rights', ['PUT actions/permissions/workflow']],
    ['repository-secrets', []],
    ['codeowners', []],
    ['foreign-rulesets', []],
  ])('%s is set up by %j, or by a person', (id, requests) => {
    const rail = railOf(id);
    const finding = findingOf(rail, { state: 'missing' });
    expect(asked(rail, { state: 'missing' })).toEqual(requests);
    expect([finding.state, finding.isForPeople]).toEqual(['missing', requests.length === 0]);
  });

  it('is set up with all that is wanted of it', () => {
    const rail = railOf('environment-gate');
    const branched = { deployment_branch_policy: rail.wanted['deployment_branch_policy'] };
    const requests = guardRequests([findingOf(rail, { state: 'missing' })]);
    expect(requests.map(({ body }) => body)).toEqual([
      branched,
      { name: 'main', type: 'branch' },
      { ...branched, can_admins_bypass: false },
    ]);
    expect(requests.map(({ lost }) => lost !== undefined)).toEqual([false, false, true]);
    const rights = railOf('workflow-rights');
    expect(guardRequests([findingOf(rights, { state: 'missing' })])).toEqual([
      { rail: rights.id, method: 'PUT', path: 'actions/permissions/workflow', body: rights.wanted },
    ]);
  });
});

describe('a rail that is there', () => {
  it.each(rails.map((rail) => [rail.id, rail] as const))(
    '%s needs nobody while it is as wanted',
    (_id, rail) => {
      const finding = findingOf(rail, read(rail.wanted));
      expect([finding.state, finding.differences, finding.isForPeople]).toEqual(['ok', [], false]);
      expect(guardRequests([finding])).toEqual([]);
    },
  );

  it('says where it differs, down to the field of a rule', () => {
    const rail = railOf('ruleset-default-branch');
    const rules = (rail.wanted['rules'] as readonly JsonObject[]).map((rule) =>
      rule['type'] === 'pull_request'
        ? {
            ...rule,
            parameters: { ...(rule['parameters'] as JsonObject), allowed_merge_methods: ['squash'] },
          }
        : rule,
    );
    const conditions = { ref_name: { include: ['~ALL'], exclude: [] } };
    expect(findingOf(rail, read({ ...rail.wanted, rules, conditions }, 3)).differences).toEqual([
      { path: 'conditions.ref_name.include', seen: ['~ALL'], wanted: ['~DEFAULT_BRANCH'] },
      {
        path: 'rules.pull_request.parameters.allowed_merge_methods',
        seen: ['squash'],
        wanted: ['merge'],
      },
    ]);
  });

  it('lists rules that differ by their type', () => {
    const rail = railOf('ruleset-default-branch');
    const finding = findingOf(
      rail,
      read({ ...rail.wanted, rules: [{ type: 'update' }, { type: 'creation' }] }),
    );
    expect(finding.differences.map(({ path }) => path)).toEqual([
      'rules.creation',
      'rules.deletion',
      'rules.non_fast_forward',
      'rules.pull_request',
      'rules.required_status_checks',
      'rules.update',
    ]);
  });

  it('has no rule of one type twice, on either side', () => {
    const rail = railOf('ruleset-default-branch');
    const rules = rail.wanted['rules'] as readonly Json[];
    const deletion = { type: 'deletion' };
    const paths = (want: readonly Json[], seen: readonly Json[]) =>
      findingOf(
        { ...rail, wanted: { ...rail.wanted, rules: want } },
        read({ ...rail.wanted, rules: seen }),
      ).differences.map(({ path }) => path);
    expect(paths(rules, rules)).toEqual([]);
    expect(paths(rules, [...rules, deletion])).toEqual(['rules.deletion']);
    expect(paths([...rules, deletion], rules)).toEqual(['rules.deletion']);
  });

  it('is put right where a request can, and left to a person where none can', () => {
    const ofEnvironment = railOf('environment-gate');
    const branches = ofEnvironment.wanted['branches'] as readonly Json[];
    const ask = (value: JsonObject) => asked(ofEnvironment, read({ ...ofEnvironment.wanted, ...value }));
    const [put, post] = ['PUT environments/gate', 'POST environments/gate/deployment-branch-policies'];
    expect(ask({ can_admins_bypass: true })).toEqual([put]);
    expect(ask({ branches: [] })).toEqual([post]);
    expect(ask({ can_admins_bypass: true, branches: [] })).toEqual([post, put]);
    expect(ask({ branches: [...branches, { name: 'any', type: 'branch' }] })).toEqual([]);
    expect(ask({ wait_timer: 5, branches: null })).toEqual([put, post, put]);
    expect(ask({ wait_timer: 5, can_admins_bypass: true })).toEqual([put, put]);
    const secrets = findingOf(railOf('repository-secrets'), read({ found: ['CLOUDFLARE_API_TOKEN'] }));
    expect([secrets.state, secrets.isForPeople, guardRequests([secrets])]).toEqual(['differs', true, []]);
    const rights = findingOf(railOf('workflow-rights'), read({ default_workflow_permissions: 'write' }));
    expect([rights.state, rights.isForPeople]).toEqual(['differs', false]);
  });

  it('is created anew where a ruleset has no id', () => {
    const rail = railOf('ruleset-freeze');
    expect(asked(rail, read({ ...rail.wanted, enforcement: 'active' }))).toEqual(['POST rulesets']);
    expect(asked(rail, read({ ...rail.wanted, enforcement: 'active' }, 4))).toEqual(['PUT rulesets/4']);
  });
});

describe('rulesets that were seen', () => {
  const rail = railOf('ruleset-default-branch');
  const own: SeenRuleset = { id: 1, name: 'sluice: default branch', isOwn: true, value: rail.wanted };
  const others = (...rulesets: readonly SeenRuleset[]) => seenForeignRulesets(rails, rulesets, 'main');
  const exception = [{ actor_id: 1, actor_type: 'Team', bypass_mode: 'always' }];
  const on = (include: Json, more: JsonObject = {}): SeenRuleset => ({
    id: 9,
    name: 'theirs',
    isOwn: true,
    value: {
      enforcement: 'active',
      bypass_actors: exception,
      conditions: { ref_name: { include, exclude: [] } },
      ...more,
    },
  });

  it('are ours by their name, and never when they hide who may bypass them', () => {
    const other = { ...own, id: 2, name: 'another' };
    expect(seenRuleset(rail, [other, own])).toEqual({ state: 'read', value: rail.wanted, rulesetId: 1 });
    expect(seenRuleset(rail, [other])).toEqual({ state: 'missing' });
    const { bypass_actors: _hidden, ...value } = rail.wanted;
    expect(seenRuleset(rail, [{ ...own, value }])).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('who may bypass it') as string,
    });
  });

  it('of others do not count those that a rail stands for, whoever is excepted there', () => {
    const ledger = railOf('ruleset-ledger');
    const ours = { id: 4, name: 'sluice: ledger', isOwn: true };
    const value = { ...ledger.wanted, conditions: { ref_name: { include: ['~ALL'], exclude: [] } } };
    expect(others({ ...ours, value })).toEqual(read({ rulesets: [] }));
    expect(others({ ...ours, value, isOwn: false })).toMatchObject({
      value: { rulesets: [{ name: 'sluice: ledger' }] },
    });
    // An environment is not a ruleset: a ruleset of its name is somebody else's.
    expect(others({ ...ours, value, name: 'gate' })).toMatchObject({
      value: { rulesets: [{ name: 'gate' }] },
    });
  });

  it.each<readonly [string, SeenRuleset, boolean]>([
    ['excepts nobody', on(['~ALL'], { bypass_actors: [] }), false],
    ['is for tags', on(['~ALL'], { target: 'tag' }), false],
    ['is for pushes', on(['~ALL'], { target: 'push' }), false],
    ['is for branches', on(['~ALL'], { target: 'branch' }), true],
    ['only reports', on(['~ALL'], { enforcement: 'evaluate' }), true],
    ['is for other branches and the default branch', on(['refs/heads/other', '~DEFAULT_BRANCH']), true],
    ['is for a pattern of everything', on(['*']), true],
    ['is for a pattern whose beginning fits', on(['refs/heads/m?in']), true],
    ['is for a name that only begins like the branch', on(['refs/heads/mai']), false],
    ['is for no branch', on([]), false],
    ['names its branches in a way nobody knows', on('~ALL'), true],
    ['names something that is not text', on(['refs/heads/other', 7]), true],
    ['says nothing about its branches', on(null), true],
    [
      'leaves out branches in a way nobody knows',
      on([], { conditions: { ref_name: { include: ['~ALL'], exclude: '~ALL' } } }),
      true,
    ],
    [
      'leaves out other branches',
      on([], { conditions: { ref_name: { include: ['~ALL'], exclude: ['refs/heads/other'] } } }),
      true,
    ],
    ['has conditions of another kind', on([], { conditions: { repository_name: {} } }), true],
  ])('of others, one that %s', (_name, ruleset, isCounted) => {
    const rulesets = isCounted ? [{ name: 'theirs', bypass_actors: exception }] : [];
    expect(others(own, ruleset)).toEqual(read({ rulesets }));
  });
});
