/** Reads what a stack program wrote: the manifest first, then the one configuration of each stack it names. */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../contract/errors.ts';
import { readUnlinked } from '../files/read-unlinked.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { isObject, objectOf, textOf } from '../../json/json.ts';

/** What is read at most: 1,000 stacks, 256 MiB for each. */
const mostStacks = 1_000;
const largestStack = 256 * 1024 * 1024;

const stackName = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const expectedFiles: ReadonlySet<string> = new Set(['cdk.tf.json', 'metadata.json']);

export interface SynthOutput {
  /** By name, sorted; the text as it was written. */
  readonly stacks: ReadonlyMap<string, JsonObject>;
  readonly warnings: readonly string[];
}

function unreadable(what: string, why: string): InputError {
  return new InputError({
    what,
    why,
    fix: 'let stacks/main.ts create one App, declare the stacks in it and end with app.synth()',
    next: 'sluice check',
  });
}

async function readObject(path: string, what: string): Promise<JsonObject> {
  const found = await fs.lstat(path).catch(() => null);
  if (found?.isFile() === true && found.size > largestStack) {
    throw unreadable(`${what} is too large: ${found.size} bytes`, `at most ${largestStack} bytes are read`);
  }
  const text = await readUnlinked(path, largestStack);
  if (text === null) {
    throw unreadable(`stack code wrote no ${what}`, 'the program ended without writing it as a plain file');
  }
  const parsed: unknown = parseJson(text, limits.json);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw unreadable(`${what} is not a JSON object`, 'something other than cdktf wrote it');
  }
  return parsed as JsonObject;
}

function annotationsOf(
  name: string,
  stack: JsonObject,
): { readonly errors: string[]; readonly warnings: string[] } {
  const annotations = Array.isArray(stack['annotations']) ? stack['annotations'].map(objectOf) : [];
  const line = (one: JsonObject): string =>
    `${name}/${textOf(one['constructPath'])}: ${textOf(one['message'])}`;
  return {
    errors: annotations.filter((one) => one['level'] === '@cdktf/error').map(line),
    warnings: annotations.filter((one) => one['level'] === '@cdktf/warn').map(line),
  };
}

/** Stack code wrote the folder: a link in it would have files read that stack code itself could not reach. */
async function requireFolder(path: string, name: string): Promise<void> {
  const found = await fs.lstat(path).catch(() => null);
  if (found?.isDirectory() !== true) {
    throw unreadable(
      `stack code wrote no configuration of the stack ${name}`,
      'the folder that it belongs into is not there, or is a link',
    );
  }
}

async function refuseAssets(folder: string, name: string): Promise<void> {
  // One after the other: there may be any number of them.
  for await (const { name: file } of await fs.opendir(folder)) {
    if (!expectedFiles.has(file)) {
      throw new InputError({
        what: `the stack ${name} writes ${file} besides its configuration`,
        why: 'what is reviewed and recorded is the configuration alone; a file beside it would be released unseen',
        fix: 'put the content into the resource itself instead of a TerraformAsset',
        next: 'sluice check',
      });
    }
  }
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function checkNames(names: readonly string[]): void {
  if (names.length === 0) {
    throw unreadable('stack code declares no stack', 'the manifest it wrote is empty');
  }
  if (names.length > mostStacks) {
    throw unreadable(`stack code declares ${names.length} stacks`, `at most ${mostStacks} are read`);
  }
  const bad = names.find((name) => !stackName.test(name));
  if (bad !== undefined) {
    throw new InputError({
      what: `${JSON.stringify(bad)} is not a stack name`,
      why: 'stack names become folders, branches and state keys',
      fix: 'use lower-case letters, digits and single hyphens: <client>-<environment>',
      next: 'sluice check',
    });
  }
}

/** Reads the output folder of a stack program. Throws InputError for anything but complete, plain configurations. */
export async function readSynthOutput(folder: string): Promise<SynthOutput> {
  const manifest = await readObject(join(folder, 'manifest.json'), 'manifest.json');
  const listed = objectOf(manifest['stacks']);
  const names = Object.keys(listed).toSorted(byCodeUnit);
  checkNames(names);
  const stacks = new Map<string, JsonObject>();
  const notes = names.map((name) => annotationsOf(name, objectOf(listed[name])));
  const [error] = notes.flatMap((note) => note.errors);
  if (error !== undefined) {
    throw new InputError({
      what: `stack code reports an error on a construct: ${error}`,
      published: 'stack code reports an error on a construct',
      fix: 'correct that construct',
      next: 'sluice check',
    });
  }
  for (const name of names) {
    const stackFolder = join(folder, 'stacks', name);
    await requireFolder(join(folder, 'stacks'), name);
    await requireFolder(stackFolder, name);
    stacks.set(
      name,
      await readObject(join(stackFolder, 'cdk.tf.json'), `configuration of the stack ${name}`),
    );
    await refuseAssets(stackFolder, name);
  }
  return { stacks, warnings: notes.flatMap((note) => note.warnings) };
}

function entriesOf(value: Json | undefined): ReadonlyMap<string, Json> | null {
  if (Array.isArray(value)) {
    return new Map(value.map((item: Json, index) => [String(index), item]));
  }
  return isObject(value) ? new Map(Object.entries(value)) : null;
}

/** Path of the first place where two documents differ, or null. Key order counts: it is part of the bytes. */
function firstDifference(left: Json | undefined, right: Json | undefined, path: string): string | null {
  const ofLeft = entriesOf(left);
  const ofRight = entriesOf(right);
  if (ofLeft === null || ofRight === null || Array.isArray(left) !== Array.isArray(right)) {
    return Object.is(left, right) ? null : path;
  }
  const keys = [...new Set([...ofLeft.keys(), ...ofRight.keys()])];
  for (const key of keys) {
    const found = firstDifference(ofLeft.get(key), ofRight.get(key), path === '' ? key : `${path}.${key}`);
    if (found !== null) {
      return found;
    }
  }
  return [...ofLeft.keys()].join('\n') === [...ofRight.keys()].join('\n') ? null : `${path} (order of keys)`;
}

/** Throws InputError naming the stack and the path when two runs of the same code gave different configurations. */
export function requireSame(
  first: ReadonlyMap<string, JsonObject>,
  second: ReadonlyMap<string, JsonObject>,
): void {
  const names = [...new Set([...first.keys(), ...second.keys()])];
  for (const name of names) {
    const path = firstDifference(first.get(name), second.get(name), '');
    if (path !== null) {
      throw new InputError({
        what: `the stack ${name} is not the same when it is built twice: ${path === '' ? 'it is there only once' : path}`,
        why: 'what was reviewed could not be built again at release',
        fix: 'find what changes between runs: a temporary path, an order that is not sorted, a value from the machine',
        next: 'sluice check',
      });
    }
  }
}
