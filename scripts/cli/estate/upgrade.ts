import packageFile from '../../../package.json' with { type: 'json' };
import type { SluiceContext } from '../../contract/context.ts';
import { upgradeEstate } from '../../estate/repository/upgrade.ts';
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
  const { from, written, merged, moved, decisions, unread } = await upgradeEstate(
    services,
    packageFile.version,
  );
  const packages = await writePackage(services.files, root, null);
  for (const path of [...written, ...(packages ? ['package.json'] : [])]) {
    this.print(`${dryRun ? 'write' : 'wrote'}   ${path}\n`);
  }
  for (const path of merged) {
    this.print(`${dryRun ? 'merge ' : 'merged'}  ${path}: your edits and the product's\n`);
  }
  for (const { path, done } of moved) {
    this.print(`${dryRun ? 'move ' : 'moved'}   ${path}: ${done.join('; ')}\n`);
  }
  for (const { path, why, proposed } of decisions) {
    this.print(`decide  ${path}: ${why}\n`);
    if (!dryRun) {
      this.print(`        git diff --no-index ${path} ${proposed}\n`);
    }
  }
  if (unread.length > 0) {
    this.print(`Not read by this version:\n${renderDiagnostics(unread, { style: this.style })}`);
  }
  const open = decisions.length + unread.length;
  this.print(
    `The estate ${dryRun ? 'would be' : 'is'} at ${packageFile.version}${from === packageFile.version ? '' : ` (was ${from})`}: ${open === 0 ? 'nothing to decide' : `${String(open)} to decide`}.\n`,
  );
  if (dryRun) {
    this.print('Nothing was written. Next: sluice upgrade\n');
  } else if (packages) {
    this.print('Next: npm install\n');
  }
  if (open > 0) {
    this.exit('undetermined');
  }
}
