/** Where redirects lead before and after a change: the hosts that visitors end at, by what they asked for. */
import type { Json, ResourceChange } from '../../../scripts/plan/types.ts';
import { redirectEntry } from '../../../scripts/waf/rulesets/configured.ts';
import type { RuleContext } from '../../model/finding.ts';
import { subjectOf } from '../estate-context.ts';
import { itemsOf } from '../lists/lists.ts';
import { changesOf } from '../plan-index.ts';
import { ruleText } from '../rulesets/rules.ts';
import { isReference, knownText, readList } from '../values.ts';
import type { Side } from '../values.ts';
import { isObject } from '../../../scripts/json/json.ts';

/** A redirect that is there on both sides. */
export interface MovedRedirect {
  readonly subject: string;
  /** What is asked for, as a message calls it. */
  readonly from: string;
  /** Hosts, in lower case. */
  readonly before: string;
  readonly after: string;
}

/** Redirects whose target is on another host than before, of lists, rules and page rules; in the order of the plan. */
export function movedRedirects(context: RuleContext): readonly MovedRedirect[] {
  return [...ofLists(context), ...ofRules(context), ...ofPageRules(context)].filter(
    ({ before, after }) => before !== after,
  );
}

/** Whether the plan adds, changes or removes anything that may redirect. */
export function hasRedirectChange({ index }: RuleContext): boolean {
  return (
    changesOf(index, 'cloudflare_list', 'cloudflare_list_item', 'cloudflare_page_rule').length > 0 ||
    index.rulesetRules.some((pair) =>
      [ruleText(pair, 'before', ['action']), ruleText(pair, 'after', ['action'])].includes('redirect'),
    )
  );
}

/** Null for a target on the host that was asked, and for one that is not known. */
function hostOf(target: string | null): string | null {
  return target !== null && !isReference(target) && URL.canParse(target) ? new URL(target).host : null;
}

type Targets = ReadonlyMap<string, string>;

function pairs(subject: string, before: Targets, after: Targets): readonly MovedRedirect[] {
  return [...before].flatMap(([source, target]) => {
    const [was, is] = [hostOf(target), hostOf(after.get(source) ?? null)];
    return was === null || is === null ? [] : [{ subject, from: source, before: was, after: is }];
  });
}

function ofLists({ index, estate }: RuleContext): readonly MovedRedirect[] {
  const lists = estate.all('cloudflare_list');
  const ownItems = new Map(lists.map((list) => [list, itemsOf(list, estate)]));
  const changed = new Set(index.changes);
  const inView = lists
    .filter((list) => [list, ...(ownItems.get(list) ?? [])].some((one) => changed.has(one)))
    .flatMap((list) => {
      const of = (side: Side) =>
        targetsOf([
          ...(readList(list, side, ['items']) ?? []),
          ...(ownItems.get(list) ?? []).map((item) => item[side]),
        ]);
      return pairs(subjectOf(list), of('before'), of('after'));
    });
  const known = new Set([...ownItems.values()].flat());
  const alone = changesOf(index, 'cloudflare_list_item')
    .filter((item) => !known.has(item))
    .flatMap((item) => pairs(subjectOf(item), targetsOf([item.before]), targetsOf([item.after])));
  return [...inView, ...alone];
}

function targetsOf(items: readonly Json[]): Targets {
  return new Map(
    items
      .filter(isObject)
      .map(redirectEntry)
      .filter(({ source }) => source !== '' && !isReference(source))
      .map(({ source, target }) => [source.toLowerCase().replace(/^https?:\/\//u, ''), target]),
  );
}

const staticTarget = ['action_parameters', 'from_value', 'target_url', 'value'];
const computedTarget = ['action_parameters', 'from_value', 'target_url', 'expression'];

function ofRules({ index }: RuleContext): readonly MovedRedirect[] {
  return index.rulesetRules.flatMap((pair) => {
    const host = (side: Side): string | null =>
      hostOf(ruleText(pair, side, staticTarget)) ?? hostInCall(ruleText(pair, side, computedTarget));
    const [before, after] = [host('before'), host('after')];
    const isRedirect = ruleText(pair, 'after', ['action']) === 'redirect';
    return !isRedirect || before === null || after === null
      ? []
      : [{ subject: pair.subject, from: 'what the rule matches', before, after }];
  });
}

/** The host that the text of a call begins with: `concat("https://www.shop.example", …)`. */
function hostInCall(expression: string | null): string | null {
  const [, host] = /"https?:\/\/([^"/?#$*]+)["/?#]/u.exec(expression ?? '') ?? [];
  return host?.toLowerCase() ?? null;
}

function ofPageRules({ index }: RuleContext): readonly MovedRedirect[] {
  return changesOf(index, 'cloudflare_page_rule').flatMap((change) => {
    const [before, after] = [forwarded(change, 'before'), forwarded(change, 'after')];
    const from = knownText(change, 'after', ['target']) ?? 'what the page rule matches';
    return before === null || after === null ? [] : [{ subject: subjectOf(change), from, before, after }];
  });
}

function forwarded(change: ResourceChange, side: Side): string | null {
  return hostOf(knownText(change, side, ['actions', 'forwarding_url', 'url']));
}
