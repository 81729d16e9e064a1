/** `sluice guard` over real HTTP: from nothing to all rails, each rail broken in turn, and every read that may fail. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GuardSettings } from '../../../scripts/sandbox/github/guard-rails.ts';
import { appId, guardWorld, repository, type GuardWorld } from './guard-world.ts';

let world: GuardWorld;
beforeAll(async () => {
  world = await guardWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.reset());

const named = (settings: GuardSettings, name: string): Record<string, unknown> => {
  const found = [...settings.rulesets.values()].find((ruleset) => ruleset['name'] === name);
  if (found === undefined) {
    throw new Error(`no ruleset ${name}`);
  }
  return found;
};

let kept: Pick<GuardSettings, 'rulesets' | 'environments' | 'rights'> | null = null;

/** What `setup --apply` leaves, made once. */
const setUp = async (): Promise<void> => {
  const { settings } = world.github;
  if (kept === null) {
    const ended = await world.guard(['setup', '--apply']);
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('All ')]);
    const { rulesets, environments, rights } = settings;
    kept = structuredClone({ rulesets, environments, rights });
  }
  const { rulesets, environments, rights } = structuredClone(kept);
  rulesets.forEach((ruleset, id) => settings.rulesets.set(id, ruleset));
  environments.forEach((environment, name) => settings.environments.set(name, environment));
  settings.rights = rights;
  world.writes();
};

describe('a repository without guard-rails', () => {
  it('is drift, with every rail named', async () => {
    const ended = await world.guard(['check']);
    expect(ended.exit).toBe('drift');
    for (const title of [
      'missing  Ruleset of the default branch',
      'missing  Ruleset of the ledger',
      'missing  Ruleset of freezes, off',
      'missing  Environment gate',
      'missing  Environment acme-production',
      'missing  Environment acme-staging',
      'differs  Default rights of the workflow token',
    ]) {
      expect(ended.stdout).toContain(title);
    }
    expect(world.writes()).toEqual([]);
  });

  it('is not changed by a setup without --apply, which prints what it would send', async () => {
    const ended = await world.guard(['setup']);
    expect([ended.exit, world.writes(), world.github.settings.rulesets.size]).toEqual(['ok', [], 0]);
    expect(ended.stdout).toContain(`would send POST /repos/${repository}/rulesets`);
    expect(ended.stdout).toContain(`would send PUT /repos/${repository}/environments/gate`);
    expect(ended.stdout).toContain(`"integration_id":${String(appId)}`);
    expect(ended.stdout).toContain('Nothing was sent');
  });

  it('is set up by --apply, is then fine, and a second --apply sends nothing', async () => {
    expect((await world.guard(['setup', '--apply'])).exit).toBe('ok');
    world.writes();
    const checked = await world.guard(['check', '--format', 'json']);
    expect([checked.exit, JSON.parse(checked.stdout)]).toEqual([
      'ok',
      expect.objectContaining({ kind: 'sluice.guard-check', outcome: 'ok' }),
    ]);
    const again = await world.guard(['setup', '--apply']);
    expect([again.exit, world.writes()]).toEqual(['ok', []]);
    expect(again.stdout).toContain('Nothing to send');
  });

  it('is set up as far as the plan goes, environments first, and hears what is lost', async () => {
    world.github.settings.plan = 'team';
    const ended = await world.guard(['setup', '--apply']);
    expect(ended.exit).toBe('drift');
    expect(ended.stdout).toContain('billing plan supports');
    expect(ended.stdout).toContain('lost on this plan An administrator can deploy another branch');
    expect(ended.stdout).toContain('can_admins_bypass: true → false');
    expect([...world.github.settings.environments.keys()]).toEqual([
      'gate',
      'acme-production',
      'acme-staging',
    ]);
    expect(world.github.settings.rulesets.size).toBe(4);
    const first = world.writes().findIndex((write) => write.includes('/rulesets'));
    expect(first).toBeGreaterThan(0);
    expect(world.writes()).toEqual([]);
  });

  it('needs the App, or to hear what is lost without it', async () => {
    for (const args of [['check'], ['setup', '--apply']]) {
      const refused = await world.guard(args, { SLUICE_GITHUB_APP_ID: '' });
      expect([refused.exit, refused.stderr]).toEqual(['usage', expect.stringContaining('--without-app')]);
    }
    expect(world.proxy.log).toEqual([]);
    const without = { SLUICE_GITHUB_APP_ID: '' };
    world.github.settings.environmentSecrets.forEach((secrets) => secrets.delete('SLUICE_APP_PRIVATE_KEY'));
    const ended = await world.guard(['setup', '--apply', '--without-app'], without);
    expect(ended.exit).toBe('ok');
    expect(ended.stdout).toContain(
      'lost without the App Anybody who can push can publish the required check',
    );
    expect(ended.stdout).toContain('lost without the App Anybody who can push can add to the ledger');
    expect(ended.stdout).not.toContain('integration_id');
    expect((await world.guard(['check'])).exit).toBe('drift');
  });
});

