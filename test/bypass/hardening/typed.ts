/** Values that Terraform converts or works out, and that a rule which reads the text would not see. */
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { agreed, approved, everybody, everyday, newId, propose } from '../acts.ts';
import { recordOf, withResource, type Estate } from '../estate.ts';
import type { Attempt, Proof, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

interface Trick {
  readonly trick: string;
  readonly edit: (estate: Estate) => Estate;
  readonly exit: Attempt['exit'];
  readonly checks: readonly string[];
  readonly says: string;
}

interface Play {
  readonly category: string;
  /** Of the honest ones, where theirs is another. */
  readonly plain?: string;
  readonly honest: readonly Trick['edit'][];
  readonly tricks: readonly Trick[];
}

/** Everybody approves each of them. */
async function proofOf(world: World, { category, plain = category, honest, tricks }: Play): Promise<Proof> {
  const proof: { honest: Proof['honest'][number][]; attempts: Attempt[] } = { honest: [], attempts: [] };
  for (const edit of honest) {
    const pull = await propose(world, { id: newId(), category: plain, edit });
    proof.honest.push(await approved(world, pull, everybody));
  }
  for (const { edit, ...expected } of tricks) {
    proof.attempts.push({ outcome: await agreed(world, { id: newId(), category, edit }), ...expected });
  }
  return proof;
}

const zone = (paused: string | boolean) => (estate: Estate) => {
  const resource = estate['acme-production']?.['resource'] as Readonly<Record<string, JsonObject>>;
  const shop = resource['cloudflare_zone']?.['shop'] as JsonObject;
  return withResource(everyday.edit(estate), 'cloudflare_zone', { shop: { ...shop, paused } });
};

const written: readonly Trick[] = ['true', '1', 'tr${"ue"}'].map((text) => ({
  trick: `paused is ${text}`,
  edit: zone(text),
  exit: 'denied',
  checks: ['rules/zone-not-paused'],
  says: 'paused = true',
}));

const managed =
  (overrides: JsonObject, enabled: string | boolean = true) =>
  (estate: Estate) =>
    withResource(estate, 'cloudflare_ruleset', {
      managed: {
        zone_id: recordOf(estate, 'www')['zone_id'] ?? null,
        kind: 'zone',
        name: 'managed',
        phase: 'http_request_firewall_managed',
        rules: [
          {
            ref: 'managed',
            description: 'Cloudflare managed ruleset',
            action: 'execute',
            expression: 'true',
            enabled,
            action_parameters: { id: 'efb7b8c949ac4650a09736fc376e9aee', overrides },
          },
        ],
      },
    });

const worked = (trick: string, overrides: JsonObject): Trick => ({
  trick,
  edit: managed(overrides),
  exit: 'undetermined',
  checks: ['rules/plan-unknown-guarded'],
  says: 'rules is known only after apply',
});

export const typedValues: readonly Scenario[] = [
  {
    id: 'H76',
    attack: 'a switch that is written as a text',
    run: (world) =>
      proofOf(world, {
        category: 'other',
        plain: 'dns',
        honest: [zone(false), zone('false')],
        tricks: [
          ...written,
          {
            trick: 'paused is yes, which Terraform refuses',
            edit: zone('yes'),
            exit: 'denied',
            checks: ['rules/plan-values-typed', 'rehearsal'],
            says: 'this is not a boolean',
          },
        ],
      }),
  },
  {
    id: 'H77',
    attack: 'an expression that switches managed rules off',
    run: (world) =>
      proofOf(world, {
        category: 'waf',
        honest: [managed({ categories: [{ category: 'sqli', enabled: 'true' }] })],
        tricks: [
          worked('of the categories as a whole', {
            categories: '${concat([{ category = "sqli", enabled = false }])}',
          }),
          worked('of one category', {
            categories: ['${merge({ category = "sqli" }, { enabled = false })}'],
          }),
          worked('of the sensitivity', { sensitivity_level: '${lower("EOFF")}' }),
          {
            ...worked('of the name of the switch', { '${lower("ENABLED")}': false }),
            checks: ['rules/managed-ruleset-overrides', 'rules/plan-unknown-guarded'],
          },
        ],
      }),
  },
  {
    id: 'H78',
    attack: 'what is wrong with a rule, behind a zone that only the apply knows',
    run: (world) =>
      proofOf(world, {
        category: 'waf',
        honest: [managed({ categories: [{ category: 'sqli', action: 'block' }] })],
        tricks: [
          {
            trick: 'an override of no category',
            edit: managed({ categories: [{ action: 'block' }] }),
            exit: 'denied',
            checks: ['rules/waf-lint/override-malformed', 'rehearsal'],
            says: 'no category',
          },
        ],
      }),
  },
];
