/** Rulesets, environments, secrets and rights of the repository, with GitHub's habit of adding to what it was sent. */
import { generateKeyPairSync } from 'node:crypto';
import { ok, repositoryPath, type Answered, type Call, type Route } from './route.ts';

type GuardFields = Record<string, unknown>;

/** What the repository has, open to be changed by hand. Nothing is protected at first, as in a new repository. */
export interface GuardSettings {
  readonly rulesets: Map<number, GuardFields>;
  readonly environments: Map<string, LocalEnvironment>;
  rights: GuardFields;
  secrets: readonly string[];
  /** By environment, then by name, as they were sent. */
  readonly environmentSecrets: Map<string, LocalSecrets>;
  /** What secrets are sealed for, X25519 in base64. */
  readonly secretKey: { readonly id: string; readonly public: string; readonly private: string };
  codeownersErrors: readonly GuardFields[];
  /** When set, every ruleset keeps these exceptions whatever is sent, and the answer is 200 all the same. */
  bypassActors: readonly unknown[] | null;
  /** Protection rules of environments in private repositories are Enterprise's: with `team` they are refused, even as defaults. */
  plan: 'enterprise' | 'team';
  /** When set, nobody is told who may bypass a ruleset, as GitHub does with people who are not administrators. */
  hidesBypass: boolean;
}

interface LocalEnvironment {
  settings: GuardFields;
  branches: readonly GuardFields[];
}

/** Of an environment, which may be made before or after them. */
type LocalSecrets = Map<string, { readonly sealed: string }>;

export interface GuardLog {
  readonly routes: readonly Route[];
  readonly settings: GuardSettings;
}

/** An unprotected repository. */
export function startGuardSettings(): GuardLog {
  const settings: GuardSettings = {
    rulesets: new Map(),
    environments: new Map(),
    rights: { default_workflow_permissions: 'write', can_approve_pull_request_reviews: false },
    secrets: [],
    environmentSecrets: new Map(),
    secretKey: secretKey(),
    codeownersErrors: [],
    bypassActors: null,
    plan: 'enterprise',
    hidesBypass: false,
  };
  return {
    settings,
    routes: [
      ...rulesetRoutes(settings),
      ...secretRoutes(settings),
      ...environmentRoutes(settings),
      ...otherRoutes(settings),
    ],
  };
}

function base64(text: string): string {
  return Buffer.from(text, 'base64url').toString('base64');
}

