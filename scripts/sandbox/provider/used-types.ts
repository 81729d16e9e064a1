/**
 * The types that Terraform can ask about: those that are named in its working folders and states. Terraform reads every
 * schema that it is given, in each of its runs, and the provider has two hundred and more.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every type that is named in the configurations and states of the folders below these. */
export function usedTypes(parents: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const folder of parents.flatMap(foldersIn)) {
    for (const file of readdirSync(folder).filter((name) => /\.(?:tf\.json|tfstate|backup)$/.test(name))) {
      for (const [type] of readFileSync(join(folder, file), 'utf8').matchAll(/\bcloudflare_[a-z0-9_]+/g)) {
        found.add(type);
      }
    }
  }
  return found;
}

function foldersIn(parent: string): readonly string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(parent, name));
  } catch {
    // Nothing was prepared yet.
    return [];
  }
}