type Break = (settings: GuardSettings) => void;

const parametersOf = (ruleset: Record<string, unknown>, type: string): Record<string, unknown> => {
  const rules = ruleset['rules'] as readonly {
    readonly type: string;
    readonly parameters: Record<string, unknown>;
  }[];
  const found = rules.find((rule) => rule.type === type);
  if (found === undefined) {
    throw new Error(`no rule ${type}`);
  }
  return found.parameters;
};

const gate = (settings: GuardSettings) => {
  const found = settings.environments.get('gate');
  if (found === undefined) {
    throw new Error('no environment');
  }
  return found;
};

const someone = { actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' };
const ofDefault = 'sluice: default branch';

/** What is done by hand, where it shows, and whether setup puts it right. */
const breaks: readonly (readonly [string, Break, string, boolean])[] = [
  ['a bypass actor', (s) => (named(s, ofDefault)['bypass_actors'] = [someone]), 'bypass_actors: [{', true],
  [
    'enforcement off',
    (s) => (named(s, ofDefault)['enforcement'] = 'disabled'),
    'enforcement: "disabled"',
    true,
  ],
  [
    'evaluation only',
    (s) => (named(s, ofDefault)['enforcement'] = 'evaluate'),
    'enforcement: "evaluate"',
    true,
  ],
  [
    'another branch',
    (s) => (named(s, ofDefault)['conditions'] = { ref_name: { include: ['refs/heads/x'], exclude: [] } }),
    'conditions.ref_name.include',
    true,
  ],
  [
    'an excluded branch',
    (s) =>
      (named(s, ofDefault)['conditions'] = {
        ref_name: { include: ['~DEFAULT_BRANCH'], exclude: ['refs/heads/main'] },
      }),
    'conditions.ref_name.exclude',
    true,
  ],
  ['no rules', (s) => (named(s, ofDefault)['rules'] = []), 'rules.deletion', true],
  [
    'stale approvals',
    (s) => (parametersOf(named(s, ofDefault), 'pull_request')['dismiss_stale_reviews_on_push'] = false),
    'rules.pull_request.parameters.dismiss_stale_reviews_on_push: false → true',
    true,
  ],
  [
    'a check of any source',
    (s) =>
      (parametersOf(named(s, ofDefault), 'required_status_checks')['required_status_checks'] = [
        { context: 'change-control / main' },
      ]),
    'rules.required_status_checks.parameters.required_status_checks',
    true,
  ],
  [
    'a ledger for all',
    (s) => (named(s, 'sluice: ledger')['bypass_actors'] = [someone]),
    'bypass_actors',
    true,
  ],
  ['a freeze left on', (s) => (named(s, 'sluice: freeze')['enforcement'] = 'active'), 'enforcement', true],
  ['administrators', (s) => (gate(s).settings['can_admins_bypass'] = true), 'can_admins_bypass: true', true],
  ['a wait timer', (s) => (gate(s).settings['wait_timer'] = 30), 'wait_timer: 30 → 0', true],
  [
    'reviewers of an environment',
    (s) => (gate(s).settings['reviewers'] = [{ type: 'User', reviewer: { id: 1 } }]),
    'reviewers: [{',
    true,
  ],
  [
    'no policy',
    (s) => (gate(s).settings['deployment_branch_policy'] = null),
    'deployment_branch_policy',
    true,
  ],
  ['no branch', (s) => (gate(s).branches = []), 'branches: []', true],
  [
    'a further branch',
    (s) => (gate(s).branches = [...gate(s).branches, { id: 9, name: 'feature/*', type: 'branch' }]),
    'feature/*',
    false,
  ],
  ['a tag', (s) => (gate(s).branches = [{ id: 9, name: 'main', type: 'tag' }]), '"type":"tag"', false],
  ['an environment gone', (s) => s.environments.delete('acme-staging'), 'Environment acme-staging', true],
  [
    'rights to write',
    (s) => (s.rights = { ...s.rights, default_workflow_permissions: 'write' }),
    'default_workflow_permissions: "write"',
    true,
  ],
  [
    'workflows that approve',
    (s) => (s.rights = { ...s.rights, can_approve_pull_request_reviews: true }),
    'can_approve_pull_request_reviews: true → false',
    true,
  ],
  [
    'a secret that is gone',
    (s) => s.environmentSecrets.get('acme-staging')?.delete('SLUICE_LEDGER_KEY'),
    'sluice guard credentials acme',
    false,
  ],
  [
    'a credential of Cloudflare for the gate',
    (s) => s.environmentSecrets.get('gate')?.set('CLOUDFLARE_API_TOKEN', { sealed: '' }),
    'names: ["SLUICE_APP_PRIVATE_KEY","CLOUDFLARE_API_TOKEN"] → ["SLUICE_APP_PRIVATE_KEY"]',
    false,
  ],
  ['a credential', (s) => (s.secrets = ['OTHER', 'CLOUDFLARE_API_TOKEN']), '["CLOUDFLARE_API_TOKEN"]', false],
  [
    'an error in CODEOWNERS',
    (s) => (s.codeownersErrors = [{ line: 7, column: 1, kind: 'Unknown owner', path: '.github/CODEOWNERS' }]),
    '.github/CODEOWNERS:7: Unknown owner',
    false,
  ],
  [
    'a ruleset of somebody else',
    (s) =>
      s.rulesets.set(900, {
        name: 'hotfix\u001b[2J',
        source_type: 'Repository',
        target: 'branch',
        enforcement: 'active',
        conditions: { ref_name: { include: ['refs/heads/m*'], exclude: [] } },
        bypass_actors: [someone],
        rules: [],
      }),
    'hotfix\\u001b[2J',
    false,
  ],
];

describe('a guard-rail that was changed by hand', () => {
  it.each(breaks)('is named: %s', async (_name, spoil, shown, isRepaired) => {
    await setUp();
    spoil(world.github.settings);
    const ended = await world.guard(['check']);
    expect([ended.exit, ended.stdout]).toEqual(['drift', expect.stringContaining(shown)]);
    expect(ended.stdout).not.toContain('\u001b');
    expect(ended.stdout).toMatch(/\n[12] of \d+ guard-rails are not/);
    const repaired = await world.guard(['setup', '--apply']);
    expect(repaired.exit).toBe(isRepaired ? 'ok' : 'drift');
  });

  it('is not repaired by a server that answers 200 and keeps what it had', async () => {
    world.github.settings.bypassActors = [someone];
    const ended = await world.guard(['setup', '--apply']);
    expect([ended.exit, ended.stdout]).toEqual(['drift', expect.stringContaining('bypass_actors: [{')]);
    expect(ended.stdout).not.toContain('not sent');
  });

  it('leaves rulesets of others as they are', async () => {
    const theirs = { name: 'theirs', source_type: 'Repository', target: 'branch', enforcement: 'active' };
    world.github.settings.rulesets.set(7, theirs);
    await setUp();
    expect(world.github.settings.rulesets.get(7)).toBe(theirs);
  });
});

describe('a freeze', () => {
  it('is wanted from its start to its end', async () => {
    await setUp();
    const during = { TEST_NOW: '2026-12-18T00:00:00Z' };
    const ended = await world.guard(['check'], during);
    expect([ended.exit, ended.stdout]).toEqual([
      'drift',
      expect.stringContaining('enforcement: "disabled" → "active"'),
    ]);
    expect((await world.guard(['setup', '--apply'], during)).exit).toBe('ok');
    expect(world.writes()).toEqual([expect.stringMatching(/^PUT .*\/rulesets\/\d+$/)]);
    const after = { TEST_NOW: '2027-01-04T00:00:00Z' };
    expect((await world.guard(['check'], after)).exit).toBe('drift');
    await world.guard(['setup', '--apply'], after);
    expect((await world.guard(['check'], after)).exit).toBe('ok');
  });
});

describe('credentials', () => {
  const values = {
    CLOUDFLARE_API_TOKEN: 'token-of-acme-alone',
    STATE_ACCESS_KEY_ID: 'key-id-of-the-state',
    SLUICE_APP_PRIVATE_KEY: '-----BEGIN KEY-----\nfirst line\n',
  };
  const opened = async (environment: string, name: string): Promise<string> => {
    const { default: sodium } = await import('libsodium-wrappers');
    await sodium.ready;
    const bytes = (text: string): Uint8Array => sodium.from_base64(text, sodium.base64_variants.ORIGINAL);
    const { secretKey, environmentSecrets } = world.github.settings;
    const sealed = environmentSecrets.get(environment)?.get(name)?.sealed ?? '';
    return sodium.to_string(
      sodium.crypto_box_seal_open(bytes(sealed), bytes(secretKey.public), bytes(secretKey.private)),
    );
  };
  beforeEach(async () => {
    await setUp();
    for (const name of ['acme-production', 'acme-staging']) {
      world.github.settings.environmentSecrets.delete(name);
    }
  });

  it('are given once for all stacks of a client, and what is still missing is named', async () => {
    const looked = await world.guard(['credentials', 'acme'], values);
    expect([looked.exit, looked.stdout]).toEqual([
      'ok',
      expect.stringContaining('CLOUDFLARE_API_TOKEN     would be set'),
    ]);
    expect(world.writes()).toEqual([]);
    const ended = await world.guard(['credentials', 'acme', '--apply'], values);
    expect([ended.exit, ended.stdout]).toEqual([
      'drift',
      expect.stringContaining('SLUICE_LEDGER_KEY        missing: no value is given here'),
    ]);
    for (const environment of ['acme-production', 'acme-staging']) {
      for (const [name, value] of Object.entries(values)) {
        expect(await opened(environment, name)).toBe(value);
      }
    }
    expect(ended.stdout + ended.stderr).not.toContain('token-of-acme-alone');
    const rest = { STATE_SECRET_ACCESS_KEY: 'secret-of-the-state', SLUICE_LEDGER_KEY: 'a key' };
    const whole = await world.guard(['credentials', 'acme', '--apply'], rest);
    expect([whole.exit, whole.stdout]).toEqual(['ok', expect.stringContaining('is there, left as it is')]);
    expect((await world.guard(['check'])).exit).toBe('ok');
    const again = await world.guard(['credentials', 'acme', '--apply', '--format', 'json'], values);
    const { outcome, environments } = JSON.parse(again.stdout) as {
      readonly outcome: string;
      readonly environments: readonly { readonly secrets: readonly { readonly state: string }[] }[];
    };
    const states = ['replaced', 'replaced', 'there', 'replaced', 'there'];
    expect([outcome, environments.map(({ secrets }) => secrets.map(({ state }) => state))]).toEqual([
      'ok',
      [states, states],
    ]);
  });

  it('stop where GitHub refuses one, and say what was sent', async () => {
    const refused = `PUT /repos/${repository}/environments/acme-staging/secrets/CLOUDFLARE_API_TOKEN`;
    world.proxy.faultOf = (name) => (name === refused ? { status: 403 } : null);
    const ended = await world.guard(['credentials', 'acme', '--apply'], values);
    expect([ended.exit, ended.stdout]).toEqual(['partialApply', expect.stringContaining('Stopped: ')]);
    expect(ended.stdout).toMatch(/acme-staging\n  CLOUDFLARE_API_TOKEN +not sent/u);
    expect(world.github.settings.environmentSecrets.get('acme-production')?.size).toBe(3);
  });

  it.each([
    ['a client that is not known', ['credentials', 'akme'], values, 'sluice guard credentials acme'],
    ['no value', ['credentials', 'acme'], {}, 'None of CLOUDFLARE_API_TOKEN, '],
  ])('refuse %s', async (_name, args, env, text) => {
    const ended = await world.guard(args, env);
    expect([ended.exit, ended.stderr]).toEqual(['usage', expect.stringContaining(text)]);
  });

  it('need the environments first', async () => {
    world.github.settings.environments.delete('acme-staging');
    const ended = await world.guard(['credentials', 'acme', '--apply'], values);
    expect([ended.exit, ended.stderr]).toEqual([
      'usage',
      expect.stringContaining('sluice guard setup --apply'),
    ]);
    expect(world.writes()).toEqual([]);
  });
});

const prefix = `GET /repos/${repository}`;

describe('a read that fails', () => {
  it('is never fine, whichever it is and however it fails', async () => {
    await setUp();
    world.proxy.log.length = 0;
    expect((await world.guard(['check'])).exit).toBe('ok');
    const again = /environments\/acme|rulesets\/10[234]/;
    const reads = [...new Set(world.proxy.log)].filter((name) => !again.test(name));
    expect(reads.length).toBe(9);
    const fine: string[] = [];
    for (const read of reads) {
      for (const status of [403, 404, 422, 429, 502]) {
        world.proxy.faultOf = (name) => (name === read ? { status } : null);
        const { exit } = await world.guard(['check']);
        const isAbsent = status === 404 && /\/environments\/[^/]+(?:\/secrets)?$/.test(read);
        if (exit !== (isAbsent ? 'drift' : 'externalTool')) {
          fine.push(`${read} ${String(status)} ${exit}`);
        }
      }
      world.proxy.faultOf = (name) => (name === read ? { status: 200, body: '{}' } : null);
      const { exit } = await world.guard(['check']);
      if (exit === 'ok') {
        fine.push(`${read} empty ${exit}`);
      }
    }
    expect(fine).toEqual([]);
  }, 120_000);

  it('names the rail that is unknown and sends nothing for it', async () => {
    world.proxy.faultOf = (name) => (name === `${prefix}/rulesets` ? { status: 403 } : null);
    const ended = await world.guard(['setup', '--apply']);
    expect([ended.exit, ended.stdout]).toEqual([
      'externalTool',
      expect.stringContaining('unknown  Ruleset of the default branch'),
    ]);
    expect(world.writes().filter((name) => name.includes('ruleset'))).toEqual([]);
  });

  it('is unknown when GitHub hides who may bypass a ruleset', async () => {
    await setUp();
    world.github.settings.hidesBypass = true;
    const ended = await world.guard(['check']);
    expect([ended.exit, ended.stdout]).toEqual([
      'externalTool',
      expect.stringContaining('administrators only'),
    ]);
  });
});

describe('a write that fails', () => {
  it('stops there, says what was sent and what was not, and is not fine', async () => {
    let posted = 0;
    world.proxy.faultOf = (name) => {
      posted += name === `POST /repos/${repository}/rulesets` ? 1 : 0;
      return posted === 2 && name.startsWith('POST') ? { status: 422 } : null;
    };
    const ended = await world.guard(['setup', '--apply']);
    expect(ended.exit).toBe('partialApply');
    expect(ended.stdout).toMatch(/^sent POST [\s\S]*^not sent POST [\s\S]*Stopped: .*422/m);
    expect(world.github.settings.rulesets.size).toBe(1);
  });
});

describe('sluice guard show', () => {
  it('asks nobody and prints the rails with their reasons', async () => {
    const ended = await world.guard(['show'], { SLUICE_GITHUB_TOKEN: '', SLUICE_GITHUB_APP_ID: '' });
    expect([ended.exit, world.proxy.log]).toEqual(['ok', []]);
    expect(ended.stdout).toContain('change-control / main');
    expect(ended.stdout).toContain('lost without the App');
    const other = await world.guard(['show', '--branch', 'trunk', '--format', 'json']);
    expect(other.stdout).toContain('change-control / trunk');
  });
});
