/** Who may enter an Access application: cases of the rules that compare all of its policies in their order, and its options. */
import type { JsonObject, UnchangedResource } from '../../../../scripts/plan/types.ts';
import type { RuleInput } from '../../../../policies/model/facts.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const application = 'cloudflare_zero_trust_access_application.wiki';
const policyOf = (name: string): string => `cloudflare_zero_trust_access_policy.${name}`;
const groupOf = (name: string): string => `cloudflare_zero_trust_access_group.${name}`;
const ref = (address: string): string => `\${${address}.id}`;

const domain = (name: string): JsonObject => ({ email_domain: { domain: name } });
const email = (address: string): JsonObject => ({ email: { email: address } });
const country = (code: string): JsonObject => ({ geo: { country_code: code } });
const everyone: JsonObject = { everyone: {} };

const allow = (...include: readonly JsonObject[]): JsonObject => ({ decision: 'allow', include });
const deny = (...include: readonly JsonObject[]): JsonObject => ({ decision: 'deny', include });
const bypass = (...include: readonly JsonObject[]): JsonObject => ({ decision: 'bypass', include });
const staff = allow(domain('shop.example'));

function wiki(policies: readonly JsonObject[], parts: JsonObject = {}): JsonObject {
  return { name: 'wiki', type: 'self_hosted', domain: 'wiki.shop.example', policies, ...parts };
}

function standing(address: string, values: JsonObject): UnchangedResource {
  return { stack: 'acme-production', address, type: address.split('.')[0] ?? '', zone: null, values };
}

type Input = Partial<RuleInput>;

/** The application changes from one list of policies to another, among what stands around it. */
function wikiChanges(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  unchanged: readonly UnchangedResource[] = [],
): Input {
  return { plan: aPlan().updating(application, wiki(before), wiki(after)).build(), unchanged };
}

const named = (name: string, precedence: number): JsonObject => ({ id: ref(policyOf(name)), precedence });
const shared = [
  standing(policyOf('staff'), { name: 'staff', ...staff }),
  standing(policyOf('hook'), { name: 'hook', ...bypass(everyone) }),
  standing(policyOf('embargo'), { name: 'embargo', ...deny(country('KP')) }),
];

const policies = [`${prod}${application}#policies`];

