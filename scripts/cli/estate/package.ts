/** `package.json` of an estate: what the product needs there, and nothing else of it. */
import packageFile from '../../../package.json' with { type: 'json' };
import { UsageError } from '../../contract/errors.ts';
import { packageText } from '../../estate/sources.ts';
import { textAt } from '../../estate/repository/files.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Files } from '../../contract/ports.ts';

/**
 * Writes it; `sluice` is where npm takes the product from, unless the file says it already (null: it must). False when
 * nothing was to be changed.
 */
export async function writePackage(files: Files, root: string, sluice: string | null): Promise<boolean> {
  const path = `${root}/package.json`;
  const text = await textAt(files, path);
  const before: unknown = text === null ? null : parseJson(text, limits.document);
  if (typeof before !== 'object' || Array.isArray(before)) {
    throw new UsageError({
      what: 'package.json is not an object.',
      fix: 'Correct it, or delete it and let it be written.',
      next: 'sluice init --help',
    });
  }
  if (sluice === null && !dependsOnProduct(before)) {
    throw new UsageError({
      what: 'It is not said where npm takes the product from.',
      why: 'The name alone would be looked up at the public registry, where it may be the package of somebody else.',
      fix: 'Give the tarball of `npm pack`, its address, or the version in a registry of your own.',
      next: 'sluice init --package file:../sluice-0.1.0.tgz --help',
    });
  }
  const wanted = {
    name: 'estate',
    sluice,
    typescript: packageFile.devDependencies.typescript,
    overrides: overrides(),
    node: packageFile.engines.node,
  };
  const written = packageText(wanted, before as Readonly<Record<string, unknown>> | null);
  if (written === text) {
    return false;
  }
  await files.writeText(path, written);
  return true;
}

function dependsOnProduct(file: object | null): boolean {
  const dependencies: unknown = file !== null && 'dependencies' in file ? file.dependencies : null;
  return typeof dependencies === 'object' && dependencies !== null && 'sluice' in dependencies;
}

/** The product's own, with the package in the place of a reference to a dependency of the root. */
function overrides(): object {
  return {
    ...packageFile.overrides,
    '@cdktf/provider-cloudflare': { cdktf: packageFile.dependencies.cdktf },
  };
}
