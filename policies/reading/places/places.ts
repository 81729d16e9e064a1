/**
 * What lies where in a repository under control: the one list of paths that have a meaning. Readers find their files by
 * it, the gate tells by it who has to agree. A path that no line names is part of what decides: it may be a file that
 * nobody reads, or one that a program finds by its name, and which of the two it is cannot be told from here.
 */

const client = '(?<client>[a-z0-9]+(?:-[a-z0-9]+)*)';
const name = '[A-Za-z0-9_][A-Za-z0-9._-]*';
/** Of what people alone read: in their own words. */
const title = '[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}._ -]*';

/** In the order in which they are looked at: the first that matches is it. */
const places = {
  /** What the change is about, and what backs it. */
  record: new RegExp(`^changes/${client}/(?<id>CHG-\\d{4}-\\d{4,})\\.yaml$`),
  evidence: new RegExp(`^changes/${client}/evidence/${name}$`),
  /** Rules of an estate's own, run as the base branch has them. The beginning of the name keeps them apart from those of the product. */
  ownRule: /^policies\/rules\/(?<rule>own(?:-[a-z0-9]+)+)\.ts$/,
  /** The examples of one: tried by `sluice doctor`, part of no decision. */
  ownRuleCases: /^policies\/rules\/(?<rule>own(?:-[a-z0-9]+)+)\.cases\.ts$/,
  /** What several of them share. */
  ownRulePart: /^policies\/rules\/own\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.(?:ts|json)$/,
  policy: /^policies\/(?<file>[a-z-]+\.yaml)$/,
  register: new RegExp(`^stacks/clients/${client}/service\\.yaml$`),
  /** Requests that must pass: one that comes along with a change of rules would look as if it had been tried on it. */
  trafficCases: new RegExp(`^stacks/clients/${client}/traffic/${name}\\.ya?ml$`),
  /** Never a name that Node, npm, TypeScript, git or a reader of ours looks for: those are read by their name. */
  clientStack: new RegExp(
    `^stacks/clients/${client}/(?!traffic/)(?:${name}/)*(?!(?:package|package-lock|npm-shrinkwrap|tsconfig[^/]*|jsconfig|cdktf)\\.json$|service\\.ya?ml$)${name}(?<!\\.schema)\\.(?:ts|json|yaml|yml|csv|txt)$`,
  ),
  /** Runs for every stack. What it does stands in the plan, so that it may come with one. */
  sharedStack: new RegExp(`^stacks/(?:constructs/(?:${name}/)*)?${name}\\.ts$`),
  /** What the tool and the bundles are built from: a new version of the provider changes it together with settings. */
  packages: /^(?:package|package-lock|cdktf|tsconfig)\.json$|^\.npmrc$/,
  /** Read by people only. What lies beside it in a folder whose name begins with a dot is found by programs. */
  documentation: new RegExp(
    `^(?:LICENSE|(?:${title}/)*${title}\\.md|\\.github/(?:decisions/${name}|(?:workflows/)?README)\\.md)$`,
    'u',
  ),
  /** What the tests of the estate expect of it; `npm test` alone reads them. */
  expectation: new RegExp(`^test/(?:golden/stacks/${name}\\.txt|stacks/(?:${name}/)*${name}\\.ts)$`),
} as const;

export type Place = keyof typeof places | 'other';

/** What lies at a path, by its exact spelling. */
export function placeOf(path: string): Place {
  const found = Object.entries(places).find(([, pattern]) => pattern.test(path));
  return (found?.[0] as Place | undefined) ?? 'other';
}

/** The client whose register, cases, record, evidence or stack lies at a path, if it is one of `wanted`; null otherwise. */
export function clientAt(path: string, wanted: Place): string | null {
  return wanted === 'other' ? null : (places[wanted].exec(path)?.groups?.['client'] ?? null);
}

/** `roster.yaml` for `policies/roster.yaml`; null for any other path. */
export function policyFileAt(path: string): string | null {
  return places.policy.exec(path)?.groups?.['file'] ?? null;
}

/** Id of the rule of the estate's own that lies at a path, or whose examples do; null for any other path. */
export function ownRuleAt(path: string, wanted: 'ownRule' | 'ownRuleCases'): string | null {
  return places[wanted].exec(path)?.groups?.['rule'] ?? null;
}

/** Whether rules of the estate's own are made of it, so that a decision depends on its text. */
export function isRuleFile(path: string): boolean {
  return ownRulePlaces.has(placeOf(path));
}

const ownRulePlaces: ReadonlySet<Place> = new Set(['ownRule', 'ownRulePart']);

/** Id of the change whose record lies at a path; null for any other path. */
export function recordIdAt(path: string): string | null {
  return places.record.exec(path)?.groups?.['id'] ?? null;
}

/** Where readers and stack code find files by looking, so that a file there has an effect before git knows it. */
const lookedThrough = /^(?:stacks|changes|policies)\//;

/**
 * Whether a file that git does not track yet is taken for part of the change: it is read where it lies. Any other one is
 * in no commit and in nothing that is judged, until somebody adds it.
 */
export function isReadUntracked(path: string): boolean {
  return placeOf(path) !== 'other' || lookedThrough.test(path);
}

const data: ReadonlySet<Place> = new Set(['policy', 'register', 'trafficCases', 'record', ...ownRulePlaces]);

/** What the gate reads as data before it decides anything, and what a mistake in stops it for everybody. */
export function isDecisionData(path: string): boolean {
  return data.has(placeOf(path));
}
