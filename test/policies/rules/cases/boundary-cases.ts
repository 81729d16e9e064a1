/** Further examples of rules: values on the boundary itself, values that no table has, and what another rule says. */
import type { PastRelease, RuleInput } from '../../../../policies/model/facts.ts';
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { aPastRelease } from '../../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../../builders/plan.ts';
import { aPolicySet, aRegister } from '../../../builders/policy.ts';
import { aRecord } from '../../../builders/record.ts';
import { created, only, updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRateLimit, aRuleset, aWafRule, logged, ruleChange } from './waf-cases.ts';

type Input = Partial<RuleInput>;

const prod = 'acme-production/';

const waf = 'cloudflare_ruleset.waf';
const rule = `${prod}${waf}#block-admin`;
const added = (parts: JsonObject, phase?: string): Input => ({
  plan: ruleChange(null, aWafRule(parts), phase).build(),
});
const wafRules = (...rules: readonly JsonObject[]): Input => created(waf, aRuleset(rules));
const { ref: _ref, ...withoutRef } = aWafRule();
const { expression: _expression, ...withoutExpression } = aWafRule();
const wide: JsonObject = { ...withoutRef, expression: 'http.request.uri.path contains "/a"' };
const narrow: JsonObject = { ...withoutRef, expression: 'http.request.uri.path eq "/ab"' };
const skipping = (action_parameters: JsonObject): JsonObject => ({
  ...wide,
  action: 'skip',
  action_parameters,
});

const invalid: Readonly<Record<string, string>> = {
  'a field is mistyped': 'http.hots eq "a.shop.example"',
  'a characteristic is used as a field': 'cf.colo.id eq 1',
  'it is not of the language': 'http.host not in {"a"}',
  'it is too long': `http.host eq "${'a'.repeat(4096)}"`,
  'its types do not fit': 'ssl contains "a"',
  'a function has flags that it does not know': 'url_decode(http.host, "x") eq "a"',
  'a function is given no field': 'lower("A") eq "a"',
  'a function is given a number out of range': 'cidr(ip.src, 33, 64) eq 8.8.8.0',
  'a block has bits behind its prefix': 'ip.src in {8.8.8.8/24}',
  'a pattern is refused': 'http.host matches "(?=a)"',
  'it has single quotes': "http.host eq 'a'",
  'a wildcard has two stars in a row': 'http.host wildcard "**"',
};

/** These are invalid in several ways at once. */
const invalidTwice: Readonly<Record<string, string>> = {
  'it is nested too deeply': `${'('.repeat(200)}ssl${')'.repeat(200)}`,
  'a range runs backwards': 'ip.src.asnum in {9..1}',
};

const bots = 'cloudflare_bot_management.it';
const weakest: Readonly<Record<string, string | boolean>> = {
  fight_mode: false,
  enable_js: false,
  sbfm_definitely_automated: 'allow',
  sbfm_likely_automated: 'allow',
  sbfm_static_resource_protection: false,
  ai_bots_protection: 'disabled',
  crawler_protection: 'disabled',
};

const dns = 'cloudflare_dns_record.it';
const content = [`${prod}${dns}#content`];
const text = (value: string, name: string): JsonObject =>
  aDnsRecord({ name, type: 'TXT', content: value, proxied: false });
const spf = (before: string, after: string): Input =>
  updated(dns, text(`v=spf1 ${before}`, 'shop.example'), text(`v=spf1 ${after}`, 'shop.example'));
const dmarcName = '_dmarc.shop.example';
const dmarc = (before: string, after: string): Input =>
  updated(dns, text(before, dmarcName), text(after, dmarcName));

const limit = (after: JsonObject, before: JsonObject = aRateLimit()): Input => ({
  plan: ruleChange(before, after, 'http_ratelimit').build(),
});

const fromLog = (...history: readonly PastRelease[]): Input => ({
  plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
  history,
});
const loggedAt = (at: string, parts: Partial<PastRelease> = {}): PastRelease =>
  aPastRelease({ at, loggedRules: [logged], ...parts });

const skipUntil = (until: string, now = '2026-11-23T00:00:00.000Z'): Input => ({
  ...added({ action: 'skip', action_parameters: { ruleset: 'current' }, description: `For tests ${until}` }),
  now,
});

const twoZones = aPlan()
  .updating('cloudflare_dns_record.a')
  .inZone('b.example')
  .updating('cloudflare_dns_record.b');
