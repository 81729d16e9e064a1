/** Everything in the estate that redirects, as it will be: single redirects, bulk redirects, page rules, always use HTTPS. */
import { literalText } from '../../../scripts/plan/expression/parse.ts';
import type { JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import { isRefused } from '../../../scripts/waf/language/diagnostics.ts';
import type { ReadExpression } from '../../../scripts/waf/reason/read-expression.ts';
import { checkValueExpression } from '../../../scripts/waf/reason/check.ts';
import { compileValueExpression } from '../../../scripts/waf/evaluate/compile.ts';
import type { CompiledTest, EvaluationSettings } from '../../../scripts/waf/evaluate/compile.ts';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import { parseValueExpression } from '../../../scripts/waf/language/parser.ts';
import { objectAt, textAt } from '../../../scripts/waf/rulesets/attributes.ts';
import { rulesetType } from '../../../scripts/provider/ruleset-type.ts';
import type { RulesetRule } from '../../../scripts/waf/rulesets/rules.ts';
import { redirectEntry } from '../../../scripts/waf/rulesets/configured.ts';
import { patternAnswer, ruleAnswer } from '../../../scripts/waf/rulesets/redirect-chain.ts';
import type { Redirector } from '../../../scripts/waf/rulesets/redirect-chain.ts';
import { compileRedirects, redirectContent } from '../../../scripts/waf/rulesets/redirects.ts';
import type { RedirectEntry, RedirectFinder } from '../../../scripts/waf/rulesets/redirects.ts';
import type { RuleContext } from '../../model/finding.ts';
import { subjectOf, zoneName } from '../estate-context.ts';
import { itemsOf } from '../lists/lists.ts';
import { rulesOn } from '../rulesets/rules.ts';
import { isReference } from '../values.ts';
import { isObject } from '../../../scripts/json/json.ts';

export interface ConfiguredRedirect extends Redirector {
  readonly subject: string;
  /** The plan adds or changes it, or the list that it redirects by. */
  readonly isChanged: boolean;
  /** Requests that it redirects: the ways that are looked at begin with them. */
  readonly examples: readonly RecordedRequest[];
  /** Of a single redirect; null for the others. */
  readonly expression: ReadExpression | null;
}

/** In the order in which Cloudflare asks them; Cloudflare documentation, traffic sequence (2026-11). */
export function configuredRedirects(context: RuleContext): readonly ConfiguredRedirect[] {
  const rulesets = context.estate.all(rulesetType).filter(({ after }) => after !== null);
  const inPhase = (phase: string) => rulesets.filter(({ after }) => after?.['phase'] === phase);
  return [
    ...inPhase('http_request_dynamic_redirect').flatMap((ruleset) => singleRedirects(ruleset, context)),
    ...httpsRedirects(context),
    ...context.estate.all('cloudflare_page_rule').flatMap(pageRule),
    ...inPhase('http_request_redirect').flatMap((ruleset) => bulkRedirects(ruleset, context)),
  ];
}

const noLists: EvaluationSettings = { lists: new Map(), missingNotEqual: false };

function redirectRules(
  ruleset: ResourceChange,
): readonly { readonly rule: RulesetRule; readonly subject: string }[] {
  return rulesOn(ruleset, 'after')
    .filter(({ action, enabled }) => action === 'redirect' && enabled)
    .map((rule) => ({ rule, subject: subjectOf(ruleset, rule.name) }));
}

function isChangedRule(subject: string, { index }: RuleContext): boolean {
  return index.rulesetRules.some((pair) => pair.subject === subject);
}

function singleRedirects(ruleset: ResourceChange, context: RuleContext): readonly ConfiguredRedirect[] {
  const zone = zoneName(ruleset);
  return redirectRules(ruleset).map(({ rule, subject }) => {
    const expression = context.index.expressions.read(sentText(rule.expression, context) ?? '');
    const isLost = zone === null && ruleset.zone !== null && typeof expression.hosts === 'string';
    const value = objectAt(rule.parameters, 'from_value');
    return {
      name: subject,
      subject,
      domain: zone,
      isChanged: isChangedRule(subject, context),
      // Of which hosts a zone is that is known by its id alone, nobody can tell.
      examples: isLost ? [] : examplesOf(expression, zone),
      expression,
      answer: isLost
        ? () => null
        : ruleAnswer({
            test: expression.test(noLists),
            target: targetOf(objectAt(value, 'target_url'), context),
            keepsQuery: value['preserve_query_string'] === true,
          }),
    };
  });
}

/**
 * The text as Cloudflare gets it; null where only Terraform can tell. In a plan of Terraform's it is the text itself. A plan
 * of configurations has resolved `$${1}`, which `wildcard_replace` and `regex_replace` take: a number is not a reference.
 */
function sentText(text: string, { plan }: RuleContext): string | null {
  return plan.source === 'terraform' ? text : literalText(text.replaceAll(/\$*\{(?=\d{1,2}\})/gu, '$$$${'));
}

function targetOf(
  target: JsonObject,
  context: RuleContext,
): ReturnType<typeof compileValueExpression> | string | null {
  const [value, expression] = ['value', 'expression'].map((name) => sentText(textAt(target, name), context));
  if (value === null || value === undefined || expression === null || expression === undefined) {
    return null;
  }
  if (value !== '') {
    return value;
  }
  const parsed = parseValueExpression(expression);
  return parsed.value === null || isRefused(checkValueExpression(parsed))
    ? null
    : compileValueExpression(parsed.value, noLists);
}

/** An expression without a host is asked about hosts of its zone. */
function examplesOf({ example: found }: ReadExpression, zone: string | null): readonly RecordedRequest[] {
  if (found === null) {
    return [];
  }
  const isOwn = zone === null || found.host === zone || found.host.endsWith(`.${zone}`);
  return isOwn ? [found] : [zone, `www.${zone}`].map((host) => ({ ...found, host }));
}

const plainRequest: RecordedRequest = {
  method: 'GET',
  scheme: 'https',
  host: '',
  target: '/',
  httpVersion: 'HTTP/2',
  headers: [],
  hasAllHeaders: false,
  clientAddress: null,
  body: null,
  fields: {},
  normalizesUrls: true,
};

function requestTo(url: string): readonly RecordedRequest[] {
  const text = /^https?:\/\//iu.test(url) ? url : `https://${url}`;
  if (!URL.canParse(text)) {
    return [];
  }
  const { protocol, host, pathname, search } = new URL(text);
  const scheme = protocol === 'http:' ? 'http' : 'https';
  return [{ ...plainRequest, scheme, host, target: `${pathname}${search}` }];
}

function httpsRedirects({ estate }: RuleContext): readonly ConfiguredRedirect[] {
  return estate.all('cloudflare_zone_setting').flatMap((setting) => {
    const domain = zoneName(setting);
    const isOn = setting.after?.['setting_id'] === 'always_use_https' && setting.after['value'] === 'on';
    return isOn && domain !== null
      ? [
          {
            name: subjectOf(setting),
            subject: subjectOf(setting),
            domain,
            isChanged: isEffective(setting),
            examples: requestTo(`http://${domain}/`),
            expression: null,
            answer: (url: URL) =>
              url.protocol === 'http:' ? { to: `https:${url.href.slice('http:'.length)}` } : null,
          },
        ]
      : [];
  });
}

function isEffective({ actions }: ResourceChange): boolean {
  return actions.some((action) => action !== 'no-op' && action !== 'read');
}

function pageRule(change: ResourceChange): readonly ConfiguredRedirect[] {
  const { after } = change;
  const forwarding = after === null ? {} : objectAt(objectAt(after, 'actions'), 'forwarding_url');
  const [target, url] = [after === null ? '' : textAt(after, 'target'), textAt(forwarding, 'url')];
  if (
    target === '' ||
    url === '' ||
    after?.['status'] === 'disabled' ||
    isReference(target) ||
    isReference(url)
  ) {
    return [];
  }
  return [
    {
      name: subjectOf(change),
      subject: subjectOf(change),
      domain: zoneName(change),
      isChanged: isEffective(change),
      examples: requestTo(target.replaceAll('*', '')),
      expression: null,
      answer: patternAnswer(target, url),
    },
  ];
}

/** Sources of a list that ways begin with; those beyond are met on other ways only. */
const maxSources = 300;

function bulkRedirects(ruleset: ResourceChange, context: RuleContext): readonly ConfiguredRedirect[] {
  return redirectRules(ruleset).flatMap(({ rule, subject }) => {
    const name = textAt(objectAt(rule.parameters, 'from_list'), 'name');
    const list = context.estate
      .all('cloudflare_list')
      .find(({ after }) => after?.['name'] === name && after['kind'] === 'redirect');
    if (list?.after === undefined || list.after === null) {
      return [];
    }
    const items = itemsOf(list, context.estate);
    const entries = entriesOf(list.after, items);
    const finder = compileRedirects(entries);
    const settings = { lists: new Map([[name, redirectContent(finder)]]), missingNotEqual: false };
    const test = context.index.expressions.read(sentText(rule.expression, context) ?? '').test(settings);
    const isChanged = isEffective(list) || items.some(isEffective) || isChangedRule(subject, context);
    const examples = entries.slice(0, maxSources).flatMap(({ source }) => requestTo(source));
    const answer = bulkAnswer(test, finder);
    return [
      { name: `${subject} ($${name})`, subject, domain: null, isChanged, examples, expression: null, answer },
    ];
  });
}

function bulkAnswer(test: CompiledTest, finder: RedirectFinder): Redirector['answer'] {
  return (url, request) => {
    const truth = test(request);
    const found = truth === false ? null : finder(url.href);
    return found === null ? null : truth === true ? { to: found.location } : 'unknown';
  };
}

function entriesOf(list: JsonObject, items: readonly ResourceChange[]): readonly RedirectEntry[] {
  const written = Array.isArray(list['items']) ? list['items'].filter(isObject) : [];
  const own = items.flatMap(({ after }) => (after === null ? [] : [after]));
  return [...written, ...own]
    .map(redirectEntry)
    .filter(({ source, target }) => source !== '' && !isReference(source) && !isReference(target));
}
