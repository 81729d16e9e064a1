/** What becomes of one file of the product in an estate when the product has another version of it. */
import { applyPatch, structuredPatch } from 'diff';
import { digestOf } from './digest.ts';

export interface PartVersions {
  /** As the estate has it; null when it is not there. */
  readonly current: string | null;
  /** Digest of what was written last; undefined when the file never was the product's. */
  readonly written: string | undefined;
  /** What was written last, where it can still be found. */
  readonly base: string | null;
  readonly wanted: string;
}

export type UpgradeStep =
  | { readonly kind: 'keep' }
  /** The file is replaced: nobody has edited it, or the edits stand in lines that the product did not change. */
  | { readonly kind: 'write' | 'merge'; readonly text: string }
  /** A person has to decide; nothing is written. */
  | { readonly kind: 'decide'; readonly why: string };

/** Nothing that somebody wrote is lost: an edited file is merged line by line, or left for its people. */
export function upgradeStep({ current, written, base, wanted }: PartVersions): UpgradeStep {
  const target = digestOf(wanted);
  if (current === null) {
    return written === undefined
      ? { kind: 'write', text: wanted }
      : { kind: 'decide', why: 'it was deleted here, and the product still has it' };
  }
  const found = digestOf(current);
  if (found === target || written === target) {
    return { kind: 'keep' };
  }
  if (found === written) {
    return { kind: 'write', text: wanted };
  }
  if (written === undefined) {
    return { kind: 'decide', why: 'it was here before the product had such a file' };
  }
  const merged =
    base === null ? false : applyPatch(current, structuredPatch('', '', base, wanted, '', '', {}));
  return merged === false
    ? { kind: 'decide', why: 'it was edited here, and the product changed the same lines' }
    : { kind: 'merge', text: merged };
}