export const accessEntryCases: CaseTable = {
  'access-not-widened': {
    finds: [
      {
        when: 'a policy that bypasses and stays as it is is attached, last as well',
        input: wikiChanges([named('staff', 1)], [named('staff', 1), named('hook', 2)], shared),
        subjects: policies,
      },
      {
        when: 'it is attached by its id',
        input: wikiChanges(
          [{ id: 'p-staff' }],
          [{ id: 'p-staff' }, { id: 'p-hook' }],
          [
            standing(policyOf('staff'), { id: 'p-staff', ...staff }),
            standing(policyOf('hook'), { id: 'p-hook', ...bypass(everyone) }),
          ],
        ),
        subjects: policies,
      },
      {
        when: 'an allow comes before a denial, by precedence and not by place in the list',
        input: wikiChanges(
          [named('staff', 2), named('embargo', 1)],
          [named('staff', 1), named('embargo', 2)],
          shared,
        ),
        subjects: policies,
      },
      {
        when: 'a denial is taken out',
        input: wikiChanges([named('embargo', 1), named('staff', 2)], [named('staff', 1)], shared),
        subjects: policies,
      },
      {
        when: 'another domain is included in a policy of its own',
        input: wikiChanges([staff], [allow(domain('shop.example'), domain('guest.example'))]),
        subjects: policies,
      },
      {
        when: 'an exclusion goes',
        input: wikiChanges([{ ...staff, exclude: [email('old@shop.example')] }], [staff]),
        subjects: policies,
      },
      {
        when: 'a requirement goes',
        input: wikiChanges([{ ...staff, require: [country('DE')] }], [staff]),
        subjects: policies,
      },
      {
        when: 'a range of addresses grows',
        input: wikiChanges(
          [staff, bypass({ ip: { ip: '203.0.113.0/28' } })],
          [staff, bypass({ ip: { ip: '203.0.113.0/24' } })],
        ),
        subjects: policies,
      },
      {
        when: 'who had to log in does not have to any more',
        input: wikiChanges([staff], [{ decision: 'bypass', include: [domain('shop.example')] }]),
        subjects: policies,
      },
      {
        when: 'a shared policy is widened: through the application that stays as it is, said once',
        input: {
          plan: aPlan()
            .updating(policyOf('staff'), staff, allow(domain('shop.example'), domain('guest.example')))
            .build(),
          unchanged: [
            standing(application, wiki([named('staff', 1)])),
            standing(
              'cloudflare_zero_trust_access_application.crm',
              wiki([named('staff', 1)], { domain: 'crm.shop.example' }),
            ),
          ],
        },
        subjects: [`${prod}${policyOf('staff')}`],
      },
      {
        when: 'a group is widened that a policy includes',
        input: {
          plan: aPlan()
            .updating(
              groupOf('people'),
              { include: [domain('shop.example')] },
              { include: [domain('shop.example'), email('x@guest.example')] },
            )
            .build(),
          unchanged: [
            standing(application, wiki([named('staff', 1)])),
            standing(policyOf('staff'), allow({ group: { id: ref(groupOf('people')) } })),
          ],
        },
        subjects: [`${prod}${groupOf('people')}`],
      },
      {
        when: 'a new application with an open policy of elsewhere stands at a path that another one protected',
        input: {
          plan: aPlan()
            .creating(
              'cloudflare_zero_trust_access_application.hook',
              wiki([named('hook', 1)], { domain: 'wiki.shop.example/hook' }),
            )
            .build(),
          unchanged: [...shared, standing(application, wiki([named('staff', 1)]))],
        },
        subjects: [`${prod}cloudflare_zero_trust_access_application.hook#policies`],
      },
      {
        when: 'a new application begins with an open policy of elsewhere',
        input: {
          plan: aPlan()
            .creating(application, wiki([named('hook', 1)]))
            .build(),
          unchanged: shared,
        },
        subjects: policies,
      },
      {
        when: 'one application takes over from a stricter one that goes',
        input: {
          plan: aPlan()
            .deleting(application, wiki([staff]))
            .creating('cloudflare_zero_trust_access_application.all', {
              domain: '*.shop.example',
              policies: [allow(domain('shop.example'), domain('guest.example'))],
            })
            .build(),
        },
        subjects: [`${prod}cloudflare_zero_trust_access_application.all#policies`],
      },
      {
        when: 'a policy names its application itself, as in version 4',
        input: {
          plan: aPlan()
            .creating(policyOf('more'), {
              application_id: ref(application),
              precedence: 2,
              ...allow(domain('guest.example')),
            })
            .build(),
          unchanged: [standing(application, wiki([staff]))],
        },
        subjects: [`${prod}${policyOf('more')}`],
      },
    ],
    passes: [
      {
        when: 'a stricter policy is added before the others',
        input: wikiChanges([named('staff', 1)], [named('embargo', 1), named('staff', 2)], shared),
      },
      {
        when: 'a policy moves from inside to one that is shared and says the same',
        input: wikiChanges([staff], [named('staff', 1)], shared),
      },
      {
        when: 'a bypass moves among the others: it is asked first anyway',
        input: wikiChanges(
          [bypass({ ip: { ip: '203.0.113.7' } }), staff],
          [staff, bypass({ ip: { ip: '203.0.113.7/32' } })],
        ),
      },
      {
        when: 'one person of a domain that is included already is named',
        input: wikiChanges([staff], [allow(email('a@shop.example')), staff]),
      },
      {
        when: 'an allow and a denial that can meet nobody in common change places',
        input: wikiChanges(
          [deny(email('old@shop.example')), allow(email('a@shop.example'))],
          [allow(email('a@shop.example')), deny(email('old@shop.example'))],
        ),
      },
      {
        when: 'policies that are not known stay in their order',
        input: wikiChanges([{ id: 'x' }, { id: 'y' }], [{ id: 'x' }, { id: 'y' }, deny(country('KP'))]),
      },
      {
        when: 'a shared policy is narrowed',
        input: {
          plan: aPlan()
            .updating(policyOf('staff'), staff, { ...staff, require: [country('DE')] })
            .build(),
          unchanged: [standing(application, wiki([named('staff', 1)]))],
        },
      },
      {
        when: 'a new application stands before what nobody protected',
        input: {
          plan: aPlan()
            .creating(application, wiki([named('staff', 1)]))
            .build(),
          unchanged: shared,
        },
      },
      {
        when: 'a plan of Terraform attaches the one policy that it creates, stricter than the old one',
        input: {
          plan: aPlan()
            .fromTerraform()
            .creating(policyOf('new'), { ...staff, require: [country('DE')] })
            .updating(application, wiki([staff]), wiki([{ precedence: 1 }]))
            .withUnknown('policies', 0, 'id')
            .build(),
        },
      },
    ],
    skips: [{ when: 'nothing of Access changes', input: {} }],
    doubts: [
      {
        when: 'a policy is attached that the plan does not hold',
        input: wikiChanges([staff], [staff, { id: '6f1ed002-ab5f-4c7c-a2d5-1a2b3c4d5e6f' }]),
        subjects: policies,
      },
      {
        when: 'another one of several policies of one block is meant',
        input: wikiChanges(
          [{ id: `\${${policyOf('each')}["staff"].id}` }],
          [{ id: `\${${policyOf('each')}["hook"].id}` }],
          [
            standing(policyOf('each'), {
              for_each: { staff: 'allow', hook: 'bypass' },
              decision: '${each.value}',
            }),
          ],
        ),
        subjects: policies,
      },
      {
        when: 'policies that are not known change places',
        input: wikiChanges([{ id: 'x' }, { id: 'y' }], [{ id: 'y' }, { id: 'x' }]),
        subjects: policies,
      },
      {
        when: 'which policies it has is known only after apply',
        input: {
          plan: aPlan()
            .updating(application, wiki([staff]), { ...wiki([]), policies: '${local.policies}' })
            .build(),
        },
        subjects: policies,
      },
    ],
  },
  'access-options-kept': {
    finds: [
      {
        when: 'sessions get longer',
        input: options({ session_duration: '24h' }, { session_duration: '168h' }),
        subjects: [`${prod}${application}#session_duration`],
      },
      {
        when: 'sessions get longer than the day that they last when nothing is said',
        input: options({}, { session_duration: '24h30m' }),
        subjects: [`${prod}${application}#session_duration`],
      },
      {
        when: 'the cookie is sent from other sites',
        input: options({ same_site_cookie_attribute: 'strict' }, { same_site_cookie_attribute: 'none' }),
        subjects: [`${prod}${application}#same_site_cookie_attribute`],
      },
      {
        when: 'every identity provider is allowed again',
        input: options({ allowed_idps: ['okta'] }, {}),
        subjects: [`${prod}${application}#allowed_idps`],
      },
      {
        when: 'requests of every origin are answered, with credentials',
        input: options(
          { cors_headers: { allowed_origins: ['https://shop.example'] } },
          { cors_headers: { allow_all_origins: true, allow_credentials: true } },
        ),
        subjects: [
          `${prod}${application}#cors_headers.allow_all_origins`,
          `${prod}${application}#cors_headers.allow_credentials`,
        ],
      },
      ...[
        'allow_authenticate_via_warp',
        'options_preflight_bypass',
        'service_auth_401_redirect',
        'skip_interstitial',
      ].map((name) => ({
        when: `${name} is switched on`,
        input: options({ [name]: false }, { [name]: true }),
        subjects: [`${prod}${application}#${name}`],
      })),
      ...['enable_binding_cookie', 'path_cookie_attribute'].map((name) => ({
        when: `${name} is dropped`,
        input: options({ [name]: true }, {}),
        subjects: [`${prod}${application}#${name}`],
      })),
      {
        when: 'scripts may read the cookie',
        input: options({}, { http_only_cookie_attribute: false }),
        subjects: [`${prod}${application}#http_only_cookie_attribute`],
      },
      {
        when: 'a policy needs no approval any more',
        input: {
          plan: aPlan()
            .updating(policyOf('staff'), { ...staff, approval_required: true }, staff)
            .build(),
        },
        subjects: [`${prod}${policyOf('staff')}#approval_required`],
      },
    ],
    passes: [
      {
        when: 'sessions get shorter, in another unit',
        input: options({ session_duration: '24h' }, { session_duration: '600m' }),
      },
      {
        when: 'everything is asked for',
        input: options(
          { skip_interstitial: true },
          { skip_interstitial: false, enable_binding_cookie: true, same_site_cookie_attribute: 'strict' },
        ),
      },
      {
        when: 'Cloudflare fills in what nobody writes',
        input: {
          plan: aPlan()
            .updating(application, wiki([staff], { session_duration: '24h' }), wiki([staff], { name: 'w' }))
            .withUnknown('session_duration')
            .build(),
        },
      },
    ],
    skips: [
      { when: 'nothing of Access changes', input: {} },
      {
        when: 'the application is new',
        input: {
          plan: aPlan()
            .creating(application, wiki([staff], { skip_interstitial: true }))
            .build(),
        },
      },
    ],
    doubts: [
      {
        when: 'how long a session lasts is a reference',
        input: options({ session_duration: '24h' }, { session_duration: '${var.session}' }),
        subjects: [`${prod}${application}#session_duration`],
      },
    ],
  },
};

function options(before: JsonObject, after: JsonObject): Input {
  return {
    plan: aPlan()
      .updating(application, wiki([staff], before), wiki([staff], after))
      .build(),
  };
}
