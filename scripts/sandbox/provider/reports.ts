/**
 * What the sandbox answers while something is on the way: values of an object that others have to act on before they are
 * there. Kept in `reports.json` for every sandbox on the folder; told with `sluice sandbox report`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, UsageError } from '../../contract/errors.ts';
import { behaviourOf } from '../../provider/behaviour.ts';
import { cloudflareSource } from '../../provider/facts.ts';
import { isObject as isJsonObject } from '../../json/json.ts';
import { isOnTheWay } from '../../provider/pending.ts';
import { errorCode, writeAtomically } from './disk.ts';
import type { ProviderValue, ValueObject } from './values.ts';

/** Attribute to the value that is reported in the place of another one, by type. */
type Reports = Readonly<Record<string, Readonly<Record<string, string>>>>;

export class ReportPlan {
  private readonly file: string;

  constructor(folder: string) {
    this.file = reportFile(folder);
  }

  /** What a read of the object answers. @throws InputError when the file is malformed. */
  answer(type: string, object: ValueObject | null): ValueObject | null {
    const told = object === null ? undefined : readReports(this.file)[type];
    if (object === null || told === undefined) {
      return object;
    }
    const changed = Object.entries(told).filter(([path, reported]) =>
      stands(type, path, { reported, now: object[path] ?? null }),
    );
    return { ...object, ...Object.fromEntries(changed) };
  }
}

/** A configured value only gives way to what may be reported of it; one that Cloudflare sets gives way to anything. */
function stands(
  type: string,
  path: string,
  { reported, now }: { readonly reported: string; readonly now: ProviderValue },
): boolean {
  const about = { type, provider: cloudflareSource };
  const isOwn = behaviourOf(type, cloudflareSource)?.reportedFor?.[path] === undefined;
  return isOwn || (typeof now === 'string' && isOnTheWay(about, path, { wanted: now, reported }));
}

/**
 * From now on the type's objects are reported with this value; null ends all reports of the type.
 * @throws UsageError when the provider's facts do not have the value as one on the way.
 */
export function report(
  folder: string,
  type: string,
  told: { readonly path: string; readonly value: string } | null,
): void {
  const file = reportFile(folder);
  const { [type]: own = {}, ...others } = readReports(file);
  if (told !== null && !passing(type, told.path).includes(told.value)) {
    const paths = Object.keys({ ...factsFor(type)?.reportedFor, ...factsFor(type)?.onTheWay });
    throw new UsageError({
      what: `${type} never reports ${told.path}=${told.value} on the way to another value.`,
      why:
        paths.length === 0
          ? 'None of its values is known to take its time.'
          : `It does: ${paths.map((path) => `${path} as ${passing(type, path).join(', ')}`).join('; ')}.`,
      next: 'sluice sandbox report --help',
    });
  }
  const reports = told === null ? others : { ...others, [type]: { ...own, [told.path]: told.value } };
  writeAtomically(file, `${JSON.stringify({ reports }, null, 2)}\n`);
}

function factsFor(type: string): ReturnType<typeof behaviourOf> {
  return behaviourOf(type, cloudflareSource);
}

/** Values under a path of one name that are not the last ones. */
function passing(type: string, path: string): readonly string[] {
  const { reportedFor = {}, onTheWay = {} } = factsFor(type) ?? {};
  const configured = Object.entries(reportedFor[path] ?? {}).flatMap(([wanted, values]) =>
    values.filter((value) => value !== wanted),
  );
  return [...new Set([...configured, ...(onTheWay[path] ?? [])])];
}

function reportFile(folder: string): string {
  return join(folder, 'reports.json');
}

function readReports(file: string): Reports {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return {};
    }
    throw error;
  }
  const reports = parseReports(text);
  if (reports === null) {
    throw new InputError({
      what: `What the sandbox reports cannot be read: ${file}`,
      why: 'expected {"reports": {"<type>": {"<attribute>": "<value>"}}}',
      fix: 'Correct the file, or remove it.',
      next: `rm ${file}`,
    });
  }
  return reports;
}

function parseReports(text: string): Reports | null {
  try {
    const parsed = JSON.parse(text) as unknown;
    const reports = isJsonObject(parsed) ? parsed['reports'] : null;
    const isWhole =
      isJsonObject(reports) &&
      Object.values(reports).every(
        (own) => isJsonObject(own) && Object.values(own).every((value) => typeof value === 'string'),
      );
    return isWhole ? (reports as Reports) : null;
  } catch {
    return null;
  }
}
