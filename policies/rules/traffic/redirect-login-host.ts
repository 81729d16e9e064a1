import { nextRequest } from '../../../scripts/waf/rulesets/redirect-chain.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { RuleContext } from '../../model/finding.ts';
import { hostPatternOf } from '../../reading/places/host-pattern.ts';
import { configuredRedirects } from '../../reading/redirects/redirects.ts';
import type { ConfiguredRedirect } from '../../reading/redirects/redirects.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

/** First labels of hosts where people log in, or programs call. */
const sensitiveLabels: ReadonlySet<string> = new Set([
  'account',
  'accounts',
  'api',
  'auth',
  'id',
  'idp',
  'login',
  'oauth',
  'signin',
  'sso',
]);

export const redirectLoginHost = defineRule({
  id: 'redirect-login-host',
  title: 'Hosts for logging in and for programs are not sent elsewhere by the way',
  area: 'estate',
  severity: 'warn',
  why: 'A log-in that is sent to another host loses its session, and a program that posts to a redirect loses what it sent.',
  fix: 'Except the host from the redirect, or say in the record that it moves and who was told.',
  since: '2026-11-30',
  source: 'RFC 9110, sections 15.4.2 and 15.4.3; Cloudflare documentation, redirects',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      configuredRedirects(context).filter(({ isChanged }) => isChanged),
      'no redirect is added or changed',
      (redirect) => judge(redirect, context),
    ),
});

function judge(redirect: ConfiguredRedirect, context: RuleContext): Judgement {
  const [moved] = sensitiveHosts(redirect, context).flatMap((host) => movedTo(redirect, host));
  return moved === undefined
    ? fine
    : finding(
        redirect.subject,
        `sends ${moved.from} to ${moved.to}`,
        'a redirect that leaves log-in and API hosts where they are',
      );
}

/** Hosts that the redirect names or is tried with, and those of Access applications. */
function sensitiveHosts(
  { expression, examples }: ConfiguredRedirect,
  { estate }: RuleContext,
): readonly string[] {
  const reach = expression === null ? 'all' : expression.hosts;
  const named = [...(typeof reach === 'string' ? [] : reach), ...examples.map(({ host }) => host)];
  const applications = estate
    .all('cloudflare_zero_trust_access_application')
    .flatMap(({ after }) =>
      typeof after?.['domain'] === 'string' ? (hostPatternOf(after['domain']) ?? []) : [],
    );
  const hosts = new Set([
    ...named.filter(isSensitive),
    ...applications.filter((host) => !host.includes('*')),
  ]);
  return [...hosts];
}

function isSensitive(host: string): boolean {
  return sensitiveLabels.has(host.split('.')[0] ?? '');
}

function movedTo(
  { examples, answer, domain }: ConfiguredRedirect,
  host: string,
): readonly { readonly from: string; readonly to: string }[] {
  if (domain !== null && host !== domain && !host.endsWith(`.${domain}`)) {
    return [];
  }
  return examples.flatMap((example) => {
    const text = `${example.scheme ?? 'https'}://${host}${example.target}`;
    if (!URL.canParse(text)) {
      return [];
    }
    const url = new URL(text);
    const found = answer(url, requestFields(nextRequest(example, url)));
    const to =
      found === null || found === 'unknown' || !URL.canParse(found.to, url.href)
        ? null
        : new URL(found.to, url.href);
    return to === null || to.host === url.host ? [] : [{ from: url.href, to: to.href }];
  });
}
