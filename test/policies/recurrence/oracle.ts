/** A slow reading of RFC 5545, 3.3.10, written down apart from the product: every day is asked whether it is one. */
const dayMs = 86_400_000;
const names = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

type Parts = Readonly<Record<string, string>>;

function partsOf(rule: string): Parts {
  return Object.fromEntries(rule.split(';').map((part) => part.split('=') as [string, string]));
}

const numbers = (text: string | undefined): readonly number[] | null =>
  text === undefined ? null : text.split(',').map(Number);

/** Days from the first of the month, and to its last: the n-th and the n-th last. */
function inMonth(date: Date): { readonly day: number; readonly last: number } {
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { day: date.getUTCDate(), last };
}

function isNth(date: Date, nth: number, whole: 'month' | 'year'): boolean {
  const { day, last } = inMonth(date);
  const year = date.getUTCFullYear();
  const first = Date.UTC(year, 0, 1);
  const [at, length] =
    whole === 'month'
      ? [day, last]
      : [(date.getTime() - first) / dayMs + 1, (Date.UTC(year + 1, 0, 1) - first) / dayMs];
  return nth > 0 ? Math.ceil(at / 7) === nth : Math.ceil((length - at + 1) / 7) === -nth;
}

function isOnDay(date: Date, { BYDAY, FREQ, BYMONTH }: Parts): boolean {
  return (BYDAY ?? '').split(',').some((one) => {
    const nth = Number(one.slice(0, -2));
    const whole = FREQ === 'YEARLY' && BYMONTH === undefined ? 'year' : 'month';
    return one.slice(-2) === names[date.getUTCDay()] && (nth === 0 || isNth(date, nth, whole));
  });
}

/** What no part says is taken from the start. */
function fitsStart(date: Date, start: Date, { FREQ, BYDAY, BYMONTHDAY, BYMONTH }: Parts): boolean {
  if (FREQ === 'WEEKLY') {
    return BYDAY !== undefined || date.getUTCDay() === start.getUTCDay();
  }
  if (FREQ === 'DAILY' || BYDAY !== undefined || BYMONTHDAY !== undefined) {
    return true;
  }
  const isMonth = FREQ === 'MONTHLY' || BYMONTH !== undefined || date.getUTCMonth() === start.getUTCMonth();
  return isMonth && date.getUTCDate() === start.getUTCDate();
}

function fits(date: Date, start: Date, parts: Parts): boolean {
  const months = numbers(parts['BYMONTH']);
  const monthDays = numbers(parts['BYMONTHDAY']);
  const { day, last } = inMonth(date);
  return (
    fitsStart(date, start, parts) &&
    (months?.includes(date.getUTCMonth() + 1) ?? true) &&
    (monthDays?.some((one) => one === day || one === day - last - 1) ?? true) &&
    (parts['BYDAY'] === undefined || isOnDay(date, parts))
  );
}

/** Number of the day, week, month or year. */
function periodOf(date: Date, { FREQ, WKST = 'MO' }: Parts): number {
  const days = date.getTime() / dayMs;
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  const numbered: Readonly<Record<string, number>> = {
    DAILY: days,
    WEEKLY: Math.floor((days + 4 - names.indexOf(WKST)) / 7),
    MONTHLY: month,
    YEARLY: date.getUTCFullYear(),
  };
  return numbered[FREQ ?? ''] ?? Number.NaN;
}

/** Dates of the rule before `to`, as midnight of UTC; without `COUNT` and `UNTIL`. `start` has to be one. */
export function oracleDates(rule: string, start: number, to: number): readonly number[] {
  const parts = partsOf(rule);
  const from = new Date(start);
  const interval = Number(parts['INTERVAL'] ?? 1);
  const positions = numbers(parts['BYSETPOS']);
  const first = periodOf(from, parts);
  const sets = new Map<number, number[]>();
  // A set is of the whole period, what lies before the start included.
  for (let at = start - 366 * dayMs; at < to + 366 * dayMs; at += dayMs) {
    const date = new Date(at);
    const period = periodOf(date, parts);
    if (period >= first && (period - first) % interval === 0 && fits(date, from, parts)) {
      sets.set(period, [...(sets.get(period) ?? []), at]);
    }
  }
  return [...sets.values()]
    .flatMap((set) =>
      positions === null
        ? set
        : set.filter((_, index) => positions.some((one) => one === index + 1 || one === index - set.length)),
    )
    .filter((at) => start <= at && at < to);
}
