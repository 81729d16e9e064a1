/** Cases of the rules about lists: what a change of one does through rules that stand, and names that no list has. */
import type { Json, JsonObject, UnchangedResource } from '../../../../scripts/plan/types.ts';
import type { RuleInput } from '../../../../policies/model/facts.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { PlanBuilder } from '../../../builders/plan.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRuleset, aWafRule, ruleChange } from './waf-cases.ts';

type Input = Partial<RuleInput>;

const account = 'a';
const office = 'cloudflare_list.office';
const subject = `acme-production/${office}`;
const rule = 'acme-production/cloudflare_ruleset.waf#block-admin';

/** A resource that stands unchanged around a change. */
export function standing(
  address: string,
  values: JsonObject,
  parts: Partial<UnchangedResource> = {},
): UnchangedResource {
  const [type = ''] = address.split('.');
  return { stack: 'acme-production', address, type, zone: 'shop.example', values, ...parts };
}

const list = (items: Json | undefined, parts: JsonObject = {}): JsonObject => ({
  account_id: account,
  kind: 'ip',
  name: 'office',
  ...(items === undefined ? {} : { items }),
  ...parts,
});
const ip = (...addresses: readonly string[]): Json => addresses.map((address) => ({ ip: address }));
const three = ip('192.0.2.1', '192.0.2.2', '198.51.100.0/24');
const item = (address: string, parts: JsonObject = {}): JsonObject => ({
  account_id: account,
  list_id: '${cloudflare_list.office.id}',
  ip: address,
  ...parts,
});

const custom = (expression: string, parts: JsonObject = {}): UnchangedResource =>
  standing('cloudflare_ruleset.waf', aRuleset([aWafRule({ expression, ...parts })]));
const locked = custom('http.host eq "admin.shop.example" and not ip.src in $office');
const blocked = custom('ip.src in $office');
const counted = custom('http.request.uri.path eq "/login"', {
  ratelimit: { counting_expression: 'not ip.src in $office' },
});
const excepted = custom('ip.src in $office', { action: 'skip', action_parameters: { ruleset: 'current' } });

const account0 = (): PlanBuilder => aPlan().inZone(null);
const listed = (
  before: Json | undefined,
  after: Json | undefined,
  unchanged: RuleInput['unchanged'],
): Input => ({
  plan: account0().updating(office, list(before), list(after)).build(),
  unchanged,
});
const elsewhere = { when: 'no ruleset and no list changes', input: {} };
const named = (expression: string, parts: Input = {}): Input => ({
  plan: ruleChange(null, aWafRule({ expression })).build(),
  ...parts,
});
const officeList = standing(office, list(three), { zone: null });

