import { show } from '../../reading/estate-context.ts';
import { hasRedirectChange, movedRedirects } from '../../reading/redirects/hosts.ts';
import type { MovedRedirect } from '../../reading/redirects/hosts.ts';
import { defineRule, finding, judged, notApplicable } from '../../rule.ts';

export const redirectHostKept = defineRule({
  id: 'redirect-host-kept',
  title: 'Redirects that lead to another host than before are named',
  area: 'estate',
  severity: 'warn',
  why: 'Visitors, links and search engines are handed to whoever owns the new host, and permanent redirects stay in browsers.',
  fix: 'Say in the record whose host it is and who agreed; nothing else is to do when it is yours.',
  since: '2026-11-30',
  source: 'Cloudflare documentation, bulk redirects, single redirects and page rules; RFC 9110, section 15.4',
  waivable: true,
  evaluate: (context) => {
    if (!hasRedirectChange(context)) {
      return notApplicable('no redirect changes');
    }
    const moved = movedRedirects(context);
    const subjects = [...new Set(moved.map(({ subject }) => subject))];
    return judged(
      subjects.flatMap((subject) =>
        finding(
          subject,
          text(moved.filter((one) => one.subject === subject)),
          'a host that the record names',
        ),
      ),
    );
  },
});

/** A finding names at most so many redirects. */
const maxNamed = 5;

function text(moved: readonly MovedRedirect[]): string {
  const named = moved
    .slice(0, maxNamed)
    .map(({ from, before, after }) => `${show(from)} leads to ${after}, not to ${before} any more`);
  const more = moved.length - named.length;
  return [...named, ...(more > 0 ? [`and ${String(more)} more`] : [])].join('; ');
}
