import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import type { ExitName } from '../../contract/exit-codes.ts';
import { inspect, setUp, wantedRails, type Setup } from '../../estate/repository/guard.ts';
import { renderRails, renderRailFindings, renderSetup } from '../../render/release/guard-text.ts';
import type { RailFinding } from '../../../policies/model/guard-rails.ts';

interface FormatFlag {
  readonly format: 'text' | 'json';
}

export interface GuardShowFlags extends FormatFlag {
  readonly branch: string;
}

/** `sluice guard show`: the rails that are wanted. Asks nobody, so the default branch is what `--branch` says. */
export async function guardShow(this: SluiceContext, flags: GuardShowFlags): Promise<void> {
  const services = await this.services();
  const rails = await wantedRails(services, flags.branch, services.appId());
  this.print(
    flags.format === 'json'
      ? printedJson({ kind: 'sluice.guard-rails', version: 1, outcome: 'ok', rails })
      : renderRails(rails, this.style),
  );
}

export interface GuardCheckFlags extends FormatFlag {
  readonly withoutApp: boolean;
}

/** `sluice guard check`: `ok` only when every rail was read and is as wanted. Writes nothing. */
export async function guardCheck(this: SluiceContext, flags: GuardCheckFlags): Promise<void> {
  const services = await this.services();
  const appId = appIdFor(services.appId(), flags.withoutApp, 'check');
  const github = await services.guardRails();
  const branch = await github.defaultBranch();
  const findings = await inspect(github, await wantedRails(services, branch, appId), branch);
  const outcome = outcomeOf(findings);
  const { repository } = github;
  this.print(
    flags.format === 'json'
      ? printedJson({ kind: 'sluice.guard-check', version: 1, outcome, repository, findings })
      : renderRailFindings(findings, this.style),
  );
  this.exit(outcome);
}

export interface GuardSetupFlags extends GuardCheckFlags {
  readonly apply: boolean;
}

/** `sluice guard setup`: the requests that would be sent; with `--apply` sends them and says what GitHub made of them. */
export async function guardSetup(this: SluiceContext, flags: GuardSetupFlags): Promise<void> {
  const services = await this.services();
  const appId = appIdFor(services.appId(), flags.withoutApp, 'setup');
  const github = await services.guardRails();
  const branch = await github.defaultBranch();
  const rails = await wantedRails(services, branch, appId);
  const setup = await setUp(github, rails, branch, flags.apply);
  const outcome = setupOutcome(setup, flags.apply);
  const { repository } = github;
  this.print(
    flags.format === 'json'
      ? printedJson({
          kind: 'sluice.guard-setup',
          version: 1,
          outcome,
          repository,
          applied: flags.apply,
          ...setup,
        })
      : renderSetup({ ...setup, repository, apply: flags.apply }, this.style),
  );
  this.exit(outcome);
}

/** Broken off after something was sent is another thing than broken off before: settings have changed. */
function setupOutcome({ failed, sent, findings }: Setup, isApplied: boolean): ExitName {
  if (failed !== null && sent > 0) {
    return 'partialApply';
  }
  const found = outcomeOf(findings);
  if (failed !== null || found === 'externalTool') {
    return 'externalTool';
  }
  return isApplied ? found : 'ok';
}

/** What could not be read outweighs what differs: nobody knows how much that is. */
function outcomeOf(findings: readonly RailFinding[]): ExitName {
  if (findings.length === 0 || findings.some(({ state }) => state === 'unknown')) {
    return 'externalTool';
  }
  return findings.every(({ state }) => state === 'ok') ? 'ok' : 'drift';
}

/** Throws UsageError where there is none and nobody said that it is to do without. */
export function appIdFor(appId: number | null, withoutApp: boolean, command: string): number | null {
  if (withoutApp) {
    return null;
  }
  if (appId === null) {
    throw new UsageError({
      what: 'SLUICE_GITHUB_APP_ID is not set.',
      why: 'The required check is pinned to the App, and only the App may write the ledger. Without it, anybody who can push can do both.',
      fix: 'Set it to the numeric App ID (.github/workflows/README.md, "The App"); --without-app does without and says what is lost.',
      next: `sluice guard ${command} --without-app`,
    });
  }
  return appId;
}