export const listCases: CaseTable = {
  'list-use-kept': {
    finds: [
      {
        when: 'the list of who may pass is emptied',
        input: listed(three, [], [locked]),
        subjects: [subject],
      },
      {
        when: 'the list of who is stopped is emptied',
        input: listed(three, [], [blocked]),
        subjects: [subject],
      },
      {
        when: 'the list of who may pass is emptied, in another stack than the rule',
        input: {
          plan: account0().inStack('platform').updating(office, list(three), list([])).build(),
          unchanged: [locked],
        },
        subjects: [`platform/${office}`],
      },
      {
        when: 'what a rate limit counts names the list that is emptied',
        input: listed(three, [], [counted]),
        subjects: [subject],
      },
      {
        when: 'a condition of a load balancer or an old filter names it',
        input: listed(
          three,
          [],
          [
            standing('cloudflare_load_balancer.www', {
              name: 'www.shop.example',
              rules: [{ name: 'office', condition: 'ip.src in $office' }],
            }),
          ],
        ),
        subjects: [subject],
      },
      {
        when: 'the rules that name it are put together by Terraform',
        input: listed(
          three,
          [],
          [
            standing('cloudflare_ruleset.waf', {
              ...aRuleset([]),
              rules: '${[for h in var.hosts : { action = "block", expression = "ip.src in $office" }]}',
            }),
          ],
        ),
        subjects: [subject],
      },
      {
        when: 'a used list is deleted',
        input: { plan: account0().deleting(office, list(three)).build(), unchanged: [locked] },
        subjects: [subject],
      },
      {
        when: 'a used list gets another name',
        input: {
          plan: account0()
            .updating(office, list(three), list(three, { name: 'offices' }))
            .build(),
          unchanged: [locked],
        },
        subjects: [subject],
      },
      {
        when: 'an update of the list sends no items, and those of their own go with it',
        input: {
          plan: account0()
            .updating(office, list(undefined), list(undefined, { description: 'London' }))
            .build(),
          unchanged: [locked, standing('cloudflare_list_item.a', item('192.0.2.1'), { zone: null })],
        },
        subjects: [subject],
      },
      {
        when: 'an update sends no items, and Cloudflare counts uses that are not in view',
        input: {
          plan: account0()
            .updating(
              office,
              list(undefined, { num_items: 12, num_referencing_filters: 3 }),
              list(undefined, { description: 'London' }),
            )
            .build(),
        },
        subjects: [subject],
      },
      {
        when: 'the last item of its own is deleted',
        input: {
          plan: account0().deleting('cloudflare_list_item.a', item('192.0.2.1')).build(),
          unchanged: [locked, standing(office, list([]), { zone: null })],
        },
        subjects: [subject],
      },
      {
        when: 'the list is emptied by its id in a plan of what is live',
        input: {
          plan: account0()
            .deleting('cloudflare_list_item.a', item('192.0.2.1', { list_id: 'f0' }))
            .build(),
          unchanged: [locked, standing(office, list([], { id: 'f0' }), { zone: null })],
        },
        subjects: [subject],
      },
      {
        when: 'all items of their own are deleted, however many there were',
        input: {
          plan: account0()
            .deleting('cloudflare_list_item.all', item('${each.value}', { for_each: '${var.offices}' }))
            .build(),
          unchanged: [locked, standing(office, list(undefined), { zone: null })],
        },
        subjects: [subject],
      },
      {
        when: 'how many items of their own there are cannot be told',
        input: {
          plan: account0()
            .updating(
              'cloudflare_list_item.all',
              item('${each.value}', { for_each: '${var.offices}' }),
              item('${each.value}', { for_each: '${var.partners}' }),
            )
            .build(),
          unchanged: [locked, standing(office, list(undefined), { zone: null })],
        },
        subjects: [subject],
        severity: 'warn',
      },
      {
        when: 'the list of who may pass gets shorter',
        input: listed(three, ip('192.0.2.1'), [locked]),
        subjects: [subject],
        severity: 'warn',
      },
      {
        when: 'the list of who is excepted gets longer',
        input: listed(ip('192.0.2.1'), three, [excepted]),
        subjects: [subject],
        severity: 'warn',
      },
      {
        when: 'an update sends the items written in it, and others are resources of their own',
        input: {
          plan: account0()
            .updating(office, list(ip('192.0.2.1')), list(ip('192.0.2.1', '192.0.2.9')))
            .build(),
          unchanged: [locked, standing('cloudflare_list_item.a', item('198.51.100.7'), { zone: null })],
        },
        subjects: [subject],
        severity: 'warn',
      },
    ],
    passes: [
      {
        when: 'items that Terraform puts together stay as they were',
        input: {
          plan: account0()
            .updating(office, list('${local.offices}'), list('${local.offices}', { description: 'x' }))
            .build(),
        },
      },
      {
        when: 'what is known only after apply is of a list that Cloudflare counts no use of',
        input: {
          plan: account0()
            .updating(office, list(three, { num_referencing_filters: 0 }), list('${local.offices}'))
            .build(),
        },
      },
      { when: 'the list of who is stopped gets longer', input: listed(ip('192.0.2.1'), three, [blocked]) },
      { when: 'the list of who may pass gets longer', input: listed(ip('192.0.2.1'), three, [locked]) },
      {
        when: 'an address goes whose network stays',
        input: listed(three, ip('192.0.2.0/24', '198.51.100.0/24'), [locked]),
      },
      {
        when: 'no rule names the list that is emptied',
        input: listed(three, [], [custom('ip.src in $offices')]),
      },
      {
        when: 'the rule that names it is disabled',
        input: listed(three, [], [custom('ip.src in $office', { enabled: false })]),
      },
      {
        when: 'the rule that names a list of this name is of another account',
        input: {
          plan: account0().updating(office, list(three), list([])).build(),
          unchanged: [
            { ...locked, stack: 'borough-production', zone: 'borough.example' },
            standing(
              'cloudflare_zone.borough',
              { name: 'borough.example', account: { id: 'b' } },
              { stack: 'borough-production', zone: 'borough.example' },
            ),
          ],
        },
      },
      {
        when: 'the only rule that used it goes with it',
        input: {
          plan: account0()
            .deleting(office, list(three, { num_referencing_filters: 1 }))
            .inZone('shop.example')
            .deleting('cloudflare_ruleset.waf', aRuleset([aWafRule({ expression: 'ip.src in $office' })]))
            .build(),
        },
      },
    ],
    skips: [
      elsewhere,
      {
        when: 'its items are only put in another order',
        input: listed(ip('192.0.2.1', '192.0.2.2'), ip('192.0.2.2', '192.0.2.1'), [locked]),
      },
      {
        when: 'the list is new',
        input: { plan: account0().creating(office, list([])).build(), unchanged: [locked] },
      },
    ],
    doubts: [
      {
        when: 'what the list of who may pass will hold is known only after apply',
        input: {
          plan: account0().updating(office, list(three), list('${local.offices}')).build(),
          unchanged: [locked],
        },
        subjects: [subject],
      },
      {
        when: 'a live plan does not know the items, and no rule that names the list is in view',
        input: { plan: account0().updating(office, list(three), list(three)).withUnknown('items').build() },
        subjects: [subject],
      },
      {
        when: 'an item of its own is an address that only apply tells',
        input: {
          plan: account0().creating('cloudflare_list_item.a', item('${aws_eip.a.public_ip}')).build(),
          unchanged: [excepted, standing(office, list(undefined), { zone: null })],
        },
        subjects: [subject],
      },
    ],
  },
  'list-known': {
    finds: [
      {
        when: 'a slip in the name of a list',
        input: named('ip.src in $ofice', { unchanged: [officeList] }),
        subjects: [rule],
      },
      {
        when: 'no list of the estate has such a name',
        input: named('ip.src in $partners_of_the_shop', { unchanged: [officeList] }),
        subjects: [rule],
      },
      {
        when: 'a slip in what a rate limit counts, and in where a bulk redirect looks',
        input: {
          plan: ruleChange(
            null,
            aWafRule({
              expression: 'ssl',
              ratelimit: { counting_expression: 'not ip.src in $ofice' },
              action_parameters: { from_list: { name: 'offices', key: 'http.request.full_uri' } },
            }),
          ).build(),
          unchanged: [officeList],
        },
        subjects: [rule, rule],
      },
      {
        when: 'a slip in the name of a managed list',
        input: named('ip.src in $cf.open_proxy'),
        subjects: [rule],
      },
      {
        when: 'no list of the account is in view',
        input: named('ip.src in $office'),
        subjects: [rule],
        severity: 'warn',
      },
      {
        when: 'the list goes in the same change',
        input: {
          plan: ruleChange(null, aWafRule({ expression: 'ip.src in $office' }))
            .inZone(null)
            .deleting(office, list(three))
            .build(),
          unchanged: [standing('cloudflare_list.offices', list(three, { name: 'offices' }), { zone: null })],
        },
        subjects: [rule],
      },
    ],
    passes: [
      { when: 'the list is there', input: named('ip.src in $office', { unchanged: [officeList] }) },
      {
        when: 'the list comes with the rule',
        input: {
          plan: ruleChange(null, aWafRule({ expression: 'ip.src in $office' }))
            .inZone(null)
            .creating(office, list(three))
            .build(),
        },
      },
      { when: 'a managed list is named', input: named('ip.src in $cf.open_proxies') },
      { when: 'it names none', input: named('ssl') },
      {
        when: 'the rule named it before: whoever keeps it, it is there',
        input: {
          plan: ruleChange(
            aWafRule({ expression: 'ip.src in $partners' }),
            aWafRule({ expression: 'ip.src in $partners and ssl' }),
          ).build(),
          unchanged: [officeList],
        },
      },
    ],
    skips: [elsewhere],
  },
};
