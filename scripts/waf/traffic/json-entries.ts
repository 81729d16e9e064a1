/** Takes the entries of one list out of a JSON document that arrives in parts, and of each entry only what is wanted. */
import { JsonTokens } from './json-tokens.ts';
import type { JsonFlaw, JsonListener, Scalar } from './json-tokens.ts';

/** What is wanted of a value: a scalar, members of an object, or the same of each element of a list. */
type WantedValue =
  | 'scalar'
  | { readonly members: Readonly<Record<string, WantedValue>> }
  | { readonly each: WantedValue };

export interface EntryShape {
  /** Names of the members that lead from the top to the list. */
  readonly list: readonly [string, ...string[]];
  readonly entry: WantedValue;
  /** Longest text that is kept, in characters. */
  readonly maxText: number;
  /** Of an entry with more characters and values than this nothing is kept. */
  readonly maxEntry: number;
}

/** Members that are wanted and there; of a name that is written twice, the last. Lists and objects where none is wanted are null. */
export type EntryValue = Scalar | readonly EntryValue[] | ReadonlyMap<string, EntryValue>;

export interface JsonEntry {
  /** From 1. */
  readonly line: number;
  readonly value: EntryValue;
  readonly isTooLarge: boolean;
}

export interface JsonEntries {
  /** The entries that end in this part. */
  readonly push: (part: string) => { readonly entries: readonly JsonEntry[]; readonly flaw: JsonFlaw | null };
  /** To be called once, after the last part: what is missing. */
  readonly end: () => JsonFlaw | null;
}

export function jsonEntries(shape: EntryShape): JsonEntries {
  const collector = new Collector(shape);
  const tokens = new JsonTokens(collector.listener);
  return {
    push: (part) => {
      const flaw = tokens.push(part);
      return { entries: collector.taken(), flaw };
    },
    end: () => tokens.end() ?? collector.missing(),
  };
}

type Role =
  | { readonly kind: 'way'; readonly step: number }
  | { readonly kind: 'list' }
  | { readonly kind: 'kept'; readonly wanted: WantedValue }
  | { readonly kind: 'off' };

interface EntryFrame {
  readonly role: Role;
  readonly into: Map<string, EntryValue> | EntryValue[] | null;
  name: string;
}

const off: Role = { kind: 'off' };

class Collector {
  readonly listener: JsonListener = {
    wantedText: () => this.wantedText(),
    open: (kind, line) => this.open(kind, line),
    close: () => this.close(),
    name: (name) => this.name(name),
    value: (value, line) => this.value(value, line),
  };
  private readonly shape: EntryShape;
  private readonly frames: EntryFrame[] = [];
  private entries: JsonEntry[] = [];
  private hasList = false;
  private size = 0;
  private entryLine = 1;

  constructor(shape: EntryShape) {
    this.shape = shape;
  }

  taken(): readonly JsonEntry[] {
    const { entries } = this;
    this.entries = [];
    return entries;
  }

  missing(): JsonFlaw | null {
    const list = this.shape.list.join('.');
    return this.hasList
      ? null
      : { line: 1, column: 1, message: `it has no list ${list}`, expected: `an object with ${list}` };
  }

  private role(): Role {
    const frame = this.frames.at(-1);
    if (frame === undefined) {
      return { kind: 'way', step: 0 };
    }
    const { role, name } = frame;
    switch (role.kind) {
      case 'way':
        return this.onward(role.step, name);
      case 'list':
        return { kind: 'kept', wanted: this.shape.entry };
      case 'kept':
        return below(role.wanted, name);
      case 'off':
        return off;
    }
  }

  private onward(step: number, name: string): Role {
    if (name !== this.shape.list[step]) {
      return off;
    }
    return step + 1 === this.shape.list.length ? { kind: 'list' } : { kind: 'way', step: step + 1 };
  }

  private wantedText(): number {
    return this.role().kind === 'kept' && !this.isTooLarge() ? this.shape.maxText : -1;
  }

  private open(kind: 'object' | 'list', line: number): void {
    this.beginEntry(line);
    const role = this.role();
    const isFitting = fits(role, kind);
    this.hasList ||= role.kind === 'list' && isFitting;
    const into =
      role.kind === 'kept' && isFitting ? (kind === 'object' ? new Map<string, EntryValue>() : []) : null;
    this.frames.push({ role: isFitting ? role : off, into, name: '' });
  }

  private close(): void {
    const into = this.frames.pop()?.into ?? null;
    if (this.role().kind === 'kept') {
      this.place(into);
    }
  }

  private name(name: string): void {
    const frame = this.frames.at(-1);
    if (frame !== undefined) {
      frame.name = name;
    }
  }

  private value(value: Scalar, line: number): void {
    this.beginEntry(line);
    if (this.role().kind === 'kept') {
      this.place(value);
    }
  }

  private beginEntry(line: number): void {
    if (this.frames.at(-1)?.role.kind === 'list') {
      this.size = 0;
      this.entryLine = line;
    }
  }

  private place(value: EntryValue): void {
    const frame = this.frames.at(-1);
    this.size += 1 + (frame?.name.length ?? 0) + (typeof value === 'string' ? value.length : 0);
    if (frame?.role.kind === 'list') {
      const isTooLarge = this.isTooLarge();
      this.entries.push({ line: this.entryLine, value: isTooLarge ? null : value, isTooLarge });
    } else if (this.isTooLarge()) {
      return;
    } else if (Array.isArray(frame?.into)) {
      frame.into.push(value);
    } else if (frame?.into instanceof Map) {
      frame.into.set(frame.name, value);
    }
  }

  private isTooLarge(): boolean {
    return this.size > this.shape.maxEntry;
  }
}

function fits(role: Role, kind: 'object' | 'list'): boolean {
  if (role.kind === 'kept') {
    return role.wanted !== 'scalar' && (kind === 'object' ? 'members' in role.wanted : 'each' in role.wanted);
  }
  return role.kind === (kind === 'object' ? 'way' : 'list');
}

function below(wanted: WantedValue, name: string): Role {
  if (wanted === 'scalar') {
    return off;
  }
  if ('each' in wanted) {
    return { kind: 'kept', wanted: wanted.each };
  }
  const member = Object.hasOwn(wanted.members, name) ? wanted.members[name] : undefined;
  return member === undefined ? off : { kind: 'kept', wanted: member };
}