function secretKey(): GuardSettings['secretKey'] {
  const { privateKey } = generateKeyPairSync('x25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  return { id: '568250167242549743', public: base64(x), private: base64(d) };
}

const notFound: Answered = { status: 404, body: { message: 'Not Found' } };

function bodyOf({ text }: Call): GuardFields {
  return JSON.parse(text) as GuardFields;
}

function at(rest: string): RegExp {
  return new RegExp(`^${repositoryPath}${rest}$`);
}

function rulesetRoutes(settings: GuardSettings): readonly Route[] {
  const { rulesets } = settings;
  const put = (id: number, sent: GuardFields): Answered => {
    const bypass = settings.bypassActors === null ? {} : { bypass_actors: settings.bypassActors };
    rulesets.set(id, { source_type: 'Repository', ...sent, ...bypass });
    return ok(rulesetAnswer(settings, id));
  };
  return [
    {
      method: 'GET',
      path: at('/rulesets'),
      answer: () =>
        ok(
          [...rulesets.keys()].map((id) => {
            const {
              rules: _rules,
              bypass_actors: _actors,
              conditions: _on,
              ...listed
            } = rulesetAnswer(settings, id);
            return listed;
          }),
        ),
    },
    {
      method: 'POST',
      path: at('/rulesets'),
      answer: (call) => ({ ...put(Math.max(100, ...rulesets.keys()) + 1, bodyOf(call)), status: 201 }),
    },
    {
      method: 'GET',
      path: at(String.raw`/rulesets/(\d+)`),
      answer: ({ found }) =>
        rulesets.has(Number(found[1])) ? ok(rulesetAnswer(settings, Number(found[1]))) : notFound,
    },
    {
      method: 'PUT',
      path: at(String.raw`/rulesets/(\d+)`),
      answer: (call) => {
        const id = Number(call.found[1]);
        return rulesets.has(id) ? put(id, { ...rulesets.get(id), ...bodyOf(call) }) : notFound;
      },
    },
  ];
}

/** In an order of its own, with numbers and defaults that nobody sent. */
function rulesetAnswer(settings: GuardSettings, id: number): GuardFields {
  const stored = settings.rulesets.get(id) ?? {};
  const rules = (stored['rules'] ?? []) as readonly {
    readonly type: string;
    readonly parameters?: GuardFields;
  }[];
  const { bypass_actors: actors = [], ...rest } = stored;
  return {
    id,
    node_id: `RRS_${String(id)}`,
    source: 'owner/name',
    created_at: '2026-11-01T09:00:00Z',
    current_user_can_bypass: 'never',
    ...rest,
    ...(settings.hidesBypass ? {} : { bypass_actors: actors }),
    rules: rules
      .toReversed()
      .map((rule) =>
        rule.type === 'pull_request'
          ? { ...rule, parameters: { required_reviewers: [], ...rule.parameters } }
          : rule,
      ),
  };
}

function named({ found }: Call): string {
  return decodeURIComponent(found[1] ?? '');
}

function environmentRoutes(settings: GuardSettings): readonly Route[] {
  const { environments } = settings;
  const path = at('/environments/([^/]+)');
  const policies = at('/environments/([^/]+)/deployment-branch-policies');
  return [
    {
      method: 'GET',
      path,
      answer: (call) => {
        const environment = environments.get(named(call));
        return environment === undefined ? notFound : ok(environmentAnswer(named(call), environment));
      },
    },
    {
      method: 'PUT',
      path,
      answer: (call) => {
        const name = named(call);
        const rules = ['wait_timer', 'reviewers', 'prevent_self_review', 'can_admins_bypass'];
        if (settings.plan === 'team' && rules.some((rule) => rule in bodyOf(call))) {
          return { status: 422, body: { message: refusal } };
        }
        const made = { settings: bodyOf(call), branches: environments.get(name)?.branches ?? [] };
        environments.set(name, made);
        return ok(environmentAnswer(name, made));
      },
    },
    {
      method: 'GET',
      path: policies,
      answer: (call) => {
        const branches = environments.get(named(call))?.branches;
        return branches === undefined
          ? notFound
          : ok({ total_count: branches.length, branch_policies: branches });
      },
    },
    {
      method: 'POST',
      path: policies,
      answer: (call) => {
        const environment = environments.get(named(call));
        if (environment === undefined) {
          return notFound;
        }
        const { name } = bodyOf(call);
        if (environment.branches.some((branch) => branch['name'] === name)) {
          return { status: 303, body: null };
        }
        const policy = { id: environment.branches.length + 1, node_id: 'GP_1', ...bodyOf(call) };
        environment.branches = [...environment.branches, policy];
        return ok(policy);
      },
    },
  ];
}

/**
 * Names are told, values never. A secret is sealed for the key of the environment and comes with that key's id
 * (docs.github.com, REST API, "GitHub Actions Secrets", version 2022-11-28).
 */
function secretRoutes(settings: GuardSettings): readonly Route[] {
  const { environments, environmentSecrets, secretKey: key } = settings;
  const within = (call: Call, answer: (secrets: LocalSecrets) => Answered): Answered => {
    if (!environments.has(named(call))) {
      return notFound;
    }
    const secrets: LocalSecrets = environmentSecrets.get(named(call)) ?? new Map();
    environmentSecrets.set(named(call), secrets);
    return answer(secrets);
  };
  return [
    {
      method: 'GET',
      path: at('/environments/([^/]+)/secrets'),
      answer: (call) =>
        within(call, (secrets) =>
          ok({
            total_count: secrets.size,
            secrets: [...secrets.keys()].map((name) => ({
              name,
              created_at: '2026-11-01T09:00:00Z',
              updated_at: '2026-11-01T09:00:00Z',
            })),
          }),
        ),
    },
    {
      method: 'GET',
      path: at('/environments/([^/]+)/secrets/public-key'),
      answer: (call) => within(call, () => ok({ key_id: key.id, key: key.public })),
    },
    {
      method: 'PUT',
      path: at('/environments/([^/]+)/secrets/([A-Z_][A-Z0-9_]*)'),
      answer: (call) =>
        within(call, (secrets) => {
          const { encrypted_value: sealed, key_id: id } = bodyOf(call);
          if (typeof sealed !== 'string' || id !== key.id) {
            return { status: 422, body: { message: 'Validation Failed' } };
          }
          const name = call.found[2] ?? '';
          const status = secrets.has(name) ? 204 : 201;
          secrets.set(name, { sealed });
          return { status, body: status === 201 ? {} : null };
        }),
    },
  ];
}

/** GitHub's words for it, as issue threads of its users quote them. */
const refusal =
  'Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.';

/** What is off has no rule; administrators may bypass unless it was said. */
function environmentAnswer(name: string, { settings }: LocalEnvironment): GuardFields {
  const { wait_timer: timer = 0, reviewers, deployment_branch_policy: policy = null } = settings;
  const people = Array.isArray(reviewers) ? (reviewers as readonly unknown[]) : [];
  return {
    id: 1,
    node_id: 'EN_1',
    name,
    can_admins_bypass: settings['can_admins_bypass'] ?? true,
    protection_rules: [
      ...(timer === 0 ? [] : [{ id: 1, node_id: 'GA_1', type: 'wait_timer', wait_timer: timer }]),
      ...(people.length === 0
        ? []
        : [{ id: 2, node_id: 'GA_2', type: 'required_reviewers', reviewers: people }]),
      ...(policy === null ? [] : [{ id: 3, node_id: 'GA_3', type: 'branch_policy' }]),
    ],
    deployment_branch_policy: policy,
  };
}

function otherRoutes(settings: GuardSettings): readonly Route[] {
  return [
    { method: 'GET', path: at('/actions/permissions/workflow'), answer: () => ok(settings.rights) },
    {
      method: 'PUT',
      path: at('/actions/permissions/workflow'),
      answer: (call) => {
        settings.rights = { ...settings.rights, ...bodyOf(call) };
        return { status: 204, body: null };
      },
    },
    {
      method: 'GET',
      path: at('/actions/secrets'),
      answer: () =>
        ok({
          total_count: settings.secrets.length,
          secrets: settings.secrets.map((name) => ({ name, created_at: '2026-11-01T09:00:00Z' })),
        }),
    },
    {
      method: 'GET',
      path: at('/codeowners/errors'),
      answer: () => ok({ errors: settings.codeownersErrors }),
    },
  ];
}
