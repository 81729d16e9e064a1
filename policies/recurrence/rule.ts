/**
 * The part of RFC 5545's recurrence rules (3.3.10) that a window or a freeze can be given in: a list of what is taken, with
 * the range of each part. The rest is refused with its reason before any library sees it, because a rule that runs for ever,
 * or that one calendar program reads differently than the next, is no agreement.
 */
import { wallMs } from './zone.ts';

export interface RecurrenceRule {
  /** What recurs, without an end. */
  readonly pattern: string;
  /** How many there are, the start counted; null for no such end. */
  readonly count: number | null;
  /** The last instant at which one may begin; null for no such end. */
  readonly until: number | null;
}

const maxRuleLength = 200;
/** Of a rule with `COUNT`: it is counted from its start each time. */
export const maxCount = 366;

const maxInterval: Readonly<Record<string, number>> = { DAILY: 366, WEEKLY: 53, MONTHLY: 48, YEARLY: 10 };
const dayForm = /^([+-]?[1-9]\d?)?(?:MO|TU|WE|TH|FR|SA|SU)$/u;
const oftenReason = 'a time that comes more than once a day is no window';
const timeReason = 'the time of day is that of `start`';
const differReason = 'calendar programs do not agree on it';

/** Why a part or a frequency that RFC 5545 or 7529 has is not taken. */
const notTaken: Readonly<Record<string, string>> = {
  SECONDLY: oftenReason,
  MINUTELY: oftenReason,
  HOURLY: oftenReason,
  BYSECOND: timeReason,
  BYMINUTE: timeReason,
  BYHOUR: timeReason,
  BYYEARDAY: differReason,
  BYWEEKNO: differReason,
  RSCALE: differReason,
  SKIP: differReason,
};

type RuleParts = ReadonlyMap<string, string>;

/** For each part why its value is not one, or null; the other parts are those of the same rule. */
const checks: Readonly<Record<string, (value: string, parts: RuleParts) => string | null>> = {
  FREQ: (value) =>
    Object.hasOwn(maxInterval, value)
      ? null
      : `FREQ is one of ${Object.keys(maxInterval).join(', ')}${because(value)}`,
  INTERVAL: (value, parts) => numberProblem('INTERVAL', value, maxInterval[parts.get('FREQ') ?? ''] ?? 1),
  COUNT: (value, parts) =>
    parts.has('UNTIL') ? 'COUNT and UNTIL exclude each other' : numberProblem('COUNT', value, maxCount),
  UNTIL: (value) => (untilOf(value) === null ? 'UNTIL is an instant in UTC, such as 20271231T235959Z' : null),
  BYMONTH: (value) => listProblem('BYMONTH', value, { least: 1, most: 12 }),
  BYMONTHDAY: (value, parts) =>
    parts.get('FREQ') === 'WEEKLY'
      ? 'BYMONTHDAY does not go with FREQ=WEEKLY'
      : listProblem('BYMONTHDAY', value, { least: -31, most: 31 }),
  BYDAY: dayProblem,
  BYSETPOS: positionProblem,
  WKST: (value, parts) =>
    /^[A-Z]{2}$/u.test(value) && dayForm.test(value) && parts.get('FREQ') === 'WEEKLY'
      ? null
      : 'WKST is a weekday, and means something with FREQ=WEEKLY only',
};

