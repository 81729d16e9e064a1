import { follow } from '../../../scripts/waf/rulesets/redirect-chain.ts';
import type { RedirectWay } from '../../../scripts/waf/rulesets/redirect-chain.ts';
import type { RuleContext } from '../../model/finding.ts';
import { zoneName } from '../../reading/estate-context.ts';
import { configuredRedirects } from '../../reading/redirects/redirects.ts';
import type { ConfiguredRedirect } from '../../reading/redirects/redirects.ts';
import { defineRule, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const redirectLoop = defineRule({
  id: 'redirect-loop',
  title: 'Redirects come to an end',
  area: 'estate',
  severity: 'deny',
  why: 'A browser that is sent in a circle shows an error page instead of the site, and permanent redirects stay in its cache.',
  fix: 'Take one of the two redirects away, or except the address that the other one leads to.',
  since: '2026-11-30',
  source: 'Cloudflare documentation, single redirects, bulk redirects, page rules and Always Use HTTPS',
  waivable: true,
  evaluate: (context) => {
    const redirects = configuredRedirects(context);
    const changed = new Set<unknown>(redirects.filter(({ isChanged }) => isChanged));
    if (changed.size === 0) {
      return notApplicable('no redirect is added or changed');
    }
    const ways = redirects.flatMap((redirect) =>
      redirect.examples.map((example) => ({ redirect, way: follow(example, redirects, hostsOf(context)) })),
    );
    return judged([
      ...loops(
        ways.map(({ way }) => way),
        changed,
      ),
      ...untold(ways, changed),
    ]);
  },
});

/** Hosts of zones that are in view; where the name of none is known, every host may be one. */
function hostsOf({ estate }: RuleContext): (host: string) => boolean {
  const domains = new Set(
    ['cloudflare_zone', 'cloudflare_ruleset', 'cloudflare_page_rule'].flatMap((type) =>
      estate.all(type).flatMap((change) => zoneName(change) ?? []),
    ),
  );
  return (host) =>
    domains.size === 0 || [...domains].some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** Each circle once, by who is in it. What the plan does not touch was there before. */
function loops(ways: readonly RedirectWay[], changed: ReadonlySet<unknown>): Judgement {
  const reported = new Set<string>();
  return ways.flatMap(({ end, circle, hops }) => {
    const by = [...new Set(circle.map((hop) => hop.by))];
    const key = by
      .map(({ name }) => name)
      .toSorted()
      .join(' ');
    if ((end !== 'loop' && end !== 'endless') || reported.has(key) || !by.some((one) => changed.has(one))) {
      return [];
    }
    reported.add(key);
    const subject = by.find((one) => changed.has(one)) as ConfiguredRedirect;
    const [first] = circle;
    const listed = circle.slice(0, 4).map((hop) => `${hop.from} -> ${hop.to} (${hop.by.name})`);
    const what =
      end === 'loop'
        ? `${first?.from ?? ''} comes back to itself`
        : `${hops[0]?.from ?? ''} finds no end in 20 hops`;
    return finding(subject.subject, `${what}: ${listed.join(', ')}`, 'a redirect that ends at a page');
  });
}

/** A changed redirect whose target only Terraform or the request could tell. */
function untold(
  ways: readonly { readonly redirect: ConfiguredRedirect; readonly way: RedirectWay }[],
  changed: ReadonlySet<unknown>,
): Judgement {
  const open = ways.filter(
    ({ redirect, way }) => way.end === 'unknown' && way.hops.length === 0 && changed.has(redirect),
  );
  return [...new Set(open.map(({ redirect }) => redirect.subject))].flatMap((subject) =>
    finding(
      subject,
      'where it leads cannot be computed, nor whether that leads back',
      'a target that can be followed',
      {
        severity: 'warn',
      },
    ),
  );
}
