/**
 * Finds where a JSON pointer stands in JSON text that is already known to be valid. Containers on the way are indexed
 * when they are first entered and everything beside the way is skipped, so that a handful of places in a document of
 * 100 MB costs one fast pass, not an object per value.
 */
import { pointerTo, pointerTokens } from '../document.ts';
import { endOfText } from '../../json/outline.ts';

interface JsonPlace {
  readonly offset: number;
  readonly keyOffset: number | null;
}

type Children = ReadonlyMap<string, JsonPlace>;

export class JsonLocator {
  private readonly source: string;
  private readonly indexed = new Map<number, Children>();

  constructor(source: string) {
    this.source = source;
  }

  /** Place of the pointer's target, or of its nearest ancestor that exists. */
  find(pointer: string): JsonPlace {
    let here: JsonPlace = this.root();
    for (const token of pointerTokens(pointer)) {
      const next = this.children(here.offset).get(token);
      if (next === undefined) {
        return { offset: here.offset, keyOffset: null };
      }
      here = next;
    }
    return here;
  }

  /** Every value of the document with its pointer. */
  *all(): Generator<{ readonly pointer: string; readonly offset: number }> {
    const open = [{ pointer: '', offset: this.root().offset }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      yield next;
      for (const [token, { offset }] of this.children(next.offset)) {
        open.push({ pointer: pointerTo(next.pointer, token), offset });
      }
    }
  }

  private root(): JsonPlace {
    return { offset: this.afterBlank(0), keyOffset: null };
  }

  private children(offset: number): Children {
    const known = this.indexed.get(offset);
    if (known !== undefined) {
      return known;
    }
    const first = this.source[offset];
    if (first !== '{' && first !== '[') {
      return new Map();
    }
    const children = this.index(offset, first === '{');
    this.indexed.set(offset, children);
    return children;
  }

  private index(start: number, isMap: boolean): Children {
    const children = new Map<string, JsonPlace>();
    let at = this.afterBlank(start + 1);
    while (at < this.source.length && this.source[at] !== '}' && this.source[at] !== ']') {
      let token = String(children.size);
      let keyOffset: number | null = null;
      if (isMap) {
        keyOffset = at;
        const end = endOfText(this.source, at) + 1;
        token = JSON.parse(this.source.slice(at, end)) as string;
        at = this.afterBlank(this.afterBlank(end) + 1);
      }
      children.set(token, { offset: at, keyOffset });
      at = this.afterBlank(this.afterValue(at));
      at = this.source[at] === ',' ? this.afterBlank(at + 1) : at;
    }
    return children;
  }

  private afterBlank(from: number): number {
    let at = from;
    while (at < this.source.length && this.source.charCodeAt(at) <= 0x20) {
      at += 1;
    }
    return at;
  }

  private afterValue(from: number): number {
    const first = this.source[from];
    if (first === '"') {
      return endOfText(this.source, from) + 1;
    }
    return first === '{' || first === '[' ? this.afterContainer(from) : this.afterWord(from);
  }

  private afterWord(from: number): number {
    let at = from;
    while (at < this.source.length && !',]}'.includes(this.source[at] ?? ',')) {
      at += 1;
    }
    return at;
  }

  private afterContainer(from: number): number {
    let depth = 0;
    let at = from;
    do {
      const code = this.source.charCodeAt(at);
      if (code === 0x22) {
        at = endOfText(this.source, at);
      } else if (code === 0x7b || code === 0x5b) {
        depth += 1;
      } else if (code === 0x7d || code === 0x5d) {
        depth -= 1;
      }
      at += 1;
    } while (depth > 0 && at < this.source.length);
    return at;
  }
}
