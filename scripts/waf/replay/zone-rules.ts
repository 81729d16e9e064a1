/**
 * What the zones of an estate do to requests, before and after a change. A zone whose rules and lists are the same on
 * both sides is compiled once.
 */
import { objectAt, textAt } from '../rulesets/attributes.ts';
import type { AccessControl } from '../rulesets/access.ts';
import type { Expression, ValueNode } from '../language/ast.ts';
import type { EvaluationSettings } from '../evaluate/compile.ts';
import { accessOf } from '../rulesets/configured-access.ts';
import { listItemsOf, listsOf, rulesetsOf } from '../rulesets/configured.ts';
import type { ConfiguredObject } from '../rulesets/configured.ts';
import type { Expressions } from '../reason/expressions.ts';
import { compileRulesets } from '../rulesets/ruleset-run.ts';
import type { RequestRunner } from '../rulesets/ruleset-run.ts';
import type { RunRule, RunRuleset } from '../rulesets/ruleset.ts';
import { walkExpression } from '../language/walk.ts';

/** Rules of one zone on one side: ready to run, and what each is made of. */
export interface ZoneSide {
  readonly run: RequestRunner;
  /** The same with the other reading of `ne` about a missing value; null when no rule depends on it. */
  readonly runOther: RequestRunner | null;
  /** Everything that a rule says and the content of its lists, by `ruleset#rule` (`product#object` for access controls). Two sides compare equal as texts. */
  readonly contents: ReadonlyMap<string, string>;
}

export interface ZoneReplay {
  readonly zone: string;
  /** Null when the zone does not exist on that side. */
  readonly before: ZoneSide | null;
  readonly after: ZoneSide | null;
  /** True when both sides are the same in every rule and list. */
  readonly isSame: boolean;
  /** The new rules in their old order; null when the order of those on both sides has not changed. */
  readonly inOldOrder: RequestRunner | null;
}

/** The wanted zones of either side, longest name first: the first that a host ends with is its zone. */
export function zoneReplays(
  before: readonly ConfiguredObject[],
  after: readonly ConfiguredObject[],
  wanted: ReadonlySet<string>,
  expressions: Expressions,
): readonly ZoneReplay[] {
  const sides = {
    before: sidesOf(before, wanted, expressions),
    after: sidesOf(after, wanted, expressions),
  };
  const names = new Set([...sides.before.keys(), ...sides.after.keys()]);
  return [...names]
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((zone) => zoneReplay(zone, sides.before.get(zone) ?? null, sides.after.get(zone) ?? null));
}

/** The zone that serves a host (port and capitals do not matter); undefined when none does. */
export function zoneOf(zones: readonly ZoneReplay[], host: string): ZoneReplay | undefined {
  const name = host.replace(/:\d+$/u, '').replace(/\.$/u, '').toLowerCase();
  return zones.find(({ zone }) => name === zone || name.endsWith(`.${zone}`));
}

interface WrittenZoneRules {
  readonly expressions: Expressions;
  readonly rulesets: readonly RunRuleset[];
  readonly access: readonly AccessControl[];
  readonly settings: EvaluationSettings;
  readonly items: ReadonlyMap<string, string>;
}

function sidesOf(
  objects: readonly ConfiguredObject[],
  wanted: ReadonlySet<string>,
  expressions: Expressions,
): ReadonlyMap<string, WrittenZoneRules> {
  const sides = new Map<string, WrittenZoneRules>();
  for (const zone of objects.filter(({ type }) => type === 'cloudflare_zone')) {
    const name = textAt(zone.attributes, 'name').toLowerCase();
    if (wanted.has(name)) {
      const visible = objects.filter((object) => isVisible(object, zone));
      sides.set(name, {
        expressions,
        rulesets: rulesetsOf(objects, zone),
        access: accessOf(objects, zone),
        settings: { lists: listsOf(visible), missingNotEqual: false },
        items: listItemsOf(visible),
      });
    }
  }
  return sides;
}

/** Lists are of an account, and two accounts may use one name. */
function isVisible({ type, attributes }: ConfiguredObject, zone: ConfiguredObject): boolean {
  const account = objectAt(zone.attributes, 'account')['id'];
  return type !== 'cloudflare_list' || attributes['account_id'] === account;
}

