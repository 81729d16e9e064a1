/** What a change does to the files of the packages that everything is built from, value by value. */
import { readJson } from '../read/json/json.ts';
import { canonicalJson, isObject, sha256Hex } from '../json/json.ts';
import { limits } from '../json/limits.ts';
import type { Json } from '../plan/types.ts';
import type { PackageDifference } from '../../policies/model/packages.ts';

const files = ['package.json', 'package-lock.json'] as const;

/** More than this is shown to nobody: it is far more than any change that is let through because of them. */
const most = 200;

/** Text of a file on the two sides; null where there is none. */
export interface TwoTexts {
  readonly before: string | null;
  readonly after: string | null;
}

/** Differences of `package.json` and its lock file; `read` gives both sides of one of them. */
export async function packageDifferences(
  changed: readonly string[],
  read: (file: string) => Promise<TwoTexts>,
): Promise<readonly PackageDifference[]> {
  const found: PackageDifference[] = [];
  for (const file of files.filter((each) => changed.includes(each))) {
    const { before, after } = await read(file);
    for (const { path, ...values } of differences(parsed(before, file), parsed(after, file), [])) {
      found.push({ file, path, ...values });
    }
  }
  return found.slice(0, most);
}

/** What does not read is one value of its own, so that it differs from anything that would be expected there. */
function parsed(text: string | null, file: string): Json | undefined {
  if (text === null) {
    return undefined;
  }
  const reading = readJson(text, file, limits.packages);
  return reading.ok ? reading.value.value : `not JSON: sha256:${sha256Hex(text)}`;
}

type UnplacedDifference = Omit<PackageDifference, 'file'>;

function differences(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
): readonly UnplacedDifference[] {
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(valueOf(before, key), valueOf(after, key), [...path, key]),
    );
  }
  const [was, is] = [textOf(before), textOf(after)];
  return was === is ? [] : [{ path, before: cut(was), after: cut(is) }];
}

function valueOf(object: Readonly<Record<string, Json>>, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A text as it is, which no other value can look like, because another one is JSON behind a colon. */
function textOf(value: Json | undefined): string | null {
  if (value === undefined) {
    return null;
  }
  return typeof value === 'string' ? value : `:${canonicalJson(value)}`;
}

/** Nothing that is expected anywhere is as long as this. */
function cut(text: string | null): string | null {
  return text === null ? null : text.slice(0, 500);
}
