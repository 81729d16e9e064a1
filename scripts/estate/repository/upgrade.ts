/**
 * Moves the files of an estate that the product keeps to the running version of the product. What was edited is merged
 * where the lines allow it; what is left is for a person, with the new text beside it in `.sluice/upgrade/`.
 */
import type { Services } from '../../contract/context.ts';
import type { Diagnostic } from '../../contract/errors.ts';
import { digestOf } from '../digest.ts';
import { settingsPath, settingsText, type EstateSettings } from '../settings.ts';
import { migrated } from '../migrations.ts';
import { upgradeStep } from '../upgrade.ts';
import type { Files } from '../../contract/ports.ts';
import { isDecisionData } from '../../../policies/reading/places/places.ts';
import { withoutRegions } from '../regions.ts';
import { readDecisionData } from '../../facts/decision-data.ts';
import { fromWorkingTree } from '../../facts/policy.ts';
import { generatedParts, loadSettings, textAt, textOfPart, writeDerived } from './files.ts';

export interface Upgraded {
  readonly from: string;
  readonly written: readonly string[];
  /** Edited files that the product's changes went into. */
  readonly merged: readonly string[];
  /** Files of the estate's own data that were moved, and why. */
  readonly moved: readonly { readonly path: string; readonly done: readonly string[] }[];
  readonly decisions: readonly UpgradeDecision[];
  /** Data that this version does not read any more. */
  readonly unread: readonly Diagnostic[];
}

interface UpgradeDecision {
  readonly path: string;
  readonly why: string;
  /** Where the product's text is. */
  readonly proposed: string;
}

type UpgradeServices = Pick<Services, 'files' | 'git' | 'home'>;

/** Does it. Run again, it changes nothing and names the same decisions. */
export async function upgradeEstate(services: UpgradeServices, version: string): Promise<Upgraded> {
  const { files, git } = services;
  const root = await git.root();
  const settings = await loadSettings(files, root);
  const written: string[] = [];
  const merged: string[] = [];
  const decisions: UpgradeDecision[] = [];
  const generated: Record<string, string> = { ...settings.generated };
  for (const part of generatedParts) {
    const { path } = part;
    const wanted = await textOfPart(services, part, settings);
    const current = await textAt(files, `${root}/${path}`);
    const before = settings.generated[path];
    const base = before === undefined ? null : await textWritten(services, path, before);
    const step = upgradeStep({ current, written: before, base, wanted });
    if (step.kind === 'decide') {
      const proposed = `.sluice/upgrade/${path}`;
      await files.writeText(`${root}/${proposed}`, wanted);
      decisions.push({ path, why: step.why, proposed });
      continue;
    }
    if (step.kind !== 'keep') {
      await files.writeText(`${root}/${path}`, step.text);
      (step.kind === 'write' ? written : merged).push(path);
    }
    generated[path] = digestOf(wanted);
  }
  const next: EstateSettings = { ...settings, version, generated };
  if (settingsText(next) !== settingsText(settings)) {
    await files.writeText(`${root}/${settingsPath}`, settingsText(next));
    written.push(settingsPath);
  }
  const moved = await migrateData(files, root);
  const data = await readDecisionData(fromWorkingTree(files, root));
  const derived = data.ok ? await writeDerived(files, root) : [];
  return {
    from: settings.version,
    written: [...new Set([...written, ...derived.filter((path) => !merged.includes(path))])].toSorted(),
    merged,
    moved,
    decisions,
    unread: data.ok ? [] : data.diagnostics,
  };
}

/** What people wrote is moved by the steps for it alone (`migrations.ts`), and never replaced. */
async function migrateData(files: Files, root: string): Promise<Upgraded['moved']> {
  const found: Upgraded['moved'][number][] = [];
  for (const folder of ['policies', 'changes', 'stacks/clients']) {
    const paths = (await files.exists(`${root}/${folder}`)) ? await files.list(`${root}/${folder}`) : [];
    for (const path of paths.map((name) => `${folder}/${name}`).filter(isDecisionData)) {
      const text = await files.readText(`${root}/${path}`);
      const { text: next, done } = migrated(path, text);
      if (done.length > 0) {
        await files.writeText(`${root}/${path}`, next);
        found.push({ path, done });
      }
    }
  }
  return found;
}

/** The text with a digest, from the history of the file; without what is derived, as the product writes it. */
async function textWritten({ git }: UpgradeServices, path: string, digest: string): Promise<string | null> {
  for (const commit of await git.firstParents('HEAD', [path])) {
    const text = await git.fileAt(commit, path);
    if (text !== null && digestOf(text) === digest) {
      return withoutRegions(text);
    }
  }
  return null;
}
