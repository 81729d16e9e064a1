/** The audit for a person: each month's figure with its names, what of each release the log has, and what nobody could tell. */
import type { AuditMonth, AuditReport, ReleaseAudit } from '../../live/audit/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { burstLines } from './audit-words.ts';
import { counted } from './issue.ts';

/** Of one kind; the JSON has all of them. */
const mostNamed = 50;

/** Newline-terminated; everything from outside is escaped for a terminal. */
export function renderAudit(report: AuditReport, style: Style): string {
  return [
    ...report.months.flatMap((month) => monthLines(month, report, style)),
    ...(report.beyond === 0
      ? []
      : [
          style.red(
            `and ${counted(report.beyond, 'entry', 'entries')} more that no release made: too many to name`,
          ),
        ]),
    '',
    ...releaseLines(report.releases, style),
    ...asideLines(report),
    ...gapLines(report, style),
    ...report.badLines.first.map(({ file, line, reason }) =>
      style.yellow(escapeTerminalLine(`Not read: ${file}:${String(line)}: ${reason}`)),
    ),
    ...andMore(report.badLines.count - report.badLines.first.length, style),
    ...tokenLines(report, style),
    totalLine(report),
    ...nextLines(report),
    '',
  ].join('\n');
}

function monthLines(
  { month, account, unauthorised, released, isCovered }: AuditMonth,
  report: AuditReport,
  style: Style,
): readonly string[] {
  const least = isCovered ? '' : 'at least ';
  const figure =
    unauthorised > 0
      ? style.red(`${least}${counted(unauthorised, 'change')} that no release made`)
      : isCovered
        ? style.green('no change that no release made')
        : style.yellow('no change that no release made, as far as the log tells');
  const bursts = report.unauthorised.filter(
    ({ first, entry }) => first.startsWith(month) && entry.account.id === account,
  );
  return [
    `${style.bold(month)}  ${escapeTerminalLine(account)}  ${figure}  ${style.dim(`(${counted(released, 'entry', 'entries')} of releases)`)}`,
    ...bursts.slice(0, mostNamed).flatMap((burst) => {
      const [heading = '', ...rest] = burstLines(burst).map(escapeTerminalLine);
      return [`  ${style.red(heading)}`, ...rest.map((text) => `  ${text}`)];
    }),
    ...andMore(bursts.length - mostNamed, style),
  ];
}

const stateTexts: Readonly<Record<ReleaseAudit['state'], (release: ReleaseAudit) => string>> = {
  found: ({ entries }) => counted(entries, 'entry', 'entries'),
  'no-changes': () => 'changed nothing, and the log has nothing',
  missing: ({ entries, missing }) =>
    `${counted(entries, 'entry', 'entries')}; nothing in the log of ${missing.join(', ')}`,
  'not-covered': ({ entries }) =>
    `${counted(entries, 'entry', 'entries')}; the log does not cover all of its time`,
  open: ({ entries }) => `${counted(entries, 'entry', 'entries')}; it is not recorded as ended`,
};

function releaseLines(releases: readonly ReleaseAudit[], style: Style): readonly string[] {
  const lines = releases.map((release) => {
    const text = escapeTerminalLine(`${release.id}  ${release.stack}  ${stateTexts[release.state](release)}`);
    return release.state === 'found' || release.state === 'no-changes' ? text : style.yellow(text);
  });
  return [...lines.slice(0, mostNamed), ...andMore(lines.length - mostNamed, style)];
}

function asideLines({ asides, counts }: AuditReport): readonly string[] {
  const apart = [
    [counts.cloudflare, 'by Cloudflare itself'],
    [counts.profile, "of somebody's own profile"],
    [counts.failed, 'tried and refused'],
    [counts.reads, 'reading only'],
    [counts.foreign, 'of other accounts'],
    [counts.outside, 'of another time'],
    [counts.duplicates, 'twice'],
  ] as const;
  const texts = apart.filter(([count]) => count > 0).map(([count, what]) => `${String(count)} ${what}`);
  return [
    ...(texts.length === 0 ? [] : [`Set apart: ${texts.join(', ')}.`]),
    ...asides
      .slice(0, mostNamed)
      .map(({ what, entries }) => escapeTerminalLine(`  ${String(entries)} × ${what}`)),
  ];
}

function gapLines({ gaps }: AuditReport, style: Style): readonly string[] {
  return gaps.map(({ account, from, until, reason }) =>
    style.yellow(escapeTerminalLine(`Not covered: ${account} from ${from} to ${until}: ${reason}`)),
  );
}

function tokenLines({ tokens }: AuditReport, style: Style): readonly string[] {
  return tokens > 0
    ? []
    : [
        style.yellow(
          'No register names the token of a release, so nothing can be told to be one: add its name and id to spec.access.tokens, with releases: true.',
        ),
      ];
}

function totalLine({ entries, counts, target, requests, from, until }: AuditReport): string {
  const cost = requests === 0 ? '' : ` with ${counted(requests, 'request')}`;
  return `${counted(entries, 'entry', 'entries')} of ${target} from ${from} to ${until} read${cost}: ${String(counts.released)} of releases, ${String(counts.unauthorised)} of none.`;
}

function nextLines({ unauthorised }: AuditReport): readonly string[] {
  return unauthorised.length === 0
    ? []
    : [
        'Ask who did it why. What is still live otherwise than released: sluice drift. What is to stay is written into the code and raised: sluice new',
      ];
}

function andMore(count: number, style: Style): readonly string[] {
  return count > 0 ? [style.dim(`  and ${String(count)} more: sluice audit --format json`)] : [];
}
