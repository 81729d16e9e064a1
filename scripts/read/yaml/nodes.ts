/**
 * Composed YAML nodes to plain values, with the place of every value and key. What the YAML library lets through and
 * JSON cannot carry (keys that are not text, infinities, cycles) is refused here, and aliases are bounded twice: by
 * their number, and by the nodes they expand to.
 */
import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Limits } from '../../json/limits.ts';
import type { Diagnostic, Json, SourceLocation } from '../../plan/types.ts';
import { findInvisible } from '../../plan/visible.ts';
import { maxDiagnostics, pointerTo } from '../document.ts';
import { describeFound } from '../document-found.ts';

/** Hand-written files use a handful at most; an expansion bomb needs many. */
const maxAliases = 20;

const pollutingKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What the YAML reader accepts. */
export interface YamlLimits extends Limits {
  /** For texts that are tried on rules and that nobody approves: characters that a reader cannot see are taken, too. */
  readonly mayHide: boolean;
}

export interface ConvertedNodes {
  readonly value: Json;
  readonly locations: Readonly<Record<string, SourceLocation>>;
  readonly keyLocations: Readonly<Record<string, SourceLocation>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Converts the whole document; `value` is only meaningful when there are no diagnostics. */
export function convertNodes(
  document: Document.Parsed,
  place: (offset: number) => SourceLocation,
  { depth: maxDepth, values: maxNodes, mayHide }: YamlLimits,
): ConvertedNodes {
  const conversion = new Conversion(place, { maxDepth, maxNodes, mayHide });
  const value = conversion.run(document.contents);
  const { locations, keyLocations, diagnostics } = conversion;
  return { value, locations, keyLocations, diagnostics };
}

/** Where a node stands: its pointer, and the place used for it when it has none of its own. */
interface Spot {
  readonly pointer: string;
  readonly depth: number;
  readonly key: SourceLocation | null;
  /** Set inside an alias: everything below is reported where the alias is used. */
  readonly alias: SourceLocation | null;
}

class Conversion {
  readonly locations: Record<string, SourceLocation> = {};
  readonly keyLocations: Record<string, SourceLocation> = {};
  readonly diagnostics: Diagnostic[] = [];
  private readonly place: (offset: number) => SourceLocation;
  private readonly maxDepth: number;
  /** Counted after the expansion of aliases, so once more than the tokens were. */
  private readonly maxNodes: number;
  private readonly anchors = new Map<string, unknown>();
  private readonly open = new Set<unknown>();
  private aliases = 0;
  private nodes = 0;
  private stopped = false;
  private readonly mayHide: boolean;

  constructor(
    place: (offset: number) => SourceLocation,
    most: { readonly maxDepth: number; readonly maxNodes: number; readonly mayHide: boolean },
  ) {
    this.mayHide = most.mayHide;
    this.place = place;
    this.maxDepth = most.maxDepth;
    this.maxNodes = most.maxNodes;
  }

  run(node: unknown): Json {
    if (node === null || isEmptyScalar(node)) {
      this.report(this.place(0), {
        message: 'the file is empty',
        expected: 'a YAML document',
        found: 'nothing but blanks and comments',
        fix: 'write the document, or delete the file',
      });
      return null;
    }
    return this.value(node, { pointer: '', depth: 0, key: null, alias: null });
  }

  private value(node: unknown, spot: Spot): Json {
    const own = this.own(node, spot);
    this.locations[spot.pointer] = isScalar(node) ? own : (spot.key ?? own);
    if (this.stopped || this.isOverBudget(own, spot)) {
      return null;
    }
    if (isAlias(node)) {
      return this.alias(node, own, spot);
    }
    if (isScalar(node)) {
      this.remember(node.anchor, node);
      return this.scalar(node, own, spot);
    }
    if (isMap(node)) {
      this.remember(node.anchor, node);
      return this.inside(node, () => this.map(node, spot));
    }
    if (isSeq(node)) {
      this.remember(node.anchor, node);
      return this.inside(node, () => this.list(node, spot));
    }
    return null;
  }

  /** The node's own place, unless it is seen through an alias or has none (an empty value). */
  private own(node: unknown, spot: Spot): SourceLocation {
    if (spot.alias !== null) {
      return spot.alias;
    }
    const start = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    return isEmptyScalar(node) && spot.key !== null ? spot.key : this.place(start);
  }

  private isOverBudget(own: SourceLocation, spot: Spot): boolean {
    this.nodes += 1;
    const fix = 'check for an unclosed bracket, or flatten the structure';
    if (spot.depth > this.maxDepth) {
      const expected = `at most ${this.maxDepth} levels of lists and maps`;
      this.report(own, { message: 'the document is nested too deeply', expected, fix });
      this.stopped = true;
    } else if (this.nodes > this.maxNodes) {
      this.report(own, {
        message: 'the document has too many values, counting each use of an alias',
        expected: `at most ${this.maxNodes.toLocaleString('en-GB')}`,
        fix: 'write values out instead of repeating aliases of aliases',
      });
      this.stopped = true;
    }
    return this.stopped;
  }

