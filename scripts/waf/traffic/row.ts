/**
 * Values of a log that has columns. The same column is a number in one export and digits in a text in another: both are
 * read alike. What is not of the wanted type is null, which is not known.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import { isObject } from '../../json/json.ts';

export type TrafficRow = Readonly<Record<string, unknown>>;

/** Null for what is not a JSON object. */
export function parseRow(line: string): TrafficRow | null {
  try {
    const parsed: unknown = parseJson(line, limits.line);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

export function textAt(row: TrafficRow, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' ? value : null;
}

/** A whole number, also as digits in a text. */
export function numberAt(row: TrafficRow, column: string): number | null {
  return wholeNumber(row[column]);
}

export function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,16}$/u.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** True for `true` and for the text of it. */
export function isFlagged(row: TrafficRow, column: string): boolean {
  const value = row[column];
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

/** The texts of a list, or one text that is not empty as a list of its own. */
export function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.filter((item) => typeof item === 'string');
  }
  return typeof value === 'string' && value !== '' ? [value] : [];
}

const dateText = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d(?:\.\d+)?)(?:[Zz]|([+-]\d\d):?(\d\d))$/u;

/**
 * A time in UTC: RFC 3339 (an offset may lack its colon), or seconds, milliseconds, microseconds or nanoseconds since 1970
 * by their size, also as digits in a text. Null for anything else: a time without an offset is of nobody knows which zone.
 */
export function timeOf(value: unknown): string | null {
  if (typeof value === 'string') {
    return /^\d{1,20}(?:\.\d{1,9})?$/u.test(value) ? timeOfNumber(Number(value)) : timeOfText(value);
  }
  return typeof value === 'number' ? timeOfNumber(value) : null;
}

function timeOfText(text: string): string | null {
  const [, date = '', clock = '', hours, minutes] = dateText.exec(text) ?? [];
  if (date === '') {
    return null;
  }
  if (hours === undefined) {
    return `${date}T${clock}Z`;
  }
  const at = Date.parse(`${date}T${clock}${hours}:${minutes ?? ''}`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

function timeOfNumber(value: number): string | null {
  if (!Number.isFinite(value) || value < 0) {
    return null;
  }
  const milliseconds =
    value > 1e17 ? value / 1e6 : value > 1e14 ? value / 1000 : value > 1e11 ? value : value * 1000;
  return milliseconds > 8.64e15 ? null : new Date(milliseconds).toISOString();
}
