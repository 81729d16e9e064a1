/** What `sluice guard` needs of GitHub. */
import type { GuardRequest, SeenRuleset } from '../../policies/model/guard-rails.ts';
import type { JsonObject } from '../plan/types.ts';

/** The settings of the repository on GitHub that guard it. An answer that is not complete is an error. */
export interface GuardRails {
  /** `owner/name`. */
  readonly repository: string;
  defaultBranch(): Promise<string>;
  /** All of them with their rules, those of the organization as well. */
  rulesets(): Promise<readonly SeenRuleset[]>;
  /** As a guard-rail describes it, with the branches that may deploy; null when there is none. */
  environment(name: string): Promise<JsonObject | null>;
  workflowRights(): Promise<JsonObject>;
  secretNames(): Promise<readonly string[]>;
  /** Names of the secrets of an environment; null when there is no such environment. */
  environmentSecretNames(environment: string): Promise<readonly string[] | null>;
  /** Sets a secret of an environment, sealed for GitHub before it is sent. Throws where there is no such environment. */
  setEnvironmentSecret(environment: string, name: string, value: string): Promise<void>;
  codeownersErrors(): Promise<readonly string[]>;
  /** `refused`: GitHub took the request for one and does not do it (422, 403), in its words. Throws for everything else. */
  send(request: GuardRequest): Promise<'taken' | { readonly refused: string }>;
}