  private remember(anchor: string | undefined, node: unknown): void {
    if (anchor !== undefined) {
      this.anchors.set(anchor, node);
    }
  }

  private inside(node: unknown, convert: () => Json): Json {
    this.open.add(node);
    const value = convert();
    this.open.delete(node);
    return value;
  }

  private alias(node: Alias, own: SourceLocation, spot: Spot): Json {
    this.aliases += 1;
    const target = this.anchors.get(node.source);
    const found = `*${node.source}`;
    if (this.aliases > maxAliases) {
      const expected = `at most ${maxAliases} aliases in a file`;
      this.report(own, { message: 'too many aliases', expected, fix: 'write the values out' });
      this.stopped = true;
      return null;
    }
    if (target === undefined) {
      const fix = 'define the anchor before this line, or put the value in quotes if it is a text';
      this.report(own, { message: 'an alias names an anchor that is not defined before it', found, fix });
      return null;
    }
    if (this.open.has(target)) {
      this.report(own, { message: 'an alias contains itself', found, fix: 'write the value out' });
      return null;
    }
    return this.value(target, { ...spot, alias: own });
  }

  private scalar(node: Scalar, own: SourceLocation, spot: Spot): Json {
    const { value } = node;
    if (typeof value === 'string') {
      this.checkVisible(value, own);
      return value;
    }
    if (value === null || typeof value === 'boolean') {
      return value;
    }
    if (typeof value === 'number' && isExact(value)) {
      return value;
    }
    this.report(own, {
      message: 'a number that cannot be kept exactly',
      expected: 'a finite number; whole numbers up to 9007199254740991',
      found: typeof value === 'number' ? (node.source ?? String(value)) : describeFound(null, spot.pointer),
      fix: 'correct the number, or put it in quotes if it is an identifier',
    });
    return null;
  }

  /** Raw control characters were refused with the text; escapes in double quotes can still produce them. */
  private checkVisible(value: string, own: SourceLocation): void {
    const hidden = this.mayHide ? null : findInvisible(value);
    if (hidden !== null) {
      this.report(own, {
        message: 'the value contains a character that a reader cannot see',
        expected: 'printable text, spaces and line ends',
        found: hidden.name,
        fix: 'delete the escape sequence',
      });
    }
  }

  private map(node: YAMLMap, spot: Spot): Json {
    const result: Record<string, Json> = {};
    const seen = new Map<string, SourceLocation>();
    for (const pair of node.items) {
      if (this.stopped) {
        break;
      }
      const key = this.key(pair, seen, spot);
      if (key !== null) {
        const pointer = pointerTo(spot.pointer, key.name);
        this.keyLocations[pointer] = key.at;
        const below = { pointer, depth: spot.depth + 1, key: key.at, alias: spot.alias };
        result[key.name] = this.value(pair.value, below);
      }
    }
    return result;
  }

  private list(node: YAMLSeq, spot: Spot): Json {
    return node.items.map((item, index) =>
      this.value(item, {
        pointer: pointerTo(spot.pointer, index),
        depth: spot.depth + 1,
        key: null,
        alias: spot.alias,
      }),
    );
  }

  /** A key that may be used, or null after a diagnostic says why not. */
  private key(
    pair: Pair,
    seen: Map<string, SourceLocation>,
    spot: Spot,
  ): { readonly name: string; readonly at: SourceLocation } | null {
    const at = this.own(pair.key, spot);
    const name: unknown = isScalar(pair.key) ? pair.key.value : null;
    if (typeof name !== 'string') {
      this.report(at, {
        message: 'a key that is not text',
        expected: 'a text key',
        found: isScalar(pair.key) ? describeFound(pair.key.value as Json, '') : 'a list, map or alias',
        fix: 'put the key in quotes if it is meant as text',
      });
      return null;
    }
    const refused = refusedKey(name, seen.get(name));
    if (refused !== null) {
      this.report(at, refused);
      return null;
    }
    seen.set(name, at);
    this.checkVisible(name, at);
    return { name, at };
  }

  private report(location: SourceLocation, text: Omit<Diagnostic, 'location'>): void {
    this.diagnostics.push({ location, ...text });
    // One more than is shown, so that the list can say that it was cut.
    this.stopped ||= this.diagnostics.length > maxDiagnostics;
  }
}

function refusedKey(name: string, first: SourceLocation | undefined): Omit<Diagnostic, 'location'> | null {
  if (first !== undefined) {
    return {
      message: `the key ${JSON.stringify(name.slice(0, 60))} is given twice`,
      expected: 'each key once',
      found: `first given at line ${first.line}`,
      fix: 'delete one of the two, or join their contents',
    };
  }
  if (name === '<<') {
    return {
      message: 'merge keys are not used here',
      expected: 'every field written out',
      found: '<<',
      fix: 'write the merged fields out',
    };
  }
  if (pollutingKeys.has(name)) {
    return {
      message: 'this key is reserved',
      expected: 'a field name',
      found: name,
      fix: 'rename or delete the key',
    };
  }
  return null;
}

function isEmptyScalar(node: unknown): boolean {
  return isScalar(node) && node.value === null && node.source === '';
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
