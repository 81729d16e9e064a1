/** Cases about one rule of the provider's validators each: a value just outside of what it takes, and one just inside. */
import { isList } from '../../scripts/json/json.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import type { Case } from './cases.ts';
import type { Rule } from './facts.ts';
import { attributeAt, fit, plainOf, readAt, valueAt, withAt } from './made.ts';

interface About {
  readonly type: string;
  readonly path: string;
  readonly rule: Rule;
  /** All rules of the type. */
  readonly beside: Readonly<Record<string, readonly Rule[]>>;
  /** Differs for each case: it decides the zone. */
  readonly name: string;
}

/** The cases of a rule; none where no value can be made up. */
export function casesOfRule(about: About): readonly Case[] {
  const { type, path, rule } = about;
  if (attributeAt(type, path) === undefined) {
    return [];
  }
  const bad = refusedBy(about);
  const good = takenBy(about);
  const name = `${type} ${path} ${rule.kind}`;
  const common = { kind: `validator ${rule.kind}`, type };
  return [
    ...(bad === null
      ? []
      : [
          {
            ...common,
            name: `${name}: refused`,
            first: bad,
            expect: { validate: `refused: ${placeOf(path)}` },
          },
        ]),
    ...(good === null
      ? []
      : [{ ...common, name: `${name}: taken`, first: good, expect: { validate: 'accepted' } }]),
  ];
}

/** Terraform tells elements of lists and sets alike. */
function placeOf(path: string): string {
  return path.endsWith('[]') ? path.slice(0, -2) : path;
}

function refusedBy(about: About): JsonObject | null {
  const { type, path, rule } = about;
  const value = valueOutside(rule, valueAt(type, path, about.name));
  if (value !== undefined) {
    const valid = validWith(about);
    return valid === null ? null : withAt(type, valid, path, value);
  }
  return (others[rule.kind] ?? none)(about);
}

function takenBy(about: About): JsonObject | null {
  const { type, path, rule } = about;
  const value = valueInside(rule);
  const valid = value === undefined ? null : validWith(about);
  return valid === null || value === undefined ? null : kept(about, withAt(type, valid, path, value), value);
}

/** The configuration unless the value had to be taken away to make it valid. */
function kept({ type, path }: About, values: JsonObject, value: Json): JsonObject | null {
  const valid = fit(type, values);
  return valid !== null && JSON.stringify(readAt(valid, path)) === JSON.stringify(value) ? valid : null;
}

/** A valid configuration in which the attribute is set; null when none was found. */
function validWith(about: About, own: Readonly<Record<string, Json>> = {}): JsonObject | null {
  const { type, path, name } = about;
  const more = { ...decidersOf(about), ...own };
  const placedIn = Object.entries(more).reduce(
    (values, [where, value]) => withAt(type, values, where, value),
    plainOf(type, name),
  );
  const valid = fit(type, withAt(type, placedIn, path, valueAt(type, path, name)));
  const isAsDecided = Object.entries(more).every(([where, value]) => readAt(valid, where) === value);
  return valid === null || readAt(valid, path) === null || !isAsDecided ? null : valid;
}

