/**
 * One line of the conformance table: what an expression answers, and who says so. Sources: `docs` the Rules language
 * documentation as of 2026-11, `engine` the source of the open engine (cloudflare/wirefilter, 2026-07), `observed` the
 * engine of 2023 at work (`npm run test:differential`), `defined` what follows from the grammar or from byte strings.
 */
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';

/** `unknown` where the request or the published language does not tell, `refused` where it is not an expression. */
export type Answer = boolean | 'unknown' | 'refused';

export type Source = 'docs' | 'engine' | 'observed' | 'defined';

export interface Case {
  /** Key of the inventory. */
  readonly about: string;
  readonly text: string;
  readonly expected: Answer;
  readonly source: Source;
  /** Where two sources differ: what each says. `expected` is what is taken. */
  readonly differs?: Readonly<Partial<Record<Source, Answer>>>;
  readonly request?: Partial<RecordedRequest>;
}

type Row = readonly [
  text: string,
  expected: Answer,
  more?: Partial<Pick<Case, 'differs' | 'request' | 'source'>>,
];

/** Cases of one entry of the inventory that have the same source. */
export function cases(about: string, source: Source, ...rows: readonly Row[]): readonly Case[] {
  return rows.map(([text, expected, more]) => ({ about, text, expected, source, ...more }));
}
