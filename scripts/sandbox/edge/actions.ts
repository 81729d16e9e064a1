/** What the edge sends when a rule stops a request: block pages, challenges, redirects and served errors. */
import { objectAt, textAt } from '../../waf/rulesets/attributes.ts';
import type { JsonObject } from '../../plan/types.ts';
import { toByteString } from '../../waf/language/literals.ts';
import type { RequestOutcome } from '../../waf/rulesets/ruleset-run.ts';
import type { RequestFields } from '../../waf/evaluate/runtime.ts';
import { answerOf, type Answer, type Notes } from './answer.ts';
import { challengePage } from './challenge.ts';
import type { EdgeZone } from './estate.ts';
import type { EdgeRequest } from './request.ts';

export interface Stopped {
  readonly zone: EdgeZone;
  readonly request: EdgeRequest;
  readonly fields: RequestFields;
  readonly notes: Notes;
}

/** Null when the request goes on; an outcome that cannot be told is shown, not played. */
export function act(outcome: RequestOutcome | null, stopped: Stopped): Answer | null {
  if (outcome === null || outcome.rule === null) {
    return null;
  }
  const parameters = stopped.zone.ruleOf(outcome.ruleset ?? '', outcome.rule)?.parameters ?? {};
  switch (outcome.effect) {
    case 'block':
      return blockPage(outcome.rule, parameters);
    case 'challenge':
      return challengePage(stopped.request, outcome.rule);
    case 'redirect':
      return redirect(outcome.rule, parameters, stopped);
    case 'serve-error':
      return servedError(outcome.rule, parameters);
    case 'pass':
    case 'unknown':
      return null;
  }
}

/** The response that the rule gives, or Cloudflare's own page with its error number. */
export function blockPage(rule: string, parameters: JsonObject, status = 403): Answer {
  const response = objectAt(parameters, 'response');
  const own = typeof response['content'] === 'string' ? response['content'] : null;
  const error = status === 429 ? 1015 : 1020;
  return answerOf({
    status: numberAt(response, 'status_code') ?? status,
    ...(own === null ? {} : { type: textAt(response, 'content_type') || 'text/plain' }),
    headers: { 'cf-mitigated': 'block' },
    errorType: status === 429 ? 'ratelimit' : 'waf',
    body: own ?? `error ${String(error)}: blocked by ${rule}\n`,
  });
}

function servedError(rule: string, parameters: JsonObject): Answer {
  return answerOf({
    status: numberAt(parameters, 'status_code') ?? 500,
    type: textAt(parameters, 'content_type') || 'text/plain; charset=utf-8',
    body: textAt(parameters, 'content') || `error served by ${rule}\n`,
  });
}

function redirect(rule: string, parameters: JsonObject, { zone, fields, notes }: Stopped): Answer | null {
  const list = textAt(objectAt(parameters, 'from_list'), 'name');
  const found =
    list === ''
      ? singleRedirect(objectAt(parameters, 'from_value'), zone, fields)
      : bulkRedirect(list, zone, fields);
  if (found === null) {
    notes.undecided(`target of ${rule}`);
    return null;
  }
  return answerOf({ status: found.status, body: '', headers: { location: toByteString(found.location) } });
}

interface ActionAnswer {
  readonly status: number;
  readonly location: string;
}

function bulkRedirect(list: string, zone: EdgeZone, { fields }: RequestFields): ActionAnswer | null {
  const uri = fields.get('http.request.full_uri');
  return typeof uri === 'string' ? (zone.redirects(list)?.(uri) ?? null) : null;
}

function singleRedirect(from: JsonObject, zone: EdgeZone, fields: RequestFields): ActionAnswer | null {
  const url = objectAt(from, 'target_url');
  const made =
    typeof url['value'] === 'string' ? url['value'] : zone.value(textAt(url, 'expression'))(fields);
  if (typeof made !== 'string') {
    return null;
  }
  const query = fields.fields.get('http.request.uri.query');
  const keeps = from['preserve_query_string'] === true && typeof query === 'string' && query !== '';
  const location = keeps ? `${made.split('?', 1)[0] ?? ''}?${query}` : made;
  return { status: numberAt(from, 'status_code') ?? 301, location };
}

export function numberAt(value: JsonObject, key: string): number | null {
  const found = value[key];
  return typeof found === 'number' ? found : null;
}
