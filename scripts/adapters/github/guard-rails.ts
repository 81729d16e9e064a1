/** The settings of the repository that `sluice guard` reads and writes. What an answer does not say is not made up. */
import type { JsonObject } from '../../plan/types.ts';
import type { SeenRuleset } from '../../../policies/model/guard-rails.ts';
import type { GuardRails } from '../../contract/guard-rails.ts';
import { callGitHub, connect, statusOf, whole, type Connection, type GitHubSettings } from './connection.ts';

const again = 'sluice guard check';

/** Throws nothing by itself: connections are made per call. */
export function createGuardRails(settings: GitHubSettings): GuardRails {
  const at = connect(settings);
  const { octokit, owner, repo } = at;
  return {
    repository: settings.repository,
    defaultBranch: () =>
      callGitHub('read the repository', again, async () =>
        textOf((await octokit.rest.repos.get({ owner, repo })).data.default_branch, 'default branch'),
      ),
    rulesets: () => callGitHub('read the rulesets', again, () => rulesets(at)),
    environment: (name) => callGitHub(`read the environment ${name}`, again, () => environment(at, name)),
    workflowRights: () =>
      callGitHub('read the default rights of workflows', again, async () => {
        const { data } = await octokit.rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository({
          owner,
          repo,
        });
        return asObject(data, ['default_workflow_permissions', 'can_approve_pull_request_reviews']);
      }),
    secretNames: () =>
      callGitHub('list the names of the secrets', again, async () => {
        const secrets = await octokit.paginate(octokit.rest.actions.listRepoSecrets, {
          owner,
          repo,
          per_page: 100,
        });
        return whole(secrets, 'name').map(({ name }) => name);
      }),
    environmentSecretNames: (name) =>
      callGitHub(`list the names of the secrets of ${name}`, again, () => environmentSecretNames(at, name)),
    setEnvironmentSecret: (environment_name, secret_name, value) =>
      callGitHub(`set ${secret_name} of ${environment_name}`, again, async () => {
        const place = { owner, repo, environment_name };
        const { data } = await octokit.rest.actions.getEnvironmentPublicKey(place);
        await octokit.rest.actions.createOrUpdateEnvironmentSecret({
          ...place,
          secret_name,
          key_id: data.key_id,
          encrypted_value: await sealed(value, data.key),
        });
      }),
    codeownersErrors: () =>
      callGitHub('check CODEOWNERS', again, async () => {
        const { errors } = (await octokit.rest.repos.codeownersErrors({ owner, repo })).data;
        return whole(errors, 'line').map(({ path, line, kind }) => `${path}:${String(line)}: ${kind}`);
      }),
    send: ({ method, path, body }) =>
      callGitHub(`${method} ${path}`, again, async () => {
        try {
          await octokit.request({ method, url: `/repos/${owner}/${repo}/${path}`, data: body });
          return 'taken';
        } catch (error) {
          // What a plan of GitHub's does not have is 422 with the words of the plan, or 403.
          if (statusOf(error) === 422 || statusOf(error) === 403) {
            return { refused: error instanceof Error ? error.message : String(error) };
          }
          throw error;
        }
      }),
  };
}

/** The list has no rules and no exceptions: each is read by itself. */
async function rulesets({ octokit, owner, repo }: Connection): Promise<readonly SeenRuleset[]> {
  const listed = await octokit.paginate(octokit.rest.repos.getRepoRulesets, {
    owner,
    repo,
    includes_parents: true,
    per_page: 100,
  });
  const seen: SeenRuleset[] = [];
  for (const { id } of whole(listed, 'id')) {
    const { data } = await octokit.rest.repos.getRepoRuleset({
      owner,
      repo,
      ruleset_id: id,
      includes_parents: true,
    });
    seen.push({
      id,
      name: textOf(data.name, 'name of a ruleset'),
      isOwn: data.source_type === 'Repository',
      value: asObject(data, ['enforcement', 'rules']),
    });
  }
  return seen;
}

async function environmentSecretNames(
  { octokit, owner, repo }: Connection,
  environment_name: string,
): Promise<readonly string[] | null> {
  try {
    const secrets = await octokit.paginate(octokit.rest.actions.listEnvironmentSecrets, {
      owner,
      repo,
      environment_name,
      per_page: 100,
    });
    return whole(secrets, 'name').map(({ name }) => name);
  } catch (error) {
    if (statusOf(error) === 404) {
      return null;
    }
    throw error;
  }
}

/** A sealed box of libsodium's, as GitHub asks for (docs.github.com, "Encrypting secrets for the REST API"), in base64. */
async function sealed(value: string, publicKey: string): Promise<string> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const key = sodium.from_base64(publicKey, sodium.base64_variants.ORIGINAL);
  const box = sodium.crypto_box_seal(sodium.from_string(value), key);
  return sodium.to_base64(box, sodium.base64_variants.ORIGINAL);
}

async function environment(at: Connection, name: string): Promise<JsonObject | null> {
  const { octokit, owner, repo } = at;
  let data;
  try {
    ({ data } = await octokit.rest.repos.getEnvironment({ owner, repo, environment_name: name }));
  } catch (error) {
    if (statusOf(error) === 404) {
      return null;
    }
    throw error;
  }
  // Not in GitHub's description of the answer, but in the answer.
  const { can_admins_bypass: bypass } = asObject(data, ['name', 'can_admins_bypass', 'protection_rules']);
  const rules = whole(data.protection_rules ?? [], 'type');
  const policy = data.deployment_branch_policy ?? null;
  return {
    name: data.name,
    can_admins_bypass: bypass ?? null,
    wait_timer: numberOf(rules.flatMap((rule) => ('wait_timer' in rule ? [rule.wait_timer] : []))[0] ?? 0),
    reviewers: rules.flatMap((rule) =>
      'reviewers' in rule ? (rule.reviewers ?? []).map(({ type }) => ({ type: type ?? 'unknown' })) : [],
    ),
    deployment_branch_policy:
      policy === null
        ? null
        : {
            protected_branches: policy.protected_branches,
            custom_branch_policies: policy.custom_branch_policies,
          },
    branches: policy?.custom_branch_policies === true ? await branches(at, name) : [],
  };
}

async function branches({ octokit, owner, repo }: Connection, name: string): Promise<readonly JsonObject[]> {
  const policies = await octokit.paginate(octokit.rest.repos.listDeploymentBranchPolicies, {
    owner,
    repo,
    environment_name: name,
    per_page: 100,
  });
  // Of old policies GitHub does not say the type; only branches existed then.
  return whole(policies, 'name').map((policy) => ({
    name: policy.name ?? '',
    type: policy.type ?? 'branch',
  }));
}

/** The answer as data, if it says all of `keys`. */
function asObject(data: unknown, keys: readonly string[]): JsonObject {
  if (typeof data !== 'object' || data === null || keys.some((key) => !(key in data))) {
    throw new TypeError(`an answer that does not say ${keys.join(', ')}`);
  }
  return data as JsonObject;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`an answer without the ${what}`);
  }
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') {
    throw new TypeError('a wait timer that is not a number');
  }
  return value;
}
