/**
 * What Cloudflare would hold, and what may be done to it, told in the simplest way: a stack is a pile of layers, each the
 * edits of one change. Knows nothing of ledgers, bundles or state machines.
 */
export type Content = Readonly<Record<string, string>>;
/** Null takes a key away. */
export type Edits = Readonly<Record<string, string | null>>;

export interface Layer {
  readonly id: string;
  readonly edits: Edits;
}

export interface Attempt {
  readonly id: string;
  readonly kind: 'baseline' | 'release' | 'rollback';
  readonly change: string | null;
  readonly undoes: readonly string[];
  readonly target: Content;
  readonly touched: boolean;
}

export interface Grant {
  readonly target: Content;
  readonly undoes: readonly string[];
}

export class StackModel {
  layers: readonly Layer[] = [];
  /** What failed since something succeeded. */
  attempts: readonly Attempt[] = [];
  last: { readonly id: string; readonly kind: Attempt['kind'] } | null = null;
  readonly snapshots = new Map<string, readonly string[]>();
  readonly undone = new Map<string, string>();

  get content(): Content {
    return contentOf(this.layers);
  }

  /** The half-applied attempt that live is somewhere in. */
  get torn(): Attempt | null {
    return this.attempts.findLast(({ touched }) => touched) ?? null;
  }

  fail(attempt: Attempt): void {
    this.attempts = [...this.attempts, attempt];
  }

  add(layer: Layer, kind: 'baseline' | 'release'): void {
    this.layers = [...this.layers, layer];
    this.succeeded(layer.id, kind);
  }

  remove(id: string, undoes: readonly string[]): void {
    this.layers = this.layers.filter((layer) => !undoes.includes(layer.id));
    for (const each of undoes) {
      this.undone.set(each, id);
    }
    this.succeeded(id, 'rollback');
  }

  private succeeded(id: string, kind: Attempt['kind']): void {
    this.attempts = [];
    this.last = { id, kind };
    this.snapshots.set(
      id,
      this.layers.map((layer) => layer.id),
    );
  }

  /** What the plain `rollback` restores; null when it must be refused. */
  latest(): Grant | null {
    const broken = this.attempts.at(-1);
    if (broken !== undefined) {
      return this.cleanUp(broken);
    }
    const [top] = this.layers.slice(-1);
    return this.last?.kind === 'release' && top !== undefined
      ? { target: contentOf(this.layers.slice(0, -1)), undoes: [top.id] }
      : null;
  }

  private cleanUp(broken: Attempt): Grant | null {
    if (broken.kind === 'rollback') {
      return { target: broken.target, undoes: broken.undoes };
    }
    return this.layers.length === 0
      ? null
      : { target: this.content, undoes: [...this.tried().filter((id) => id !== broken.id), broken.id] };
  }

  private tried(): readonly string[] {
    return this.attempts.filter(({ kind, touched }) => kind !== 'rollback' && touched).map(({ id }) => id);
  }

  /** `rollback --to`, with every change named that would go. */
  to(id: string): Grant | null {
    const then = this.snapshots.get(id);
    const leaving = this.torn?.kind === 'rollback' ? this.torn.undoes : [];
    const kept = new Set(this.layers.map((layer) => layer.id).filter((each) => !leaving.includes(each)));
    if (then === undefined || then.some((each) => !kept.has(each))) {
      return null;
    }
    const undoes = [
      ...this.layers.map((layer) => layer.id).filter((each) => !then.includes(each)),
      ...this.tried(),
    ];
    const target = contentOf(this.layers.filter((layer) => then.includes(layer.id)));
    return undoes.length === 0 ? null : { target, undoes };
  }

  only(id: string): Grant | null {
    const newest = this.attempts.at(-1)?.id ?? this.last?.id;
    if (id === newest) {
      return this.latest();
    }
    const at = this.layers.findIndex((layer) => layer.id === id);
    const layer = this.layers[at];
    const isTouched = this.layers
      .slice(at + 1)
      .some(({ edits }) => Object.keys(edits).some((key) => layer !== undefined && key in layer.edits));
    return this.attempts.length > 0 || at < 1 || isTouched
      ? null
      : { target: contentOf(this.layers.filter((each) => each.id !== id)), undoes: [id] };
  }
}

function contentOf(layers: readonly Layer[]): Content {
  const content = new Map<string, string>();
  for (const [key, value] of layers.flatMap(({ edits }) => Object.entries(edits))) {
    if (value === null) {
      content.delete(key);
    } else {
      content.set(key, value);
    }
  }
  return Object.fromEntries([...content].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function edited(content: Content, edits: Edits): Content {
  return contentOf([
    { id: '', edits: content },
    { id: '', edits },
  ]);
}