function zoneReplay(
  zone: string,
  before: WrittenZoneRules | null,
  after: WrittenZoneRules | null,
): ZoneReplay {
  const was = before === null ? null : sideOf(before);
  const contents = after === null ? null : contentsOf(after);
  const isSame = was !== null && contents !== null && sameTexts(was.contents, contents);
  if (isSame || after === null) {
    return { zone, before: was, after: isSame ? was : null, isSame, inOldOrder: null };
  }
  const reordered = before === null ? null : inOrderOf(before.rulesets, after.rulesets);
  return {
    zone,
    before: was,
    after: sideOf(after),
    isSame: false,
    inOldOrder: reordered === null ? null : compileRulesets(reordered, after.settings, after),
  };
}

function sideOf(written: WrittenZoneRules): ZoneSide {
  const { rulesets, settings, expressions } = written;
  return {
    run: compileRulesets(rulesets, settings, written),
    runOther: rulesets.some(({ rules }) => rules.some((rule) => dependsOnMissing(rule, expressions)))
      ? compileRulesets(rulesets, { ...settings, missingNotEqual: true }, written)
      : null,
    contents: contentsOf(written),
  };
}

/** In order: two maps are the same only when their rules come in the same order. */
function contentsOf({ rulesets, access, items, expressions }: WrittenZoneRules): ReadonlyMap<string, string> {
  const contents = new Map(
    access.map((control) => [`${control.product}#${control.id}`, JSON.stringify(control)]),
  );
  for (const ruleset of rulesets) {
    for (const rule of ruleset.rules) {
      const { lists } = expressions.read(rule.expression).names;
      const parts = [ruleset.kind, ruleset.phase, rule, lists.map((list) => items.get(list) ?? '')];
      contents.set(`${ruleset.id}#${rule.name}`, JSON.stringify(parts));
    }
  }
  return contents;
}

function sameTexts(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  const others = [...b];
  return (
    a.size === b.size && [...a].every(([key, text], at) => others[at]?.[0] === key && others[at][1] === text)
  );
}

/** True when the rule has an `ne` whose left side may be missing. */
function dependsOnMissing({ expression }: RunRule, expressions: Expressions): boolean {
  return expression.includes('ne') || expression.includes('!=')
    ? hasMissingNotEqual(expressions.read(expression).parsed.expression)
    : false;
}

function hasMissingNotEqual(expression: Expression): boolean {
  let found = false;
  walkExpression(expression, {
    comparison: ({ left, operator, right }) => {
      found ||=
        operator === 'ne' &&
        (mayBeMissing(left) || ((right.kind === 'field' || right.kind === 'call') && mayBeMissing(right)));
    },
  });
  return found;
}

/** A function of a missing value is missing itself. */
function mayBeMissing(value: ValueNode): boolean {
  return value.accessors.length > 0 || value.kind === 'call';
}

/**
 * The new rulesets with the rules that both sides have in their old order; rules that are new stay behind the rule that
 * they follow now. Null when the order of the common rules is the same.
 */
function inOrderOf(
  before: readonly RunRuleset[],
  after: readonly RunRuleset[],
): readonly RunRuleset[] | null {
  const old = new Map(before.map((ruleset) => [ruleset.id, refsOf(ruleset)]));
  const reordered = after.map((ruleset) => {
    const present = new Set(refsOf(ruleset));
    const wanted = (old.get(ruleset.id) ?? []).filter((ref) => present.has(ref));
    const common = new Set(wanted);
    const now = refsOf(ruleset).filter((ref) => common.has(ref));
    return now.every((ref, at) => ref === wanted[at])
      ? ruleset
      : { ...ruleset, rules: rearranged(ruleset.rules, wanted) };
  });
  return reordered.every((ruleset, at) => ruleset === after[at]) ? null : reordered;
}

/** A place is no identity: rules without a ref stay behind the one that they follow. */
function refsOf({ rules }: RunRuleset): readonly string[] {
  return rules.flatMap(({ ref }) => ref ?? []);
}

function rearranged(rules: readonly RunRule[], wanted: readonly string[]): readonly RunRule[] {
  const common = new Set(wanted);
  const leading: RunRule[] = [];
  const groups = new Map<string, RunRule[]>();
  let group = leading;
  for (const rule of rules) {
    if (rule.ref !== null && common.has(rule.ref) && !groups.has(rule.ref)) {
      group = [];
      groups.set(rule.ref, group);
    }
    group.push(rule);
  }
  return [...leading, ...wanted.flatMap((ref) => groups.get(ref) ?? [])];
}