/** What other attributes have to be so that this one, and what it is in, may be there. */
function decidersOf({ path, beside }: About): Readonly<Record<string, Json>> {
  const around = Object.entries(beside).filter(
    ([other]) => path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[]`),
  );
  return Object.fromEntries(
    around.flatMap(([, rules]) =>
      rules
        .filter(({ kind }) => kind === 'onlyWhen' || kind === 'onlyWithAction')
        .map(({ path: where = '', values: allowed = [] }) => [where, allowed[0] ?? null] as const),
    ),
  );
}

/** A value of its own that the rule refuses; undefined for rules about other attributes. */
function valueOutside(rule: Rule, sample: Json): Json | undefined {
  return (outside[rule.kind] ?? ofParts)(rule, sample);
}

const outside: Readonly<Record<string, (rule: Rule, sample: Json) => Json | undefined>> = {
  oneOf: ({ values: [first] = [] }) => (typeof first === 'number' ? 987_654 : `${String(first)}-not`),
  between: ({ max = 0 }) => max + 1,
  atMost: ({ max = 0 }) => max + 1,
  atLeast: ({ min = 0 }) => min - 1,
  lengthAtLeast: ({ min = 0 }) => 'x'.repeat(min - 1),
  sizeAtLeast: ({ min = 0 }, sample) => (isList(sample) ? sample.slice(0, min - 1) : {}),
  rfc3339: () => '2026-11-24',
  json: () => '{',
  regex: () => '~ ~',
  equals: ({ value }) => value !== true,
  allowedTypes: () => true,
  custom: ({ name = '' }) => customOutside[name],
};

function ofParts(rule: Rule, sample: Json): Json | undefined {
  // Where any of several rules is enough, what is outside of the wider one is outside of all.
  const part = (rule.of ?? rule.rules ?? []).toSorted(
    (a, b) => (a.kind === 'between' ? -1 : 0) - (b.kind === 'between' ? -1 : 0),
  )[0];
  const inside = part === undefined ? undefined : valueOutside(part, null);
  if (inside === undefined) {
    return undefined;
  }
  return rule.kind === 'each' ? (isList(sample) ? [inside] : { key: inside }) : inside;
}

const customOutside: Readonly<Record<string, Json>> = {
  ResourcesValidator: '{',
  SourceUrlValidator: 'https://shop.example',
  runWorkerFirstValidator: 7,
  ValidateContentSHA256: '0'.repeat(64),
};

/** A value of its own just inside of what the rule takes; undefined where the rest of the cases has it already. */
function valueInside(rule: Rule): Json | undefined {
  switch (rule.kind) {
    case 'oneOf': {
      const last = rule.values?.at(-1);
      return typeof last === 'string' && rule.caseInsensitive === true ? last.toUpperCase() : last;
    }
    case 'between':
    case 'atMost':
      return rule.max;
    case 'atLeast':
      return rule.min;
    case 'rfc3339':
      return '2026-11-24T20:15:00+01:00';
    case 'json':
      return '[1, {"a": null}]';
    case 'equals':
      return rule.value;
    default:
      return undefined;
  }
}

type Make = (about: About) => JsonObject | null;

const none: Make = () => null;

/** Rules that look at other attributes. */
const others: Readonly<Record<string, Make>> = {
  conflictsWith: (about) => withOther(about),
  exactlyOneOf: (about) => withOther(about),
  alsoRequires: (about) => withoutOthers(about, validWith(about)),
  atLeastOneOf: (about) => {
    const valid = validWith(about);
    return valid === null ? null : withAt(about.type, withoutOthers(about, valid) ?? valid, about.path, null);
  },
  onlyWhen: outsideOfDecider,
  onlyWithAction: outsideOfDecider,
  notWhen: (about) => decided(about, about.rule.values?.[0]),
  setAttributesAtMost: (about) => {
    const { type, path, rule, name } = about;
    const valid = validWith(about);
    const shape = attributeAt(type, path)?.shape;
    const members = shape?.kind === 'nested' ? Object.keys(shape.attributes) : [];
    return valid === null
      ? null
      : members.slice(0, (rule.max ?? 0) + 1).reduce((values, member) => {
          const where = `${path}.${member}`;
          return withAt(type, values, where, valueAt(type, where, name));
        }, valid);
  },
  requiredWhen: (about) => {
    const { rule, type, path } = about;
    const valid = validWith(about, { [rule.path ?? '']: rule.values?.[0] ?? null });
    return valid === null ? null : withAt(type, valid, path, null);
  },
};

function withOther(about: About): JsonObject | null {
  const { type, rule, name } = about;
  const [other = ''] = rule.paths ?? [];
  const valid = validWith(about);
  const value = valueAt(type, other, name);
  return valid === null || value === null ? null : withAt(type, valid, other, value);
}

function withoutOthers({ type, rule }: About, valid: JsonObject | null): JsonObject | null {
  return (rule.paths ?? []).reduce<JsonObject | null>(
    (values, path) => (values === null ? null : withAt(type, values, path, null)),
    valid,
  );
}

/** The attribute beside a value of the deciding one with which it may not be. */
function outsideOfDecider(about: About): JsonObject | null {
  const { type, rule } = about;
  const listed = (attributeAt(type, rule.path ?? '')?.oneOf ?? []).filter(
    (value) => !(rule.values ?? []).includes(value),
  );
  return listed.map((value) => decided(about, value)).find((found) => found !== null) ?? null;
}

/** The attribute set where the deciding one has a value: valid but for this attribute. */
function decided({ type, path, rule, name }: About, value: string | number | undefined): JsonObject | null {
  const where = rule.path ?? '';
  const base = fit(type, withAt(type, plainOf(type, name), where, value ?? null));
  const own = valueAt(type, path, name);
  return base === null || readAt(base, where) !== value || own === null
    ? null
    : withAt(type, base, path, own);
}
