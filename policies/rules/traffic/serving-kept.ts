import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { show, showAt, subjectOf } from '../../reading/estate-context.ts';
import { readList, readValue } from '../../reading/values.ts';
import type { Side } from '../../reading/values.ts';
import { isObject, sameJson } from '../../../scripts/json/json.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

const tunnelType = 'cloudflare_zero_trust_tunnel_cloudflared_config';

/** Arguments that say what answers, and what another value does; none of them is a secret. */
const answering: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cloudflare_custom_hostname: {
    custom_origin_server: 'requests for the client’s name go to another origin',
    custom_origin_sni: 'the origin is asked for another name',
  },
  cloudflare_custom_hostname_fallback_origin: {
    origin: 'requests of every custom hostname without an origin of its own go elsewhere',
  },
  cloudflare_pages_project: { production_branch: 'visitors get what another branch holds' },
  cloudflare_spectrum_application: {
    origin_direct: 'connections go to another origin',
    origin_dns: 'connections go to another origin',
    origin_port: 'connections go to another port',
    protocol: 'another port or protocol is open',
  },
  cloudflare_workers_cron_trigger: { schedules: 'the Worker runs at other times, or not at all' },
  cloudflare_workers_custom_domain: { service: 'another Worker answers for the name' },
  cloudflare_workers_route: {
    pattern: 'other requests reach the Worker, and those of before may not',
    script: 'another Worker answers, or none',
  },
};

export const servingKept = defineRule({
  id: 'serving-kept',
  title: 'What answers for a name changes knowingly',
  area: 'estate',
  severity: 'warn',
  why: 'A route, an ingress rule or an origin that changes in place is felt at once, and a plan shows it as a small update.',
  fix: 'Say in the record what answers afterwards; move the names first where one is not served any more.',
  since: '2026-11-30',
  source:
    'Cloudflare documentation of Workers routes, tunnels, Spectrum and custom hostnames; provider 5.14.0',
  waivable: true,
  evaluate: ({ index }) =>
    judgeEach(
      index.changes.filter(
        ({ type, before, after }) =>
          before !== null && after !== null && (type === tunnelType || Object.hasOwn(answering, type)),
      ),
      'nothing that says what answers is changed in place',
      (change) => (change.type === tunnelType ? judgeTunnel(change) : judgeArguments(change)),
    ),
});

function judgeArguments(change: ResourceChange): Judgement {
  return Object.entries(answering[change.type] ?? {}).flatMap(([name, what]) => {
    const [was, is] = [readValue(change, 'before', [name]), readValue(change, 'after', [name])];
    // Where both are references, the text says whether it is the same one.
    const isSame = sameJson(change.before?.[name] ?? null, change.after?.[name] ?? null);
    return isSame || (was.kind === 'known' && is.kind === 'known' && sameJson(was.value, is.value))
      ? fine
      : finding(
          subjectOf(change, name),
          `${showAt(change, 'before', [name])} → ${showAt(change, 'after', [name])}: ${what}`,
          'a change that the record names',
        );
  });
}

/** Host and path to the service; the rule without either answers for all the rest. */
type Ingress = ReadonlyMap<string, string>;

/** Cloudflare documentation of tunnels: ingress rules are tried in order, and the last one must be for everything. */
function judgeTunnel(change: ResourceChange): Judgement {
  const [before, after] = [ingressOn(change, 'before'), ingressOn(change, 'after')];
  const subject = subjectOf(change, 'config.ingress');
  if (after === null) {
    return doubt(subject, 'which names the tunnel serves is known only after apply');
  }
  return [...(before ?? new Map<string, string>())].flatMap(([place, service]) => {
    const called = place === '' ? 'everything that no other rule names' : place;
    const now = after.get(place);
    if (now === service) {
      return fine;
    }
    return now === undefined
      ? finding(subject, `${show(called)} is not served by the tunnel any more`, 'names that are served', {
          severity: 'deny',
        })
      : finding(
          subject,
          `${show(called)}: ${show(service)} → ${show(now)}`,
          'a change that the record names',
        );
  });
}

function ingressOn(change: ResourceChange, side: Side): Ingress | null {
  const list = readList(change, side, ['config', 'ingress']);
  return list === null
    ? null
    : new Map(
        list.filter(isObject).map(({ hostname, path, service }) => {
          const place = `${typeof hostname === 'string' ? hostname.toLowerCase() : ''}${typeof path === 'string' ? path : ''}`;
          return [place, typeof service === 'string' ? service : ''] as const;
        }),
      );
}
