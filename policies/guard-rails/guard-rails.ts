/**
 * The guard-rails of the repository itself: without them, whoever may push can go round the gate. This says what is
 * wanted; `guard-rails-compare.ts` says what differs and what would put it right.
 */
import { instantMs } from '../gate/instant.ts';
import type { Calendar, FreezePeriod } from '../model/calendar.ts';
import { periodsOf } from '../windows.ts';
import type { GuardRail } from '../model/guard-rails.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';

export interface GuardSetting {
  readonly defaultBranch: string;
  /** Name of the gate's check run for pull requests to the default branch. */
  readonly check: string;
  readonly ledgerBranch: string;
  /** What the names of the tags that mark entries of the ledger begin with. */
  readonly ledgerTags: string;
  /** Null: no App; what is lost is said with each rail. */
  readonly appId: number | null;
  readonly stacks: readonly { readonly name: string; readonly client: string }[];
  readonly calendar: Calendar;
  /** RFC 3339. */
  readonly now: string;
}

/** The key of the GitHub App. */
const appKey = 'SLUICE_APP_PRIVATE_KEY';

/** These belong to environments: a secret of the repository is read by the workflow of any branch. */
export const environmentSecrets: readonly string[] = [
  'CLOUDFLARE_API_TOKEN',
  'STATE_ACCESS_KEY_ID',
  'STATE_SECRET_ACCESS_KEY',
  appKey,
  'SLUICE_LEDGER_KEY',
];

/** The environment of the gate, which decides and releases nothing. */
export const gateEnvironment = 'gate';

/** Names of the secrets that an environment has to have, and no others of these. */
export function secretsOf(environment: string, appId: number | null): readonly string[] {
  const names = environment === gateEnvironment ? [appKey] : environmentSecrets;
  return names.filter((name) => name !== appKey || appId !== null);
}

/** All rails, in the order in which they are set up: environments before rulesets, which would ask for a gate that has no key yet. */
export function desiredGuardRails(setting: GuardSetting): readonly GuardRail[] {
  const clients = new Map(setting.stacks.map(({ name, client }) => [name, client]));
  const environments = [gateEnvironment, ...clients.keys()];
  return [
    ...environments.map((name) => environmentRail(name, setting)),
    ...environments.map((name) =>
      environmentSecretsRail(name, clients.get(name) ?? gateEnvironment, setting.appId),
    ),
    defaultBranchRail(setting),
    ledgerRail(setting),
    ledgerTagsRail(setting),
    freezeRail(setting),
    workflowRightsRail,
    secretsRail,
    codeownersRail,
    foreignRail,
  ];
}

/**
 * The hard freezes of everybody and everything that cover the instant. One whose dates cannot be read covers it, and so
 * does every one when the instant itself cannot be read.
 */
export function freezesOfAll(calendar: Calendar, now: string): readonly FreezePeriod[] {
  const at = instantMs(now);
  return calendar.freezes
    .filter(
      ({ kind, clients, categories }) => kind === 'hard' && clients === 'all' && categories === undefined,
    )
    .flatMap((freeze): readonly FreezePeriod[] => {
      const { id, reason, kind, clients, exemptionBy } = freeze;
      return at === null
        ? [{ id, reason, kind, clients, exemptionBy, start: now, end: now }]
        : periodsOf(freeze, at, at + 1);
    });
}

function ruleset(
  name: string,
  ref: string,
  rules: readonly JsonObject[],
  {
    target = 'branch',
    enforcement = 'active',
    bypass = [],
  }: {
    readonly target?: 'branch' | 'tag';
    readonly enforcement?: string;
    readonly bypass?: readonly Json[];
  } = {},
): JsonObject {
  return {
    name,
    target,
    enforcement,
    bypass_actors: bypass,
    conditions: { ref_name: { include: [ref], exclude: [] } },
    rules,
  };
}

function defaultBranchRail({ check, appId }: GuardSetting): GuardRail {
  const pinned = appId === null ? {} : { integration_id: appId };
  const rules: readonly JsonObject[] = [
    { type: 'deletion' },
    { type: 'non_fast_forward' },
    {
      type: 'pull_request',
      parameters: {
        // A merge keeps the approved head in the history, and the release can make the same tree again.
        allowed_merge_methods: ['merge'],
        dismiss_stale_reviews_on_push: true,
        // Who has to agree is for the gate alone: a number here would stop standard changes, which need nobody, and
        // an emergency whose implementer goes alone; code owners are whom GitHub suggests (.github/CODEOWNERS).
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_approving_review_count: 0,
        required_review_thread_resolution: true,
      },
    },
    {
      type: 'required_status_checks',
      parameters: {
        do_not_enforce_on_create: false,
        // The gate decides against what is released, whatever the base branch did. Strict would ask for a new head, and
        // with it for all approvals again, whenever another change is merged.
        strict_required_status_checks_policy: false,
        required_status_checks: [{ context: check, ...pinned }],
      },
    },
  ];
  return {
    id: 'ruleset-default-branch',
    kind: 'ruleset',
    title: 'Ruleset of the default branch',
    why: 'Nothing gets to the default branch but by a pull request that the gate allowed, and nobody is excepted.',
    lostWithout:
      appId === null
        ? "Anybody who can push can publish the required check: it has no source that is the gate's alone."
        : null,
    wanted: ruleset('sluice: default branch', '~DEFAULT_BRANCH', rules),
  };
}

