/** Counts the lines of a sample that could be read and those that could not. */
import { InputError } from '../../contract/errors.ts';
import type { Reporter } from '../../contract/ports.ts';
import { addApart, apartWords, noneApart } from '../../waf/traffic/apart.ts';
import type { ApartCount, ApartKind } from '../../waf/traffic/apart.ts';
import type { BadLine, ReadCount } from '../../waf/traffic/read-part.ts';

/** Above this share of unreadable lines nothing is concluded from the rest. */
const maxBadShare = 0.01;
const maxListed = 5;

export class LineCount {
  readonly bad: BadLine[] = [];
  requests = 0;
  badLines = 0;
  apart: ApartCount = noneApart;
  readonly #paths: readonly string[];
  /** Entries of documents that are not requests: suites of attacks have them on purpose, so they are shown and not held against it. */
  #badEntries = 0;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** As one part, for somebody who counts on. */
  asPart(): ReadCount {
    const { requests, badLines, apart, bad } = this;
    return { lines: requests + badLines, badLines, badEntries: this.#badEntries, apart, bad };
  }

  addPart(part: ReadCount): void {
    this.#badEntries += part.badEntries;
    this.requests += part.lines - part.badLines;
    this.badLines += part.badLines;
    this.apart = addApart(this.apart, part.apart);
    this.bad.push(...part.bad.slice(0, maxListed - this.bad.length));
  }

  /** Says which lines hold no request of a visitor. */
  reportApart(reporter: Pick<Reporter, 'warn'>): void {
    for (const [kind, count] of Object.entries(this.apart) as [ApartKind, number][]) {
      if (count > 0) {
        reporter.warn(
          `${String(count)} ${count === 1 ? 'line is' : 'lines are'} counted apart: ${apartWords[kind]}.`,
        );
      }
    }
  }

  /** Throws InputError when there is no request, or when too many lines could not be read. */
  refuseUnreadable(): void {
    const lines = this.requests + this.badLines;
    if (this.requests > 0 && this.badLines - this.#badEntries <= lines * maxBadShare) {
      return;
    }
    const names = this.#paths.join(', ');
    throw new InputError({
      what:
        this.badLines === this.#badEntries
          ? `${names} has no request.`
          : `${String(this.badLines)} of ${String(lines)} lines of ${names} cannot be read.`,
      why: `With more than ${String(maxBadShare * 100)} % of the lines missing, what the others say is not what the traffic was.`,
      diagnostics: this.bad.map(({ file, line, reason }) => ({
        location: { file, line, column: 1 },
        message: reason,
      })),
      fix: 'Check that these are the files you meant, whole and of a format that is read.',
      next: 'sluice waf replay --help',
    });
  }
}
