/**
 * Derived parts of files that are otherwise written by people: what stands between `# derived: <name>` and
 * `# derived: end`. The one reader and writer of these marks.
 */
const begin = /^(?<indent>\s*)# derived: (?<name>(?!end$)[a-z-]+)$/;
const end = /^\s*# derived: end$/;

import type { Result } from '../json/result.ts';

/** Lines of a region by its name, without indentation. */
export type Regions = ReadonlyMap<string, readonly string[]>;

export type Filled = Result<string, { readonly line: number; readonly problem: string }>;

/**
 * The text with every region filled, indented as its mark. Not ok for a mark without an end, a name that nothing is
 * derived for, and a wanted region that has no mark.
 */
export function fillRegions(text: string, regions: Regions): Filled {
  const lines = text.split('\n');
  const written: string[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    written.push(line);
    const { indent = '', name = '' } = begin.exec(line)?.groups ?? {};
    if (name !== '') {
      const until = lines.findIndex((other, index) => index > at && end.test(other));
      const content = regions.get(name);
      if (until < 0 || content === undefined) {
        return {
          ok: false,
          line: at + 1,
          problem:
            until < 0
              ? `"# derived: ${name}" has no "# derived: end"`
              : `nothing called "${name}" is derived`,
        };
      }
      seen.add(name);
      written.push(...content.map((one) => (one === '' ? '' : `${indent}${one}`)));
      at = until - 1;
    }
  }
  const missing = [...regions.keys()].find((name) => !seen.has(name));
  return missing === undefined
    ? { ok: true, value: written.join('\n') }
    : { ok: false, line: 1, problem: `it has no "# derived: ${missing}"` };
}

/** The text with empty regions: what of it is not derived. */
export function withoutRegions(text: string): string {
  const lines = text.split('\n');
  const unchanged: string[] = [];
  let inside = false;
  for (const line of lines) {
    inside = inside && !end.test(line);
    if (!inside) {
      unchanged.push(line);
    }
    inside ||= begin.test(line);
  }
  return unchanged.join('\n');
}
