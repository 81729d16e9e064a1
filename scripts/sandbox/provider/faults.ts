/**
 * Injected failures. A fault waits for the nth matching call, then strikes `times` calls in a row. Faults given to
 * `startSandbox` live with that sandbox; faults in `faults.json` are shared by all sandboxes on the folder, and what
 * they have counted is written back before they strike, so none strikes more often than asked.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../contract/errors.ts';
import { errorCode, writeAtomically } from './disk.ts';

export type FaultOperation = 'create' | 'update' | 'delete' | 'read';

export type FaultEffect =
  | { readonly kind: 'error'; readonly status: number; readonly message?: string }
  /** Never answers, until the sandbox is closed or Terraform is killed. */
  | { readonly kind: 'hang' }
  /** Destroys the connection to this Terraform. */
  | { readonly kind: 'drop' }
  /** Does something at that moment, such as ending a process, and answers as if nothing had happened. In memory only. */
  | { readonly kind: 'call'; readonly call: () => void };

export interface Fault {
  readonly operation: FaultOperation;
  /** Resource type; any when absent. */
  readonly type?: string;
  /** Which matching call strikes first, from 1 (the default). */
  readonly nth?: number;
  /** How many calls in a row are struck; 1 when absent. */
  readonly times?: number;
  /** `after`: the write is done and the answer is lost. `before` when absent: nothing is done. */
  readonly when?: 'before' | 'after';
  readonly effect: FaultEffect;
}

interface CountedFault extends Fault {
  /** Matching calls so far. */
  readonly seen?: number;
}

const operations: ReadonlySet<string> = new Set(['create', 'update', 'delete', 'read']);
const effects: ReadonlySet<string> = new Set(['error', 'hang', 'drop']);

export class FaultPlan {
  private readonly file: string;
  private own: readonly CountedFault[];

  constructor(folder: string, own: readonly Fault[]) {
    this.file = faultFile(folder);
    this.own = own;
  }

  /**
   * Counts a call and returns the fault that strikes it, if any.
   * @throws InputError when faults.json is malformed.
   */
  strike(operation: FaultOperation, type: string): Fault | null {
    const own = count(this.own, operation, type);
    this.own = own.faults;
    const shared = readFaults(this.file);
    if (shared.length === 0) {
      return own.struck;
    }
    const counted = count(shared, operation, type);
    if (counted.faults !== shared) {
      writeAtomically(this.file, textOf(counted.faults));
    }
    return own.struck ?? counted.struck;
  }
}

/** Sets the faults that every sandbox on `folder` obeys from now on; an empty list takes them away. */
export function writeFaults(folder: string, faults: readonly Fault[]): void {
  writeAtomically(faultFile(folder), textOf(faults));
}

/** Adds one fault to those that wait in `folder`. @throws InputError when faults.json is malformed. */
export function addFault(folder: string, fault: Fault): void {
  writeFaults(folder, [...readFaults(faultFile(folder)), fault]);
}

function faultFile(folder: string): string {
  return join(folder, 'faults.json');
}

function textOf(faults: readonly CountedFault[]): string {
  return `${JSON.stringify({ faults }, null, 2)}\n`;
}

/** Counts a call in every fault it matches; the array is the same one when none did. */
function count(
  faults: readonly CountedFault[],
  operation: FaultOperation,
  type: string,
): { readonly faults: readonly CountedFault[]; readonly struck: Fault | null } {
  const matching = new Set(faults.filter((fault) => isWaiting(fault, operation, type)));
  const struck = [...matching].find((fault) => (fault.seen ?? 0) + 1 >= (fault.nth ?? 1)) ?? null;
  const counted = faults.map((fault) =>
    matching.has(fault) ? { ...fault, seen: (fault.seen ?? 0) + 1 } : fault,
  );
  return { faults: matching.size > 0 ? counted : faults, struck };
}

function isWaiting(fault: CountedFault, operation: FaultOperation, type: string): boolean {
  const last = (fault.nth ?? 1) + (fault.times ?? 1) - 1;
  const isMeant = fault.operation === operation && (fault.type === undefined || fault.type === type);
  return isMeant && (fault.seen ?? 0) < last;
}

function readFaults(file: string): readonly CountedFault[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return [];
    }
    throw error;
  }
  const faults = parseFaults(text);
  if (faults === null) {
    throw new InputError({
      what: `The faults of the sandbox cannot be read: ${file}`,
      why: 'expected {"faults": [{"operation": "create"|"update"|"delete"|"read", "effect": {"kind": "error"|"hang"|"drop", …}}]}',
      fix: 'Correct the file, or remove it.',
      next: `rm ${file}`,
    });
  }
  return faults;
}

function parseFaults(text: string): readonly CountedFault[] | null {
  try {
    const parsed = JSON.parse(text) as { readonly faults?: readonly CountedFault[] } | null;
    const faults = parsed?.faults;
    return Array.isArray(faults) && faults.every(isFault) ? faults : null;
  } catch {
    return null;
  }
}

function isFault(value: unknown): value is CountedFault {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const fault = value as {
    readonly operation?: unknown;
    readonly effect?: { readonly kind?: unknown; readonly status?: unknown };
  };
  const kind = fault.effect?.kind;
  return (
    typeof fault.operation === 'string' &&
    operations.has(fault.operation) &&
    typeof kind === 'string' &&
    effects.has(kind) &&
    (kind !== 'error' || typeof fault.effect?.status === 'number')
  );
}