const rollout = (value: JsonObject | undefined): Input => ({
  plan: twoZones.build(),
  record: aRecord({ rollout: value }),
});
const inZones = (count: number): Input => ({
  plan: Array.from({ length: count }, (_, at) => `z${String(at)}`)
    .reduce((plan, zone) => plan.inZone(`${zone}.example`).updating(`cloudflare_dns_record.${zone}`), aPlan())
    .inZone(null)
    .updating('cloudflare_list.x', { name: 'a' }, { name: 'b' })
    .build(),
});

const schedule = (plannedStart: string, plannedEnd: string): Input => ({
  record: aRecord({ schedule: { plannedStart, plannedEnd, window: 'acme-weeknight' } }),
});
const impact = (summary: string, reviewer: string): Input => ({
  plan: aPlan()
    .creating('cloudflare_zone_setting.a', { setting_id: 'ssl', value: 'strict' })
    .creating('cloudflare_zone_setting.b', { setting_id: 'ssl', value: 'strict' })
    .build(),
  record: aRecord({ securityImpact: { assessed: true, summary, reviewer } }),
});

const token = 'cloudflare_api_token.it';
const grant = (resource: string, expires_on = '2027-06-01T00:00:00Z'): Input =>
  created(token, {
    name: 'dns',
    expires_on,
    condition: { request_ip: { in: ['192.0.2.0/28'] } },
    policies: [
      { effect: 'allow', permission_groups: [{ id: 'x' }], resources: JSON.stringify({ [resource]: '*' }) },
    ],
  });

const app = 'cloudflare_zero_trust_access_application.it';
const application = (policies: JsonObject['policies'] & {}): Input =>
  created(app, { name: 'shop', type: 'self_hosted', policies });
const including = (selector: JsonObject): Input => application([{ decision: 'allow', include: [selector] }]);

const route = (host: string, more: JsonObject = {}): JsonObject =>
  aWafRule({ action: 'route', action_parameters: { origin: { host } }, ...more });
const routed = (one: JsonObject): Input => ({
  plan: ruleChange(null, one, 'http_request_origin').build(),
});

const asked = { policy: aPolicySet({ registers: [aRegister({ clientApprovalRequired: true })] }) };
const released = { bundles: { before: 'sha256:before', after: null } };

const switchedOff = (parts: JsonObject = {}): JsonObject =>
  aWafRule({
    enabled: false,
    description: 'Keep strangers out of /admin; switched off; expires 2026-12-01, INC-41',
    ...parts,
  });

const elsewhere = { expression: 'http.host eq "a.example"' };
const falselyOff = [
  [
    'an emergency switched it off, and it comes back with another expression',
    switchedOff(),
    aWafRule(elsewhere),
  ],
  ['a new rule is described as switched off', null, switchedOff()],
  ['a rule that was off is described as switched off', aWafRule({ enabled: false }), switchedOff()],
  ['it is edited while it is switched off', switchedOff(), switchedOff(elsewhere)],
  ['it is edited as it is switched off', aWafRule(), switchedOff(elsewhere)],
] as const;

