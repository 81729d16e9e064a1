/** The secrets of environments, given once for all stacks of a client. Values come from whoever runs it and are only sent. */
import { gateEnvironment, secretsOf } from '../../../policies/guard-rails/guard-rails.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { ExternalError, UsageError } from '../../contract/errors.ts';
import type { GuardRails } from '../../contract/guard-rails.ts';
import { nearestWord } from '../../plan/nearest-word.ts';

/** `there`: it was before, and no value for it is given. `missing`: neither. */
export type SecretState =
  | 'missing'
  | 'not-sent'
  | 'replaced'
  | 'set'
  | 'there'
  | 'would-replace'
  | 'would-set';

interface EnvironmentCredentials {
  readonly environment: string;
  readonly secrets: readonly { readonly name: string; readonly state: SecretState }[];
}

export interface CredentialsGiven {
  /** A client of the registers, or `gate`. */
  readonly owner: string;
  readonly appId: number | null;
  /** By name; one that is empty or absent is not given. */
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly apply: boolean;
}

export interface CredentialsResult {
  readonly environments: readonly EnvironmentCredentials[];
  /** Why no more were sent; null when nothing failed. */
  readonly failed: string | null;
}

/**
 * Says what is there and sends what is given, environment by environment; stops at the first request that fails.
 * Throws UsageError for an owner that is not known, where no value is given, and where an environment does not exist.
 */
export async function giveCredentials(
  github: GuardRails,
  registers: readonly Register[],
  given: CredentialsGiven,
): Promise<CredentialsResult> {
  const environments = environmentsOf(given.owner, registers);
  refuseNothing(environments, given);
  const known: { readonly environment: string; readonly there: readonly string[] }[] = [];
  for (const environment of environments) {
    known.push({ environment, there: await namesIn(github, environment) });
  }
  const done: EnvironmentCredentials[] = [];
  let failed: string | null = null;
  for (const { environment, there } of known) {
    const secrets: { readonly name: string; readonly state: SecretState }[] = [];
    for (const name of secretsOf(environment, given.appId)) {
      const value = given.values[name] ?? '';
      const isThere = there.includes(name);
      if (value === '') {
        secrets.push({ name, state: isThere ? 'there' : 'missing' });
      } else if (!given.apply) {
        secrets.push({ name, state: isThere ? 'would-replace' : 'would-set' });
      } else {
        failed ??= await refusal(() => github.setEnvironmentSecret(environment, name, value));
        secrets.push({ name, state: failed !== null ? 'not-sent' : isThere ? 'replaced' : 'set' });
      }
    }
    done.push({ environment, secrets });
  }
  return { environments: done, failed };
}

function environmentsOf(owner: string, registers: readonly Register[]): readonly string[] {
  if (owner === gateEnvironment) {
    return [gateEnvironment];
  }
  const register = registers.find(({ client }) => client === owner);
  if (register === undefined) {
    const near = nearestWord(
      owner,
      registers.map(({ client }) => client),
    );
    throw new UsageError({
      what: `There is no client ${owner}.`,
      why:
        near === null
          ? 'Credentials are of a client of the registers, or of `gate`.'
          : `The nearest is ${near}.`,
      fix: 'Name a client, or `gate`.',
      next: `sluice guard credentials ${near ?? '<client>'}`,
    });
  }
  return register.stacks.map(({ name }) => name);
}

function refuseNothing(environments: readonly string[], { owner, appId, values }: CredentialsGiven): void {
  const wanted = [...new Set(environments.flatMap((name) => secretsOf(name, appId)))];
  if (wanted.every((name) => (values[name] ?? '') === '')) {
    throw new UsageError({
      what: `None of ${wanted.join(', ')} is set here.`,
      why: 'The values are read from the environment of this command: an argument would be in the history of the shell.',
      fix: 'Set those that are to be given, for this command only.',
      next: `sluice guard credentials ${owner}`,
    });
  }
}

async function namesIn(github: GuardRails, environment: string): Promise<readonly string[]> {
  const names = await github.environmentSecretNames(environment);
  if (names === null) {
    throw new UsageError({
      what: `There is no environment ${environment} on GitHub.`,
      why: 'A secret belongs to one.',
      fix: 'Make the environments first.',
      next: 'sluice guard setup --apply',
    });
  }
  return names.map((name) => name.toUpperCase());
}

async function refusal(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ExternalError) {
      return [error.parts.what, error.parts.why ?? ''].join(' ').trim();
    }
    throw error;
  }
}