/** The rule, or why it is not taken. */
export function readRule(text: string): RecurrenceRule | string {
  if (text.length > maxRuleLength) {
    return `the rule is longer than ${String(maxRuleLength)} characters`;
  }
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const [, name = '', value = ''] = /^([A-Z]+)=([A-Z0-9,+-]+)$/u.exec(part) ?? [];
    if (!Object.hasOwn(checks, name)) {
      return name === ''
        ? `${part === '' ? 'an empty part' : `\`${part.slice(0, 40)}\``} is no part of a rule: NAME=VALUE in capitals, with ; between them`
        : `${name} is not taken${because(name)}; what is: ${Object.keys(checks).join(', ')}`;
    }
    if (parts.has(name)) {
      return `${name} is there twice`;
    }
    parts.set(name, value);
  }
  return parts.has('FREQ') ? checked(parts) : 'FREQ is missing';
}

function checked(parts: RuleParts): RecurrenceRule | string {
  for (const [name, value] of parts) {
    const problem = checks[name]?.(value, parts) ?? null;
    if (problem !== null) {
      return problem;
    }
  }
  const pattern = [...parts].filter(([name]) => name !== 'COUNT' && name !== 'UNTIL');
  const count = parts.get('COUNT');
  const until = parts.get('UNTIL');
  return {
    pattern: pattern.map((part) => part.join('=')).join(';'),
    count: count === undefined ? null : Number(count),
    until: until === undefined ? null : untilOf(until),
  };
}

function because(what: string): string {
  const reason = notTaken[what];
  return reason === undefined ? '' : `: ${reason}`;
}

/** RFC 5545 wants UTC where the start has a zone. */
function untilOf(value: string): number | null {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/u.exec(value);
  const [, year, month, day, hour, minute, second] = match ?? [];
  return match === null
    ? null
    : wallMs(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}`);
}

function numberProblem(name: string, value: string, most: number): string | null {
  return /^[1-9]\d{0,8}$/u.test(value) && Number(value) <= most
    ? null
    : `${name} is a number from 1 to ${String(most)}`;
}

/** A list without repetition; a range that begins below zero has no zero in it. */
function listProblem(
  name: string,
  value: string,
  { least, most }: { readonly least: number; readonly most: number },
): string | null {
  const all = value.split(',');
  const isGood = (one: string): boolean =>
    /^[+-]?\d{1,3}$/u.test(one) && Number(one) !== 0 && Number(one) >= least && Number(one) <= most;
  return all.every(isGood) && new Set(all.map(Number)).size === all.length
    ? null
    : `${name} is a list of different numbers from ${String(least)} to ${String(most)}${least < 0 ? ', without 0' : ''}`;
}

/** `2SA` counts within the month, or within the year where the rule names no month. */
function dayProblem(value: string, parts: RuleParts): string | null {
  const freq = parts.get('FREQ') ?? '';
  const most = freq === 'MONTHLY' ? 5 : freq !== 'YEARLY' ? 0 : parts.has('BYMONTH') ? 5 : 53;
  const all = value.split(',');
  const isGood = (one: string): boolean => {
    const match = dayForm.exec(one);
    return match !== null && Math.abs(Number(match[1] ?? 0)) <= most;
  };
  const numbered = all.filter((one) => one.length > 2).length;
  if (numbered > 0 && parts.has('BYMONTHDAY')) {
    return 'BYDAY with a number does not go with BYMONTHDAY: the one counts weekdays, the other days';
  }
  const isOneKind = numbered === 0 || numbered === all.length;
  return isOneKind && all.every(isGood) && new Set(all.map((one) => one.replace('+', ''))).size === all.length
    ? null
    : `BYDAY is a list of different weekdays, MO to SU${most === 0 ? `; with FREQ=${freq} without a number` : `, all of them with a number of at most ${String(most)}, or none`}`;
}

function positionProblem(value: string, parts: RuleParts): string | null {
  const freq = parts.get('FREQ');
  const most = freq === 'MONTHLY' ? 31 : freq === 'YEARLY' ? 366 : 0;
  const chosen = ['BYDAY', 'BYMONTHDAY', 'BYMONTH'].some((name) => parts.has(name));
  return most === 0 || !chosen
    ? 'BYSETPOS goes with FREQ=MONTHLY or YEARLY and with BYDAY, BYMONTHDAY or BYMONTH'
    : listProblem('BYSETPOS', value, { least: -most, most });
}
