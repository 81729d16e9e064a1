/** `.github/sluice.json`: what an estate is to the product, and what the product wrote into it. */
import { isObject } from '../json/json.ts';
import { limits } from '../json/limits.ts';
import type { Parsed } from '../plan/types.ts';
import { readJson } from '../read/json/json.ts';

export const settingsPath = '.github/sluice.json';

export interface EstateSettings {
  /** Version of the product whose files these are. */
  readonly version: string;
  /** Owner of the repository's teams, for CODEOWNERS. */
  readonly organization: string;
  /** What stack code imports the constructs from. */
  readonly library: string;
  /** Digest of each file as it was generated, by its path; what was changed since is told by it. */
  readonly generated: Readonly<Record<string, string>>;
}

/** GitHub's own rule for names of accounts. */
const organizationName = /^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$/;

export function isOrganization(name: string): boolean {
  return organizationName.test(name);
}

/** Reads the file. Anything but its four fields is refused. */
export function readSettings(text: string): Parsed<EstateSettings> {
  const document = readJson(text, settingsPath, limits.document);
  if (!document.ok) {
    return document;
  }
  const { value } = document.value;
  if (!isObject(value) || !isSettings(value)) {
    return {
      ok: false,
      diagnostics: [
        {
          location: { file: settingsPath, line: 1, column: 1 },
          message: 'these are not the settings of an estate',
          expected: 'version, organization, library and generated, as `sluice init` writes them',
          fix: `restore it: git checkout HEAD -- ${settingsPath}`,
        },
      ],
    };
  }
  return { ok: true, value };
}

function isSettings(value: object): value is EstateSettings {
  const { version, organization, library, generated, ...others } = value as Partial<
    Record<keyof EstateSettings, unknown>
  >;
  return (
    Object.keys(others).length === 0 &&
    typeof version === 'string' &&
    typeof organization === 'string' &&
    isOrganization(organization) &&
    typeof library === 'string' &&
    /^[\w./-]+$/.test(library) &&
    typeof generated === 'object' &&
    generated !== null &&
    Object.values(generated).every((digest) => typeof digest === 'string')
  );
}

/** The file's text: paths sorted, so that two versions of it are compared line by line. */
export function settingsText({ generated, ...settings }: EstateSettings): string {
  const sorted = Object.fromEntries(
    Object.entries(generated).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  return `${JSON.stringify({ ...settings, generated: sorted }, null, 2)}\n`;
}
