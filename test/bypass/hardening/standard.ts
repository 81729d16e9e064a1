/** H2051: what a standard change may become without any approval is what its model means, and no more. */
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { gate, newId, propose, releasedChange, type Decided } from '../acts.ts';
import { acmeAccount, withResource, type Estate } from '../estate.ts';
import type { Attempt, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** A change under a model of the catalogue, which nobody has approved. */
async function asStandard(
  world: World,
  { model, category }: { readonly model: string; readonly category: string },
  edit: (estate: Estate) => Estate,
): Promise<Decided> {
  const record = (text: string): string =>
    text
      .replace('type: normal', 'type: standard')
      .replace(/model: .*/, `model: ${model}\nstandardChange:\n  ref: ${model}\n  version: 1.0.0`)
      .replace(/riskAnswers:\n(?: {2}.*\n)+/, '');
  return gate(world, await propose(world, { id: newId(), category, edit, record }));
}

const verification = (name: string) => (estate: Estate) =>
  withResource(estate, 'cloudflare_dns_record', {
    proof: {
      zone_id: '${cloudflare_zone.shop.id}',
      name,
      type: 'TXT',
      content: '"search-site-verification=abc"',
      ttl: 300,
    },
  });

const garden = {
  redirect: { source_url: 'www.shop.example/garden', target_url: 'https://www.shop.example/c/garden' },
};

const redirects =
  (...more: readonly JsonObject[]) =>
  (estate: Estate) =>
    withResource(estate, 'cloudflare_list', {
      retired: {
        account_id: acmeAccount,
        kind: 'redirect',
        name: 'acme_retired_brands',
        items: [garden, ...more.map((redirect) => ({ redirect }))],
      },
    });

const dns = { model: 'dns-verification-txt', category: 'dns' };
const redirect = { model: 'bulk-redirect-entry', category: 'rules' };
const refused = {
  exit: 'denied',
  checks: ['rules/record-standard-match', 'approvals', 'catalogue'],
} as const;

export const standardModels: readonly Scenario[] = [
  {
    id: 'H2051',
    attack: 'a standard change takes down more than its model means',
    run: async (world) => {
      await releasedChange(world, { category: 'rules', edit: redirects() });
      const attempts: Attempt[] = [];
      const names = ['sel._domainkey.shop.example', '_dmarc.shop.example', 'login.preview.shop.example'];
      for (const name of names) {
        const outcome = await asStandard(world, dns, (estate) => verification(name)(redirects()(estate)));
        attempts.push({
          trick: `a proof at ${name}`,
          outcome,
          ...refused,
          says: 'name does not match {zone}',
        });
      }
      const shop = { source_url: 'www.shop.example/', target_url: 'https://www.shop.example/closed' };
      const kids = { source_url: 'www.shop.example/kids', target_url: 'https://www.shop.example/c/children' };
      const tricks: readonly (readonly [string, JsonObject, string])[] = [
        ['the whole shop into a loop', { ...shop, subpath_matching: true }, 'source_url does not match'],
        ['all below a page', { ...kids, subpath_matching: true }, 'subpath_matching does not match'],
        ['all subdomains', { ...kids, include_subdomains: true }, 'include_subdomains does not match'],
        ['another host', { ...kids, source_url: 'shop-trade.example/x' }, 'source_url does not match'],
        [
          'a page to itself',
          { ...kids, target_url: 'https://www.shop.example/kids' },
          'are the same address',
        ],
      ];
      for (const [trick, item, says] of tricks) {
        attempts.push({
          trick,
          outcome: await asStandard(world, redirect, redirects(item)),
          ...refused,
          says,
        });
      }
      return {
        honest: [
          await asStandard(world, dns, (estate) => verification('shop.example')(redirects()(estate))),
          await asStandard(world, redirect, redirects({ ...kids, subpath_matching: false })),
        ],
        attempts,
      };
    },
  },
];