function ledgerRail({ appId, ledgerBranch }: GuardSetting): GuardRail {
  const protections = [{ type: 'deletion' }, { type: 'non_fast_forward' }];
  const ref = `refs/heads/${ledgerBranch}`;
  return {
    id: 'ruleset-ledger',
    kind: 'ruleset',
    title: 'Ruleset of the ledger',
    why: 'The record of releases is written by releases only, and only added to.',
    // Without an App to except, a rule against updates would also stop the release.
    lostWithout: appId === null ? 'Anybody who can push can add to the ledger.' : null,
    wanted:
      appId === null
        ? ruleset('sluice: ledger', ref, protections)
        : ruleset('sluice: ledger', ref, [{ type: 'creation' }, { type: 'update' }, ...protections], {
            bypass: [{ actor_id: appId, actor_type: 'Integration', bypass_mode: 'always' }],
          }),
  };
}

/** GitHub's own words for rules of tags: an update moves one, a creation makes one. */
function ledgerTagsRail({ appId, ledgerTags }: GuardSetting): GuardRail {
  const bypass =
    appId === null ? [] : [{ actor_id: appId, actor_type: 'Integration', bypass_mode: 'always' }];
  return {
    id: 'ruleset-ledger-tags',
    kind: 'ruleset',
    title: 'Ruleset of the tags of the ledger',
    why: 'Tags mark how far the ledger had come: without them a clone that never saw it cannot tell that its end was cut off.',
    lostWithout:
      appId === null ? 'Anybody who can push can add a tag, which stops releases until it is removed.' : null,
    wanted: ruleset(
      'sluice: ledger tags',
      `refs/tags/${ledgerTags}*`,
      [
        ...(appId === null ? [] : [{ type: 'creation' }]),
        { type: 'update' },
        { type: 'deletion' },
        { type: 'non_fast_forward' },
      ],
      { target: 'tag', bypass },
    ),
  };
}

function freezeRail({ calendar, now }: GuardSetting): GuardRail {
  const freezes = freezesOfAll(calendar, now).map(({ id }) => id);
  return {
    id: 'ruleset-freeze',
    kind: 'ruleset',
    title: freezes.length === 0 ? 'Ruleset of freezes, off' : `Ruleset of freezes, on: ${freezes.join(', ')}`,
    why: 'During a hard freeze for everybody GitHub itself takes no merge; at any other time this must not be in the way.',
    lostWithout: null,
    wanted: ruleset('sluice: freeze', '~DEFAULT_BRANCH', [{ type: 'update' }], {
      enforcement: freezes.length === 0 ? 'disabled' : 'active',
    }),
  };
}

function environmentRail(name: string, { defaultBranch }: GuardSetting): GuardRail {
  return {
    id: `environment-${name}`,
    kind: 'environment',
    title: `Environment ${name}`,
    why: 'Its secrets are for jobs of the default branch only; a branch of anybody else, an administrator too, must not read them.',
    lostWithout: null,
    wanted: {
      name,
      can_admins_bypass: false,
      wait_timer: 0,
      reviewers: [],
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      branches: [{ name: defaultBranch, type: 'branch' }],
    },
  };
}

/** Only names are read: GitHub tells nobody a secret. */
function environmentSecretsRail(name: string, owner: string, appId: number | null): GuardRail {
  return {
    id: `environment-secrets-${name}`,
    kind: 'environment-secrets',
    title: `Secrets of the environment ${name}`,
    why: `A job of it ends at its first step without them, and reads what it does not need where there are more. Give those of all stacks of ${owner} at once: sluice guard credentials ${owner}`,
    lostWithout: null,
    wanted: { environment: name, names: secretsOf(name, appId) },
  };
}

const workflowRightsRail: GuardRail = {
  id: 'workflow-rights',
  kind: 'workflow-rights',
  title: 'Default rights of the workflow token',
  why: 'A workflow that names no rights may read only, and none may approve a pull request.',
  lostWithout: null,
  wanted: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
};

const secretsRail: GuardRail = {
  id: 'repository-secrets',
  kind: 'secrets',
  title: 'No credentials among the secrets of the repository',
  why: 'The workflow of every branch reads secrets of the repository. Move them to the environments and delete them here.',
  lostWithout: null,
  wanted: { found: [] },
};

const codeownersRail: GuardRail = {
  id: 'codeowners',
  kind: 'codeowners',
  title: 'CODEOWNERS without errors',
  why: 'GitHub ignores a line that it cannot read: its files then have no owner. Correct the lines.',
  lostWithout: null,
  wanted: { errors: [] },
};

const foreignRail: GuardRail = {
  id: 'foreign-rulesets',
  kind: 'foreign-rulesets',
  title: 'No other ruleset with exceptions on the default branch',
  why: 'Somebody relies on a rule that others may skip. Sluice does not touch it: remove the exception or the ruleset.',
  lostWithout: null,
  wanted: { rulesets: [] },
};
