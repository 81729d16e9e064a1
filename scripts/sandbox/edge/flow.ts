/** The way of one request through the edge: rules, rate limits, cache, origin, and the headers of the answer. */
import { textAt } from '../../waf/rulesets/attributes.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { RequestVerdict } from '../../waf/rulesets/ruleset-run.ts';
import type { RequestFields } from '../../waf/evaluate/runtime.ts';
import { act, blockPage } from './actions.ts';
import { answerOf, Notes, type Answer } from './answer.ts';
import { browserCacheControl, type EdgeCache } from './cache.ts';
import { challengePage, challengePath, type Challenges } from './challenge.ts';
import type { EdgeEstate, EdgeZone } from './estate.ts';
import { definite, headersToOrigin, transformResponse } from './headers.ts';
import type { LimitHit, EdgeLimits } from './limits.ts';
import type { EdgeOrigin } from './origin.ts';
import { fieldsOf, textField, type EdgeRequest } from './request.ts';

export interface EdgeParts {
  readonly estate: EdgeEstate;
  readonly origin: EdgeOrigin;
  readonly cache: EdgeCache;
  readonly limits: EdgeLimits;
  readonly challenges: Challenges;
}

interface Passage {
  readonly parts: EdgeParts;
  readonly zone: EdgeZone;
  readonly request: EdgeRequest;
  readonly verdict: RequestVerdict;
  /** As the last phase saw the request. */
  readonly fields: RequestFields;
  readonly notes: Notes;
}

/** Answers as the zone of the host is configured. */
export async function answerRequest(request: EdgeRequest, parts: EdgeParts): Promise<Answer> {
  const zone = parts.estate.zoneOf(request.host);
  if (zone === null) {
    return answerOf({
      status: 530,
      body: `error 1016: ${request.host} is not served here\n`,
      errorType: '1xxx',
    });
  }
  if (request.target.startsWith(`${challengePath}?`)) {
    return parts.challenges.clear(request, zone.setting('challenge_ttl'));
  }
  if (request.scheme === 'http' && zone.setting('always_use_https') === 'on') {
    return answerOf({
      status: 301,
      body: '',
      headers: { location: `https://${request.host}${request.target}` },
    });
  }
  const isCleared = parts.challenges.isPassed(request);
  const verdict = (isCleared ? zone.runPassed : zone.run)(fieldsOf(request));
  const passage: Passage = { parts, zone, request, verdict, fields: verdict.request, notes: new Notes() };
  const answer = await judge(passage, isCleared);
  transformResponse(answer, passage);
  passage.notes.writeTo(answer.headers, verdict);
  return answer;
}

async function judge(passage: Passage, isCleared: boolean): Promise<Answer> {
  const { parts, verdict } = passage;
  const cleared = { ...passage, isCleared };
  const { hit, pending } = parts.limits.check(verdict.rateLimits, cleared);
  const stopped = hit === null ? act(verdict.outcome, passage) : limited(hit, passage);
  const { answer, fromCache } =
    stopped === null ? await pass(passage) : { answer: stopped, fromCache: false };
  parts.limits.settle(pending, answer, { ...cleared, fromCache });
  return answer;
}

function limited(hit: LimitHit, { request }: Passage): Answer {
  if (hit.action.endsWith('challenge')) {
    return challengePage(request, hit.rule);
  }
  const answer = blockPage(hit.rule, hit.parameters, 429);
  answer.headers.set('retry-after', String(hit.retryAfterSeconds));
  return answer;
}

async function pass(passage: Passage): Promise<{ readonly answer: Answer; readonly fromCache: boolean }> {
  const { parts, zone, request, fields, verdict } = passage;
  const settings = {
    ...mergedParameters(passage, 'set_cache_settings'),
    ...(zone.setting('development_mode') === 'on' ? { cache: false } : {}),
  };
  const cached = await parts.cache.serve({ request, fields }, settings, () =>
    parts.origin({
      method: request.method,
      host: textAt(mergedParameters(passage, 'route'), 'host_header') || request.host,
      target: textField(fields, 'http.request.uri') ?? request.target,
      headers: headersToOrigin(request, verdict, passage),
      body: request.body,
    }),
  );
  const headers = new Headers(cached.answer.headers);
  headers.set('cf-cache-status', cached.status);
  const cacheControl = browserCacheControl(cached, settings, zone.setting('browser_cache_ttl'));
  if (cacheControl !== null) {
    headers.set('cache-control', cacheControl);
  }
  return { answer: { ...cached.answer, headers }, fromCache: cached.status === 'HIT' };
}

/** The parameters of the rules with the action that matched for certain; the last wins for each setting. */
function mergedParameters({ verdict, zone }: Passage, action: string): JsonObject {
  return Object.fromEntries(
    definite(verdict.matched, zone)
      .filter(({ match }) => match.action === action)
      .flatMap(({ rule }) => Object.entries(rule.parameters))
      .filter(([, value]) => value !== null),
  );
}
