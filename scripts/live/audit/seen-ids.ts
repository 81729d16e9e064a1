/**
 * Which entries were there before, in 16 bytes each: Cloudflare's ids are 128 bits in hexadecimal (`maxLength32` of the API's schema).
 * Anything else goes by the first 128 bits of its sha256, of which nobody finds two that are alike.
 */
import { sha256Hex } from '../../json/json.ts';

const words = 4;
const firstSlots = 1024;

export class SeenIds {
  /** Open addressing, four words a slot; a slot of zeros is free. */
  #table = new Uint32Array(firstSlots * words);
  #count = 0;
  readonly #id = new Uint32Array(words);

  /** Adds it; false when it was there. */
  add(id: string): boolean {
    if ((this.#count + 1) * 2 * words > this.#table.length) {
      this.#grow();
    }
    const hex = /^(?!0{32})[\da-f]{32}$/.test(id) ? id : sha256Hex(id);
    for (let word = 0; word < words; word += 1) {
      this.#id[word] = Number.parseInt(hex.slice(word * 8, word * 8 + 8), 16);
    }
    const at = place(this.#table, this.#id);
    if (!isFree(this.#table, at)) {
      return false;
    }
    this.#table.set(this.#id, at);
    this.#count += 1;
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#table.length * 2);
    for (let at = 0; at < this.#table.length; at += words) {
      if (!isFree(this.#table, at)) {
        const id = this.#table.subarray(at, at + words);
        larger.set(id, place(larger, id));
      }
    }
    this.#table = larger;
  }
}

/** Where the id stands in the table, or the free slot where it would. */
function place(table: Uint32Array, id: Uint32Array): number {
  const slots = table.length / words;
  let slot = (((id[0] ?? 0) ^ (id[3] ?? 0)) >>> 0) % slots;
  for (let at = slot * words; ; at = slot * words) {
    if (isFree(table, at) || isSame(table, at, id)) {
      return at;
    }
    slot = (slot + 1) % slots;
  }
}

function isSame(table: Uint32Array, at: number, id: Uint32Array): boolean {
  return table[at] === id[0] && table[at + 1] === id[1] && table[at + 2] === id[2] && table[at + 3] === id[3];
}

function isFree(table: Uint32Array, at: number): boolean {
  return table[at] === 0 && table[at + 1] === 0 && table[at + 2] === 0 && table[at + 3] === 0;
}
