import packageFile from '../../../package.json' with { type: 'json' };
import type { SluiceContext } from '../../contract/context.ts';
import { upgradeEstate, type Upgraded } from '../../estate/repository/upgrade.ts';
import { overlay } from '../../estate/repository/overlay.ts';
import { renderDiagnostics } from '../../render/findings/diagnostics.ts';
import { writePackage } from './package.ts';

export interface UpgradeFlags {
  readonly dryRun: boolean;
}

/** `sluice upgrade`: ends with undetermined when a person has to decide something. */
export async function upgradeCommand(this: SluiceContext, { dryRun }: UpgradeFlags): Promise<void> {
  const real = await this.services();
  const services = dryRun ? { ...real, files: overlay(real.files) } : real;
  const root = await services.git.root();
  const upgraded = await upgradeEstate(services, packageFile.version);
  const packages = await writePackage(services.files, root, null);
  const { unread, decisions } = upgraded;
  const written = [...upgraded.written, ...(packages ? ['package.json'] : [])];
  this.print(stepsText({ ...upgraded, written }, dryRun));
  if (unread.length > 0) {
    this.print(`Not read by this version:\n${renderDiagnostics(unread, { style: this.style })}`);
  }
  const open = decisions.length + unread.length;
  this.print(endText(upgraded.from, open, dryRun));
  if (packages && !dryRun) {
    this.print('Next: npm install\n');
  }
  if (open > 0) {
    this.exit('undetermined');
  }
}

/** One line a file. */
function stepsText({ written, merged, moved, decisions }: Upgraded, dryRun: boolean): string {
  const verb = (done: string, todo: string): string => (dryRun ? todo : done).padEnd(7);
  return [
    ...written.map((path) => `${verb('wrote', 'write')} ${path}`),
    ...merged.map((path) => `${verb('merged', 'merge')} ${path}: your edits and the product's`),
    ...moved.map(({ path, done }) => `${verb('moved', 'move')} ${path}: ${done.join('; ')}`),
    ...decisions.flatMap(({ path, why, proposed }) => [
      `${'decide'.padEnd(7)} ${path}: ${why}`,
      ...(dryRun ? [] : [`        git diff --no-index ${path} ${proposed}`]),
    ]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function endText(from: string, open: number, dryRun: boolean): string {
  const was = from === packageFile.version ? '' : ` (was ${from})`;
  const rest = open === 0 ? 'nothing to decide' : `${String(open)} to decide`;
  const next = dryRun ? 'Nothing was written. Next: sluice upgrade\n' : '';
  return `The estate ${dryRun ? 'would be' : 'is'} at ${packageFile.version}${was}: ${rest}.\n${next}`;
}
