/**
 * The digests that tie an approval to what was approved.
 *
 * Each is sha256 over canonical JSON behind a line that names what is hashed and in which version, so that no document of
 * one kind can stand in for another. Key order, locale, time zone and the folder of the tool cannot change a digest.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

import { canonicalJson, compareText, sameJson } from '../json/json.ts';
import type { Json, JsonObject, Plan, ResourceChange, StackPlan } from './types.ts';

/**
 * Digest of what the plan does: `sha256:` and 64 hexadecimal digits.
 *
 * Covered, for every stack in scope: its name, which sides exist, its settings where they differ, and for every listed
 * change the address, type, provider, whole action list, moves, lifecycle and each differing attribute with its path,
 * both values (sensitive ones too), positions, and whether it is unknown or forces replacement. Not covered: resources
 * that do not change, totals, bundle digests, and guesses about renames. They do not say what will be done, and another
 * release elsewhere in the stack must not void an approval whose effect stays the same.
 */
export function effectDigest(plan: Plan): string {
  const hash = start('sluice.effect.1');
  for (const stack of plan.stacks.toSorted((a, b) => compareText(a.stack, b.stack))) {
    add(hash, stackEffect(stack));
    for (const change of stack.changes) {
      add(hash, changeEffect(change));
    }
  }
  return finish(hash);
}

/** Digest of a change record as its author wrote it; comments, key order and quoting are not part of the data. */
export function recordDigest(record: object): string {
  const hash = start('sluice.record.1');
  add(hash, record);
  return finish(hash);
}

/** Digest of one part of the policy data: a file, or what of it a decision reads. */
export function partDigest(value: object): string {
  const hash = start('sluice.policy-part.1');
  add(hash, value);
  return finish(hash);
}

/**
 * Digest of everything a decision was taken with: the parts of the policy data that it reads (`policyParts`), and the ids of
 * the registered rules (with their versions, if the caller has any).
 */
export function policyDigest(parts: readonly object[], rules: readonly string[] = []): string {
  const hash = start('sluice.policy.2');
  add(hash, parts);
  add(hash, rules);
  return finish(hash);
}

function start(label: string): Hash {
  return createHash('sha256').update(`${label}\n`, 'utf8');
}

/** One canonical document a line: JSON has no raw newline, so documents cannot run into each other. */
function add(hash: Hash, value: object): void {
  hash.update(`${canonicalJson(value)}\n`, 'utf8');
}

function finish(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}

function stackEffect(stack: StackPlan): JsonObject {
  const { before, after } = stack.settings;
  const settings = [before, after] as unknown as readonly [Json, Json];
  return {
    stack: stack.stack,
    exists: [stack.settings.before !== null, stack.settings.after !== null],
    settings: sameJson(settings[0], settings[1]) ? null : settings,
    changes: stack.changes.length,
  };
}

function changeEffect(change: ResourceChange): object {
  // In the canonical order of keys, which saves sorting them.
  return {
    actions: change.actions,
    address: change.address,
    attributes: change.attributes,
    importing: change.importing,
    index: change.index,
    lifecycle: change.lifecycle,
    mode: change.mode,
    movedFrom: change.movedFrom,
    provider: change.provider,
    replacePaths: change.replacePaths,
    type: change.type,
  };
}