export const boundaryCases: CaseTable = {
  'waf-lint': only({
    finds: [
      {
        when: 'a list has an address with bits behind its prefix',
        input: created('cloudflare_list.office', {
          name: 'office',
          kind: 'ip',
          items: [{ ip: '8.8.8.8/24' }],
        }),
        subjects: [`${prod}cloudflare_list.office`],
      },
      {
        when: 'something else of the rule is not known, and its text is',
        input: {
          plan: ruleChange(null, aWafRule({ expression: 'http.host in {"*.shop.example"}' }))
            .withUnknown('rules', 0, 'action_parameters')
            .build(),
        },
        subjects: [rule],
      },
    ],
    passes: [
      ...Object.entries({ ...invalid, ...invalidTwice }).map(([when, expression]) => ({
        when: `waf-expression-valid says it: ${when}`,
        input: added({ expression }),
      })),
      { when: 'waf-expression-constant says it: never', input: added({ expression: 'false' }) },
      { when: 'waf-expression-constant says it: always', input: added({ expression: 'true' }) },
      { when: 'a field is deprecated', input: added({ expression: 'ip.geoip.country eq "GB"' }) },
      { when: 'a description is long', input: added({ description: 'x'.repeat(501) }) },
      { when: 'waf-expression-valid says it: there is none', input: wafRules(withoutExpression) },
      { when: 'waf-ref says it: a rule has no ref', input: wafRules(withoutRef) },
      {
        when: 'waf-rule-shadowed says it: a rule never gets a request',
        input: wafRules({ ...wide, ref: 'wide' }, { ...narrow, ref: 'narrow' }),
      },
      {
        when: 'what looks wrong may be right once the rest of the rule is known',
        input: {
          plan: ruleChange(null, aWafRule({ action: 'redirect' }), 'http_request_dynamic_redirect')
            .withUnknown('rules', 0, 'action_parameters')
            .build(),
        },
      },
    ],
    skips: [
      {
        when: 'the ruleset goes away',
        input: {
          plan: aPlan()
            .deleting(waf, aRuleset([aWafRule()]))
            .build(),
        },
      },
    ],
  }),
  'waf-rule-shadowed': only({
    finds: [
      {
        when: 'neither rule has a ref',
        input: wafRules(wide, narrow),
        subjects: [`${prod}${waf}#rules[1]`],
      },
      {
        when: 'a skip of the rest of the phase stands before it',
        input: wafRules(skipping({ phase: 'current' }), narrow),
        subjects: [`${prod}${waf}#rules[1]`],
      },
    ],
    passes: [
      {
        when: 'the skip before it is of another ruleset',
        input: wafRules(skipping({ ruleset: 'x' }), narrow),
      },
    ],
    skips: [
      {
        when: 'the ruleset goes away',
        input: {
          plan: aPlan()
            .deleting(waf, aRuleset([wide, narrow]))
            .build(),
        },
      },
    ],
  }),
  'waf-log-first': only({
    finds: [
      {
        when: 'it was logged for a minute less than a day',
        input: fromLog(loggedAt('2026-11-22T09:01:00Z')),
        subjects: [rule],
      },
      {
        when: 'it stops requests before and after, and says of neither which',
        input: {
          plan: ruleChange(withoutExpression, { ...withoutExpression, logging: { enabled: true } }).build(),
        },
        subjects: [rule],
        severity: 'warn',
      },
      {
        when: 'an emergency switched it off, and it comes back as it was',
        input: { plan: ruleChange(switchedOff(), aWafRule()).build() },
        subjects: [rule],
        severity: 'warn',
      },
      ...falselyOff.map(([when, before, after]) => ({
        when,
        input: { plan: ruleChange(before, after).build() },
        subjects: [rule],
      })),
    ],
    passes: [
      { when: 'it was logged for exactly a day', input: fromLog(loggedAt('2026-11-22T09:00:00Z')) },
      {
        when: 'the release that logged it was successful with issues',
        input: fromLog(loggedAt('2026-11-01T09:00:00Z', { result: 'successful-with-issues' })),
      },
      {
        when: 'a release of another stack came later',
        input: fromLog(
          loggedAt('2026-11-01T09:00:00Z'),
          aPastRelease({ stack: 'acme-staging', at: '2026-11-20T09:00:00Z' }),
        ),
      },
      {
        when: 'the ledger has seen it in log mode, and the plan has it as new',
        input: {
          plan: ruleChange(null, aWafRule()).build(),
          history: [loggedAt('2026-11-01T09:00:00Z')],
        },
      },
    ],
  }),
  'waf-skip-expiry': only({
    finds: [
      { when: 'its last day is over', input: skipUntil('until 2026-11-22'), subjects: [rule] },
      { when: 'it ends a day too late', input: skipUntil('until 2027-11-25'), subjects: [rule] },
      { when: 'there is no such month', input: skipUntil('until 2027-13-01'), subjects: [rule] },
      { when: 'it names no end', input: skipUntil('for ever'), subjects: [rule] },
    ],
    passes: [
      { when: 'today is its last day', input: skipUntil('until 2026-11-23', '2026-11-23T23:59:00.000Z') },
      { when: 'it ends as late as it may', input: skipUntil('until 2027-11-24') },
      { when: 'there are two spaces', input: skipUntil('until  2027-01-01') },
      { when: 'it expires', input: skipUntil('Expires 2027-01-01') },
    ],
  }),
  'waf-description': only({
    finds: [{ when: 'four letters', input: added({ description: 'Bots' }), subjects: [rule] }],
    passes: [
      { when: 'five letters', input: added({ description: 'Block' }) },
      {
        when: 'it is known only after apply',
        input: {
          plan: ruleChange(null, aWafRule({ description: '' }))
            .withUnknown('rules', 0, 'description')
            .build(),
        },
      },
    ],
  }),
  'waf-expression-valid': only({
    finds: Object.entries(invalid).map(([when, expression]) => ({
      when,
      input: added({ expression }),
      subjects: [rule],
    })),
    passes: [{ when: 'a field is deprecated', input: added({ expression: 'ip.geoip.country eq "GB"' }) }],
  }),
  'waf-ref': only({
    finds: [
      { when: 'it is empty', input: wafRules(aWafRule({ ref: '' })), subjects: [`${prod}${waf}#rules[0]`] },
    ],
  }),
  'waf-host-scope': only({
    passes: [
      { when: 'the zone itself is named', input: added({ expression: 'http.host eq "shop.example"' }) },
    ],
  }),
  'bot-settings-kept': only({
    finds: Object.entries(weakest).map(([name, value]) => ({
      when: `${name} becomes what nobody knows`,
      input: updated(bots, { [name]: value }, { [name]: 'new-value' }),
      subjects: [`${prod}${bots}#${name}`],
    })),
  }),
  'dmarc-kept': only({
    finds: [
      {
        when: 'subdomains had a policy of their own and lose it',
        input: dmarc('v=DMARC1; p=none; sp=reject', 'v=DMARC1; p=none; sp=none'),
        subjects: content,
      },
    ],
    passes: [
      {
        when: 'another text becomes a DMARC record for half of the mail',
        input: dmarc('note', 'v=DMARC1; p=reject; pct=50'),
      },
      {
        when: 'another resource takes the record over',
        input: {
          plan: aPlan()
            .deleting(dns, text('v=DMARC1; p=reject', dmarcName))
            .creating('cloudflare_dns_record.other', text('v=DMARC1; p=reject', dmarcName))
            .build(),
        },
      },
    ],
  }),
  'spf-kept': only({
    finds: [
      { when: 'everybody may become nobody knows', input: spf('+all', '?all'), subjects: content },
      {
        when: 'the first of two redirects is what counted',
        input: spf('redirect=a redirect=b', '?all'),
        subjects: content,
      },
    ],
    passes: [{ when: 'a neutral end stays as it was', input: spf('include:a ?all', 'include:b ?all') }],
  }),
  'rate-limit-kept': only({
    finds: [
      {
        when: 'the period is less than nothing',
        input: limit(aRateLimit({}, { period: -60 })),
        subjects: [rule],
      },
      {
        when: 'a log becomes what no limit does',
        input: limit(aRateLimit({ action: 'rewrite' }), aRateLimit({ action: 'log' })),
        subjects: [rule],
      },
      { when: 'the action goes away', input: limit(aRateLimit({ action: null })), subjects: [rule] },
    ],
  }),
  'record-rollout-staged': only({
    finds: [
      {
        when: 'one stage is not a stages',
        input: rollout({ kind: 'staged', stages: [{ name: 'all' }] }),
        subjects: ['record'],
      },
      { when: 'the stages are not listed', input: rollout({ kind: 'staged' }), subjects: ['record'] },
      { when: 'nothing is said', input: rollout(undefined), subjects: ['record'] },
    ],
    passes: [
      { when: 'two stages', input: rollout({ kind: 'staged', stages: [{ name: 'a' }, { name: 'b' }] }) },
    ],
    skips: [
      {
        when: 'the other zone is of staging',
        input: {
          plan: aPlan()
            .updating('cloudflare_dns_record.a')
            .inStack('acme-staging')
            .updating(
              'cloudflare_dns_record.b',
              aDnsRecord({ name: 'staging-shop.example' }),
              aDnsRecord({ name: 'staging-shop.example', ttl: 300 }),
            )
            .build(),
        },
      },
      { when: 'the other change is of no zone', input: inZones(1) },
    ],
  }),
  'plan-scope-size': only({
    finds: [{ when: 'one zone too many', input: inZones(6), subjects: ['plan'] }],
    passes: [{ when: 'just as many zones as allowed, and the account', input: inZones(5) }],
  }),
  'plan-stack-kept': only({
    passes: [
      {
        when: 'its bundle is missing and its settings are there',
        input: { plan: aPlan().inStack('acme-production', released).build() },
      },
      {
        when: 'its settings are missing and its bundle is there',
        input: { plan: aPlan().withSettings({ after: null }).build() },
      },
    ],
    finds: [
      {
        when: 'neither is there',
        input: {
          plan: aPlan().inStack('acme-production', released).withSettings({ after: null }).build(),
        },
        subjects: ['acme-production'],
      },
    ],
  }),
  'record-schedule': only({
    finds: [
      {
        when: 'it ends now',
        input: schedule('2026-11-23T08:00:00Z', '2026-11-23T09:00:00Z'),
        subjects: ['record'],
      },
      {
        when: 'its end cannot be read',
        input: schedule('2026-12-07T20:00:00Z', 'late'),
        subjects: ['record'],
      },
      {
        when: 'its start cannot be read',
        input: schedule('soon', '2026-12-07T20:00:00Z'),
        subjects: ['record'],
      },
    ],
    passes: [
      { when: 'it ends in a second', input: schedule('2026-11-23T08:00:00Z', '2026-11-23T09:00:01Z') },
    ],
  }),
  'record-security-impact': only({
    finds: [
      { when: 'the summary is blank', input: impact('  ', 't.berg'), subjects: ['record'] },
      { when: 'the reviewer is blank', input: impact('Looked at.', '  '), subjects: ['record'] },
    ],
  }),
  'record-monitoring': only({
    finds: [
      {
        when: 'nothing is watched',
        input: { record: aRecord({ monitoring: { watch: [], observeMin: 30 } }) },
        subjects: ['record'],
      },
      {
        when: 'for no time',
        input: { record: aRecord({ monitoring: { watch: ['x'], observeMin: 0 } }) },
        subjects: ['record'],
      },
    ],
  }),
  'record-client-approval': only({
    finds: [
      {
        when: 'the record says that the client need not be asked',
        input: {
          ...asked,
          record: aRecord({ clientApproval: { required: false } }),
        },
        subjects: ['record'],
      },
    ],
    skips: [
      {
        when: 'the client agreed to standard changes beforehand',
        input: { ...asked, record: aRecord({ type: 'standard' }) },
      },
    ],
  }),
  'record-steps-and-tests': only({
    passes: [
      {
        when: 'a standard change has its steps in the catalogue',
        input: { record: aRecord({ type: 'standard', plan: undefined }) },
      },
    ],
  }),
  'token-lifetime': only({
    passes: [
      {
        when: 'it ends as late as it may',
        input: grant('com.cloudflare.api.account.zone.x', '2027-11-24T09:00:00Z'),
      },
    ],
  }),
  'token-scope': only({
    doubts: [
      {
        when: 'what it reaches is a reference altogether',
        input: grant('${cloudflare_account.shop.resource}'),
        subjects: [`${prod}${token}#policies`],
      },
    ],
    passes: [
      {
        when: 'the zone is a reference',
        input: grant('com.cloudflare.api.account.zone.${cloudflare_zone.shop.id}'),
      },
    ],
  }),
  'access-policy-not-open': only({
    finds: [
      {
        when: 'the second policy of an application bypasses',
        input: application([{ decision: 'deny' }, { decision: 'bypass' }]),
        subjects: [`${prod}${app}#policies.1.decision`],
      },
      {
        when: 'one selector is both everyone and any service token',
        input: including({ any_valid_service_token: {}, everyone: {} }),
        subjects: [`${prod}${app}#policies.0.include`],
      },
    ],
    passes: [
      { when: 'everyone is not chosen', input: including({ everyone: null }) },
      { when: 'everyone is switched off', input: including({ everyone: false }) },
      { when: 'its policies are named by their ids', input: application(['policy-id']) },
    ],
    doubts: [
      {
        when: 'the policies of an application are a reference',
        input: application('${local.policies}'),
        subjects: [`${prod}${app}#policies`],
      },
    ],
  }),
  'access-kept': only({
    passes: [
      {
        when: 'it never had a policy',
        input: updated(app, { policies: [], name: 'a' }, { policies: [], name: 'b' }),
      },
    ],
  }),
  'origin-route-kept': only({
    finds: [
      { when: 'a name only ends like the zone', input: routed(route('evilshop.example')), subjects: [rule] },
    ],
    passes: [
      { when: 'it is the zone itself', input: routed(route('shop.example')) },
      {
        when: 'it is a host of the zone, in capitals and with the dot of the root',
        input: routed(route('WWW.shop.example.')),
      },
    ],
    skips: [
      { when: 'the rule is disabled', input: routed(route('evil.example', { enabled: false })) },
      { when: 'the rule does not route', input: routed(route('evil.example', { action: 'log' })) },
    ],
    doubts: [
      {
        when: 'it is of no zone',
        input: {
          plan: aPlan()
            .inZone(null)
            .creating(waf, aRuleset([route('www.shop.example')], 'http_request_origin'))
            .build(),
        },
        subjects: [rule],
      },
    ],
  }),
  'zone-not-paused': only({
    passes: [
      {
        when: 'paused is false',
        input: created('cloudflare_zone.it', { name: 'shop.example', paused: false }),
      },
    ],
  }),
};
