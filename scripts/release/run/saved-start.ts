/**
 * Where a rehearsal may begin: the state and the sandbox that an earlier one had after it applied the very same bundle.
 * Building an estate from nothing is most of a rehearsal, and the same each time. What is kept comes of rehearsals alone,
 * never of the sandbox that a person works in, and never of what is live.
 */
import packageFile from '../../../package.json' with { type: 'json' };
import type { Services } from '../../contract/context.ts';
import type { TerraformVersion } from '../../contract/ports.ts';
import { canonicalJson, sha256Hex } from '../../json/json.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import { bundleDigest } from '../../plan/bundle.ts';
import type { Bundle } from '../../plan/types.ts';
import type { Workshop } from './workspace.ts';

/** What an apply left in the workshop of a rehearsal. */
export interface SavedStart {
  readonly name: string;
  /** That the apply made. */
  readonly changes: number;
  /** Texts by their path below the workshop. */
  readonly files: Readonly<Record<string, string>>;
}

/** The same bundle gives another sandbox under another Terraform or another Sluice. */
export function startName(bundle: Bundle, terraform: TerraformVersion): string {
  const about = { bundle: bundleDigest(bundle), ...terraform, sluice: packageFile.version };
  return sha256Hex(canonicalJson(about)).slice(0, 32);
}

/** Puts the state and the sandbox of that name into an empty workshop. Null, and nothing put, where none is kept. */
export async function restoreStart(
  { files }: Services,
  workshop: Workshop,
  folder: string,
  name: string,
): Promise<SavedStart | null> {
  const path = `${folder}/${name}.json`;
  const saved = (await files.exists(path)) ? readStart(await files.readText(path, limits.json.bytes)) : null;
  for (const [file, text] of Object.entries(saved?.files ?? {})) {
    await files.writeText(`${workshop.root}/${file}`, text);
  }
  return saved;
}

/** Null for a text that was cut off while it was written. */
function readStart(text: string): SavedStart | null {
  try {
    return parseJson(text, limits.json) as SavedStart;
  } catch {
    return null;
  }
}

/** What the workshop holds after an apply that ended well. */
export async function startIn(
  { files }: Services,
  workshop: Workshop,
  name: string,
  changes: number,
): Promise<SavedStart> {
  const held: Record<string, string> = {};
  for (const part of ['sandbox', 'state']) {
    const folder = `${workshop.root}/${part}`;
    for (const path of (await files.exists(folder)) ? await files.list(folder) : []) {
      held[`${part}/${path}`] = await files.readText(`${folder}/${path}`);
    }
  }
  return { name, changes, files: held };
}

/** Keeps these, in the place of those of earlier rehearsals of the stack. A state holds values in clear text. */
export async function keepStarts(
  { files }: Services,
  folder: string,
  starts: readonly SavedStart[],
): Promise<void> {
  await files.makePrivateFolder(folder);
  for (const start of starts) {
    await files.writeText(`${folder}/${start.name}.json`, JSON.stringify(start));
  }
}
