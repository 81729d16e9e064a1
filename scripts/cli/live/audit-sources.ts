/** Where entries of the audit log come from: Cloudflare's API, day by day, or files of Logpush. */
import type { Services } from '../../contract/context.ts';
import type { CloudflareReader } from '../../contract/ports.ts';
import { CoveredDays, daysOf, gapOf, joinedGaps, retainedSince } from '../../live/audit/coverage.ts';
import { readApiEntry, readAuditLines } from '../../live/audit/entry.ts';
import type { AuditJoin, AuditQuestion } from '../../live/audit/join.ts';
import type { AuditGap, AuditReport, BadAuditLine } from '../../live/audit/types.ts';
import { attempt } from './attempt.ts';

export interface AuditReading {
  readonly join: AuditJoin;
  readonly question: AuditQuestion;
  readonly bad: BadLines;
}

const mostBadLines = 20;

/** Lines and entries that could not be read: all counted, the first named. */
export class BadLines {
  readonly #first: BadAuditLine[] = [];
  #count = 0;

  add(line: BadAuditLine): void {
    this.#count += 1;
    if (this.#first.length < mostBadLines) {
      this.#first.push(line);
    }
  }

  all(): AuditReport['badLines'] {
    return { count: this.#count, first: [...this.#first] };
  }
}

/** After so many days in a row that did not answer, the rest of an account is not asked about. */
const mostFailures = 3;

/** What the API did not tell. One account that is not to be had leaves the others as they are. */
export async function readFromApi(
  { reporter }: Services,
  cloudflare: CloudflareReader,
  { join, question, bad }: AuditReading,
  now: number,
): Promise<readonly AuditGap[]> {
  const { accounts, until } = question;
  const since = retainedSince(now);
  const from = Math.max(question.from, since);
  const gaps: AuditGap[] = [];
  await reporter.step(`Reading the audit log of ${String(accounts.length)} account(s)`, async (update) => {
    for (const account of accounts) {
      if (question.from < since) {
        const lost = { from: question.from, until: Math.min(since, until) };
        gaps.push(gapOf(account, lost, 'Cloudflare retains entries for 18 months'));
      }
      let failures = 0;
      for (const day of daysOf({ from, until })) {
        if (failures >= mostFailures) {
          gaps.push(
            gapOf(account, day, `not asked about: ${String(mostFailures)} days before it did not answer`),
          );
          continue;
        }
        update(`${account} ${new Date(day.from).toISOString().slice(0, 10)}`);
        const answer = await attempt(async () => readDay(cloudflare, account, day, { join, bad }));
        failures = answer.ok ? 0 : failures + 1;
        if (!answer.ok) {
          gaps.push(gapOf(account, day, answer.reason));
        }
      }
    }
  });
  return joinedGaps(gaps);
}

/** A second more on both sides: whether Cloudflare counts the instants themselves in, it does not say. */
const margin = 1_000;
/** What Cloudflare gives when no other is asked for; the most that it gives is not documented. */
const pageSize = 100;

async function readDay(
  cloudflare: CloudflareReader,
  account: string,
  { from, until }: { readonly from: number; readonly until: number },
  { join, bad }: Pick<AuditReading, 'join' | 'bad'>,
): Promise<void> {
  const path = `/accounts/${encodeURIComponent(account)}/logs/audit`;
  const query = {
    since: new Date(from - margin).toISOString(),
    before: new Date(until + margin).toISOString(),
    limit: String(pageSize),
  };
  let number = 0;
  for await (const page of cloudflare.pages({ path, query })) {
    for (const value of page) {
      number += 1;
      const read = readApiEntry(value);
      if (!read.ok) {
        bad.add({ file: path, line: number, reason: read.reason });
      } else if (read.value.at >= from && read.value.at < until) {
        // The question was about this account, where the answer does not repeat it.
        const id = read.value.account.id ?? account;
        join.add({ ...read.value, account: { ...read.value.account, id } });
      }
    }
  }
}

/** What the files do not tell. @throws InputError for a file that is damaged. */
export async function readFromFiles(
  { files, reporter }: Services,
  paths: readonly string[],
  { join, question, bad }: AuditReading,
): Promise<readonly AuditGap[]> {
  const days = new CoveredDays();
  await reporter.step(`Reading ${String(paths.length)} file(s) of Logpush`, async (update) => {
    for (const file of paths) {
      update(file);
      for await (const chunk of files.readChunks(file)) {
        readAuditLines(chunk, (read, line) => {
          if (read.ok) {
            days.add(read.value.account.id, read.value.at);
            join.add(read.value);
          } else {
            bad.add({ file, line, reason: read.reason });
          }
        });
      }
    }
  });
  return question.accounts.flatMap((account) => joinedGaps(days.gaps(account, question)));
}
