/** A repository with policies and a register, a GitHub with no guard-rails, and `sluice guard` over real HTTP. */
import { secretsOf } from '../../../policies/guard-rails/guard-rails.ts';
import { createGuardRails } from '../../../scripts/adapters/github/guard-rails.ts';
import { startLocalGitHub, type LocalGitHub } from '../../../scripts/sandbox/github/server.ts';
import { startFaultProxy, type FaultProxy } from '../../adapters/network/fault-proxy.ts';
import { makeSmallEstate, type Ended, type SmallEstate } from '../small-estate.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';

export const repository = 'r-okafor/estate';
export const appId = 4711;

export interface GuardWorld {
  readonly estate: SmallEstate;
  readonly github: LocalGitHub;
  readonly proxy: FaultProxy;
  guard(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Requests since the last look that wrote something. */
  writes(): readonly string[];
  /** Back to no guard-rails but all secrets, no faults and an empty log. */
  reset(): void;
  close(): Promise<void>;
}

/** Everybody has what the jobs need; each test takes away what it is about. */
function giveSecrets({ environmentSecrets: all }: LocalGitHub['settings']): void {
  all.clear();
  for (const name of ['gate', 'acme-production', 'acme-staging']) {
    all.set(name, new Map(secretsOf(name, appId).map((secret) => [secret, { sealed: 'c2VhbGVk' }])));
  }
}

/** The caller closes it. Retries wait for milliseconds. */
export async function guardWorld(): Promise<GuardWorld> {
  const estate = makeSmallEstate();
  const github = await startLocalGitHub({
    users: [{ login: 'r-okafor', name: 'r-okafor' }],
    repository,
    now: () => new Date().toISOString(),
    environment: process.env,
  });
  const proxy = await startFaultProxy(github.url);
  let looked = 0;
  return {
    estate,
    github,
    proxy,
    guard: (args, more = {}) => {
      const env = {
        TEST_NOW: '2026-11-26T12:00:00Z',
        GITHUB_REPOSITORY: repository,
        SLUICE_GITHUB_TOKEN: github.tokens.get('r-okafor') ?? '',
        SLUICE_GITHUB_APP_ID: String(appId),
        ...more,
      };
      return estate.sluice(['guard', ...args], env, (services) => ({
        ...services,
        guardRails: async () =>
          createGuardRails({
            token: env.SLUICE_GITHUB_TOKEN,
            repository,
            baseUrl: proxy.url,
            appId: services.appId(),
            secrets: knownValues([]),
            retryUnitMs: 1,
          }),
      }));
    },
    writes: () => {
      const since = proxy.log.slice(looked);
      looked = proxy.log.length;
      return since.filter((name) => !name.startsWith('GET '));
    },
    reset: () => {
      const { settings } = github;
      settings.rulesets.clear();
      settings.environments.clear();
      giveSecrets(settings);
      settings.rights = { default_workflow_permissions: 'write', can_approve_pull_request_reviews: false };
      settings.secrets = [];
      settings.codeownersErrors = [];
      settings.bypassActors = null;
      settings.hidesBypass = false;
      settings.plan = 'enterprise';
      proxy.faultOf = () => null;
      proxy.log.length = 0;
      looked = 0;
    },
    close: async () => {
      await proxy.close();
      await github.close();
      estate.remove();
    },
  };
}
