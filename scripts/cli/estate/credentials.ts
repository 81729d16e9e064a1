import type { SluiceContext } from '../../contract/context.ts';
import type { ExitName } from '../../contract/exit-codes.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import {
  giveCredentials,
  type CredentialsResult,
  type SecretState,
} from '../../estate/repository/credentials.ts';
import { escapeTerminalLine } from '../../render/text/escape.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { appIdFor } from './guard.ts';

export interface CredentialsFlags {
  readonly apply: boolean;
  readonly withoutApp: boolean;
  readonly format: 'text' | 'json';
}

/** `sluice guard credentials`: the secrets of the environments of a client's stacks. Prints names, never values. */
export async function guardCredentials(
  this: SluiceContext,
  { apply, withoutApp, format }: CredentialsFlags,
  owner: string,
): Promise<void> {
  const services = await this.services();
  const appId = appIdFor(services.appId(), withoutApp, `credentials ${owner}`);
  const { registers } = await loadPolicy(fromWorkingTree(services.files, await services.git.root()));
  const github = await services.guardRails();
  const values = this.surroundings.env;
  const result = await giveCredentials(github, registers, { owner, appId, values, apply });
  const outcome = outcomeOf(result, apply);
  const { repository } = github;
  this.print(
    format === 'json'
      ? printedJson({
          kind: 'sluice.guard-credentials',
          version: 1,
          outcome,
          repository,
          applied: apply,
          ...result,
        })
      : resultText(result, `sluice guard credentials ${owner} --apply`, apply),
  );
  this.exit(outcome);
}

function outcomeOf({ environments, failed }: CredentialsResult, isApplied: boolean): ExitName {
  const states = environments.flatMap(({ secrets }) => secrets.map(({ state }) => state));
  if (failed !== null) {
    return states.some((state) => state === 'set' || state === 'replaced') ? 'partialApply' : 'externalTool';
  }
  return isApplied && states.includes('missing') ? 'drift' : 'ok';
}

const stateTexts: Readonly<Record<SecretState, string>> = {
  missing: 'missing: no value is given here',
  'not-sent': 'not sent',
  replaced: 'replaced',
  set: 'set',
  there: 'is there, left as it is',
  'would-replace': 'would be replaced',
  'would-set': 'would be set',
};

function resultText(
  { environments, failed }: CredentialsResult,
  command: string,
  isApplied: boolean,
): string {
  return [
    ...environments.flatMap(({ environment, secrets }) => [
      environment,
      ...secrets.map(({ name, state }) => `  ${name.padEnd(24)} ${stateTexts[state]}`),
    ]),
    ...(failed === null ? [] : [`Stopped: ${escapeTerminalLine(failed)}`]),
    isApplied ? 'Next: sluice guard check' : `Nothing was sent. Next: ${command}`,
    '',
  ].join('\n');
}
