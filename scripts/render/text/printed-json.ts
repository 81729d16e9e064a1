/** JSON for a terminal, a log or an artifact: the canonical text, with what cannot be seen written as escapes. */
import { canonicalJson } from '../../json/json.ts';
import type { Json } from '../../plan/types.ts';
import { escapeJson } from './escape.ts';

/** One line and a line end. Parses to the same value as the canonical text. */
export function printedJson(value: Json | object): string {
  return `${escapeJson(canonicalJson(value))}\n`;
}
