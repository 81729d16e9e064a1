/**
 * How the data of an estate is moved to what this version of the product reads and writes. Each step says what has changed,
 * moves what can be moved without judgement, and leaves the rest to a person. A step is done when its text says so, not when
 * a version does: all of them run each time, and on what they have moved they do nothing.
 */
import { policyFileAt } from '../../policies/reading/places/places.ts';

export interface Migration {
  /** Version of the product that brought it. */
  readonly version: string;
  /** What has changed, in one line. */
  readonly what: string;
  /** The text as it should be; null for a file that the step is not about. */
  readonly move: (path: string, text: string) => string | null;
}

export interface Moved {
  readonly text: string;
  /** What was done, in the order of the steps; empty when nothing was. */
  readonly done: readonly string[];
}

/** Oldest first. Append only: an estate may come from any version. */
const migrations: readonly Migration[] = [
  {
    version: '0.1.0',
    what: 'names its JSON Schema, so that an editor checks it while it is written',
    move: (path, text) => {
      const name = policyFileAt(path)?.replace(/\.yaml$/, '') ?? null;
      return name === null || /^# yaml-language-server:/m.test(text)
        ? null
        : `# yaml-language-server: $schema=../node_modules/sluice/policies/schemas/${name}.schema.json\n${text}`;
    },
  },
];

/** One file of the estate's own data after all steps. */
export function migrated(path: string, text: string, steps: readonly Migration[] = migrations): Moved {
  return steps.reduce<Moved>(
    (before, { what, move }) => {
      const next = move(path, before.text);
      return next === null || next === before.text ? before : { text: next, done: [...before.done, what] };
    },
    { text, done: [] },
  );
}
