/** Reads and writes the files of an estate that the product has to do with. */
import type { Services } from '../../contract/context.ts';
import { InputError, UsageError } from '../../contract/errors.ts';
import { derivedFiles, derivedRegions, type EstateFacts } from '../derived.ts';
import { parts, type EstatePart } from '../parts.ts';
import { fillRegions, type Filled } from '../regions.ts';
import { readSettings, settingsPath, type EstateSettings } from '../settings.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import type { Files } from '../../contract/ports.ts';

/** The settings of the estate at `root`. Throws UsageError where there is none, InputError for settings that do not read. */
export async function loadSettings(files: Files, root: string): Promise<EstateSettings> {
  const path = `${root}/${settingsPath}`;
  if (!(await files.exists(path))) {
    throw new UsageError({
      what: `There is no ${settingsPath}.`,
      why: 'It says that a repository is an estate, and what the product wrote into it.',
      fix: 'Run the command at the root of an estate, or make one.',
      next: 'sluice init --help',
    });
  }
  const read = readSettings(await files.readText(path));
  if (!read.ok) {
    throw new InputError({ what: `${settingsPath} does not read.`, diagnostics: read.diagnostics });
  }
  return read.value;
}

/** What everything derived follows from, as the working tree has it. */
async function loadKnown(files: Files, root: string): Promise<EstateFacts> {
  const settings = await loadSettings(files, root);
  const { registers, roster } = await loadPolicy(fromWorkingTree(files, root));
  return { settings, registers, roster };
}

export interface Derived {
  readonly path: string;
  /** What is there; null when nothing is. */
  readonly text: string | null;
  readonly wanted: Filled;
}

/** Every file with something derived in it: as it is, and as it should be. */
export async function compareDerived(
  files: Files,
  root: string,
  known: EstateFacts,
): Promise<readonly Derived[]> {
  const whole = [...derivedFiles(known)].map(async ([path, text]): Promise<Derived> => ({
    path,
    text: await textAt(files, `${root}/${path}`),
    wanted: { ok: true, value: text },
  }));
  const inPart = [...derivedRegions(known)].map(async ([path, regions]): Promise<Derived> => {
    const text = await textAt(files, `${root}/${path}`);
    return { path, text, wanted: fillRegions(text ?? '', regions) };
  });
  return Promise.all([...whole, ...inPart]);
}

/** Writes what is derived and differs; a file that cannot be filled is left to `sluice doctor`. Returns the paths written. */
export async function writeDerived(files: Files, root: string): Promise<readonly string[]> {
  const compared = await compareDerived(files, root, await loadKnown(files, root));
  const written: string[] = [];
  for (const { path, text, wanted } of compared) {
    if (wanted.ok && wanted.value !== text) {
      await files.writeText(`${root}/${path}`, wanted.value);
      written.push(path);
    }
  }
  return written;
}

/** Text of a part as this version of the product writes it, with empty regions. */
export async function textOfPart(
  { files, home }: Pick<Services, 'files' | 'home'>,
  { from, adapt }: EstatePart,
  settings: Pick<EstateSettings, 'organization'>,
): Promise<string> {
  const text = await files.readText(`${home}/${from}`);
  return adapt === undefined ? text : adapt(text, settings);
}

export async function textAt(files: Files, path: string): Promise<string | null> {
  return (await files.exists(path)) ? files.readText(path) : null;
}

/** The files whose upkeep is the product's. */
export const generatedParts: readonly EstatePart[] = parts.filter(({ upkeep }) => upkeep === 'generated');
