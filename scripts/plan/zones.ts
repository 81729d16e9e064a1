/** Which zone a resource belongs to, by name where the configuration tells. */
import { soleReference } from './expression/parse.ts';
import { own } from '../json/json.ts';
import { PartFinder } from './difference/parts.ts';
import { resolveValue } from './difference/resolve.ts';
import type { ResolveScope } from './difference/resolve.ts';
import { blockOf, findBlock, singleBlock } from './stack-view.ts';
import type { Block } from './stack-view.ts';
import type { JsonObject } from './types.ts';
import { isSplit } from './v4/settings.ts';
import { v5Body } from './v4/types.ts';

/** Finds zones of one side. Most resources of a stack name their zone by the same few texts, which are resolved once. */
export class ZoneFinder {
  readonly #scope: ResolveScope;
  readonly #known = new Map<string, string>();

  readonly #parts: PartFinder;

  constructor(scope: ResolveScope) {
    this.#scope = scope;
    this.#parts = new PartFinder(scope);
  }

  /** The zone's name; the `zone_id` as written if the name cannot be told; null for what belongs to the account. */
  zoneOf(block: Pick<Block, 'kind' | 'type' | 'name' | 'body'>): string | null {
    if (block.kind !== 'resource' && block.kind !== 'data') {
      return null;
    }
    if (block.type === 'cloudflare_zone') {
      return this.#nameOf(block.body) ?? `cloudflare_zone.${block.name}`;
    }
    const id = own(block.body, 'zone_id');
    return typeof id === 'string' && id !== '' ? this.#byId(id) : null;
  }

  /** How many managed resources each zone has, and how many there are in all. */
  count(): { readonly total: number; readonly zones: ReadonlyMap<string, number> } {
    const zones = new Map<string, number>();
    let total = 0;
    for (const [type, { bodies, census, names }] of this.#scope.view.resources) {
      if (type === 'cloudflare_zone') {
        total += this.#addZones(zones, bodies, names);
        continue;
      }
      if (isSplit(type)) {
        for (const [index, body] of bodies.entries()) {
          total += this.#addInstances(zones, { type, name: names[index] ?? '', body });
        }
        continue;
      }
      total += census.present;
      for (const [id, number] of census.zoneIds) {
        addTo(zones, this.#byId(id), number);
      }
      const repeated = new Set(census.repeated);
      for (const [index, body] of repeated.size === 0 ? [] : bodies.entries()) {
        total += repeated.has(body) ? this.#addInstances(zones, { type, name: names[index] ?? '', body }) : 0;
      }
    }
    return { total, zones };
  }

  #addZones(zones: Map<string, number>, bodies: readonly JsonObject[], names: readonly string[]): number {
    let total = 0;
    for (const [index, body] of bodies.entries()) {
      const number = this.#instances({ type: 'cloudflare_zone', name: names[index] ?? '', body });
      total += number;
      addTo(zones, this.#nameOf(body) ?? `cloudflare_zone.${names[index] ?? ''}`, number);
    }
    return total;
  }

  /** Instances of a block; one for a block whose keys only a run can tell, since there may be any. */
  #instances({ type, name, body }: Pick<Block, 'type' | 'name' | 'body'>): number {
    const parts = this.#parts.of(blockOf('resource', type, name, body));
    return parts === null ? 1 : parts.length;
  }

  #addInstances(zones: Map<string, number>, named: Pick<Block, 'type' | 'name' | 'body'>): number {
    const block = blockOf('resource', named.type, named.name, named.body);
    const parts = this.#parts.of(block) ?? [block];
    for (const { body } of parts) {
      const id = own(body, 'zone_id');
      if (typeof id === 'string' && id !== '') {
        addTo(zones, this.#byId(id), 1);
      }
    }
    return parts.length;
  }

  #byId(id: string): string {
    const known = this.#known.get(id);
    if (known !== undefined) {
      return known;
    }
    const zone = this.#resolve(id);
    this.#known.set(id, zone);
    return zone;
  }

  #resolve(id: string): string {
    const resolved = resolveValue(this.#scope, id);
    const text = typeof resolved === 'string' ? resolved : id;
    const reference = soleReference(text);
    if (reference === null || !/^(?:data\.)?cloudflare_zone\./.test(reference.target)) {
      return text;
    }
    const zone = findBlock(this.#scope.view, reference.target);
    return (zone === undefined ? null : this.#nameOf(zone.body)) ?? text;
  }

  #nameOf(written: JsonObject): string | null {
    const body = v5Body('cloudflare_zone', written);
    const filter = singleBlock(own(body, 'filter'));
    const name = own(body, 'name') ?? (filter === null ? undefined : own(filter, 'name'));
    const resolved = name === undefined ? undefined : resolveValue(this.#scope, name);
    return typeof resolved === 'string' ? resolved : null;
  }
}

function addTo(counts: Map<string, number>, key: string, number: number): void {
  counts.set(key, (counts.get(key) ?? 0) + number);
}
