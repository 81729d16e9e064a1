import { sha256Hex } from '../json/json.ts';
import { withoutRegions } from './regions.ts';

/** Of a generated file without what is derived in it: that changes with the registers, and is nobody's edit. */
export function digestOf(text: string): string {
  return `sha256:${sha256Hex(withoutRegions(text))}`;
}
