/**
 * Looks at a stack's local state file before Terraform does, because Terraform reports a damaged one only in prose.
 * States in another backend are left to Terraform.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import * as fs from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../../contract/errors.ts';
import { isObject } from '../../json/json.ts';
import type { JsonObject } from '../../plan/types.ts';

function fieldsOf(value: unknown): JsonObject | null {
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isObject(one) ? one : null;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return null;
    }
    throw cause;
  }
}

function parse(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: parseJson(text, limits.terraform) };
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : 'it is not JSON' };
  }
}

/** The backend of a configuration file; null when the file is not there or names none. */
async function backendIn(path: string): Promise<JsonObject | null> {
  const text = await readIfThere(path);
  const parsed = text === null ? null : parse(text);
  const document = parsed !== null && 'value' in parsed ? fieldsOf(parsed.value) : null;
  return fieldsOf(fieldsOf(document?.['terraform'])?.['backend']);
}

/** Absolute path of the local state of a configuration folder, or null when its state is kept elsewhere. */
async function localStatePath(folder: string): Promise<string | null> {
  // Terraform merges the override over the configuration; in the sandbox it brings the state to this machine.
  const override = await backendIn(join(folder, 'sluice_override.tf.json'));
  const backend = override ?? (await backendIn(join(folder, 'cdk.tf.json')));
  if (backend === null) {
    return join(folder, 'terraform.tfstate');
  }
  const local = fieldsOf(backend['local']);
  if (local === null) {
    return null;
  }
  const path = local['path'];
  return resolve(folder, typeof path === 'string' ? path : 'terraform.tfstate');
}

function problemOf(text: string): string | null {
  const parsed = parse(text);
  if ('problem' in parsed) {
    return parsed.problem;
  }
  const state = fieldsOf(parsed.value);
  if (state === null) {
    return 'it is not a JSON object';
  }
  const missing = ['version', 'serial'].find((name) => typeof state[name] !== 'number');
  if (missing !== undefined) {
    return `it has no number called "${missing}"`;
  }
  return typeof state['lineage'] === 'string' ? null : 'it has no text called "lineage"';
}

/** Throws InputError when the local state of `folder` is there and is not a Terraform state. Changes nothing. */
export async function checkLocalState(folder: string): Promise<void> {
  const path = await localStatePath(folder);
  const text = path === null ? null : await readIfThere(path);
  if (path === null || text === null) {
    return;
  }
  const backup = `${path}.backup`;
  const backupText = await readIfThere(backup);
  const hasBackup = backupText !== null && problemOf(backupText) === null;
  // Terraform makes an empty file for its lock on the first run, and empties the file before each write: a kill leaves that.
  const emptied = hasBackup
    ? 'it is empty, and the one before it was not: a run was killed while writing it'
    : null;
  const problem = text === '' ? emptied : problemOf(text);
  if (problem === null) {
    return;
  }
  throw new InputError({
    what: `the Terraform state ${path} is damaged`,
    why: problem,
    fix: hasBackup
      ? 'restore the backup that Terraform keeps beside it, then plan again: whatever changed since shows as drift'
      : 'restore the file from your backups; do not delete it, or Terraform would create everything a second time',
    next: hasBackup ? `cp ${backup} ${path}` : `git log -- ${path}`,
  });
}

/** Who holds the lock of a local state, as Terraform wrote it down; null when nobody does or it cannot be told. */
export async function lockHolder(folder: string): Promise<string | null> {
  const path = await localStatePath(folder);
  const text = path === null ? null : await readIfThere(join(dirname(path), `.${basename(path)}.lock.info`));
  const parsed = text === null ? null : parse(text);
  const info = parsed !== null && 'value' in parsed ? fieldsOf(parsed.value) : null;
  const { Who: who, Operation: operation, Created: created } = { ...info };
  return typeof who === 'string' && typeof operation === 'string' && typeof created === 'string'
    ? `held by ${who} for ${operation} since ${created}`
    : null;
}

/** What Terraform left beside the configuration when it could not save the state of an apply. */
export async function unsavedState(folder: string): Promise<'none' | 'whole' | 'damaged'> {
  const text = await readIfThere(join(folder, 'errored.tfstate'));
  if (text === null) {
    return 'none';
  }
  return problemOf(text) === null ? 'whole' : 'damaged';
}
