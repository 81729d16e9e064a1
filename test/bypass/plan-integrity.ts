/** B20 to B33: whether what is applied, and what is looked at, is all of what was approved. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '../../scripts/plan/types.ts';
import type { Terraform } from '../../scripts/contract/ports.ts';
import type { Adjust } from '../scenarios/small-estate.ts';
import {
  agreed,
  api,
  approved,
  approveAll,
  everybody,
  everyday,
  gate,
  landOnMain,
  mergePull,
  newId,
  outcomeOf,
  propose,
  push,
  quorum,
  redirected,
  release,
  releasedChange,
  twoForMedium,
  writeChange,
  type Pull,
} from './acts.ts';
import { recordOf, stagingHosts, withRecord, withResource, type Estate } from './estate.ts';
import { behind, type Behaviour } from './front.ts';
import type { Attempt, Scenario } from './scenario.ts';
import { robot, type World } from './world.ts';

const bundles = '.sluice/bundles';
const byApprovals = { exit: 'denied', checks: ['approvals'] } as const;
const bad = { exit: 'invalidInput', checks: [] } as const;

/** Writes the bundles of the working tree as the synth job does. */
async function synth(world: World): Promise<void> {
  const ended = await world.sluice(['synth', '--out', bundles]);
  if (ended.exit !== 'ok') {
    throw new Error(ended.stderr);
  }
}

const fromBundles = { flags: ['--bundles', bundles] };

/** Terraform with one of its steps done differently. */
function around(change: (real: Terraform) => Partial<Terraform>): Adjust {
  return (services) => ({
    ...services,
    terraform: (options) => {
      const real = services.terraform(options);
      return { ...real, ...change(real) };
    },
  });
}

function driftOf(world: World, set: string, host = 'www.shop.example'): Promise<unknown> {
  const what = ['--type', 'cloudflare_dns_record', '--match', `name=${host}`, '--set', set];
  return world.sluice(['sandbox', 'drift', ...what]);
}

const staging = { stacks: ['acme-staging'] };

function withoutHosts(estate: Estate, hosts: readonly string[]): Estate {
  return hosts.reduce((given, host) => withRecord(given, host, null, 'acme-staging'), estate);
}

function txt(count: number, content: (index: number) => string): JsonObject {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `note${String(index)}`,
      {
        zone_id: '${cloudflare_zone.shop.id}',
        name: `note${String(index)}.shop.example`,
        type: 'TXT',
        content: content(index),
        ttl: 300,
        proxied: false,
      },
    ]),
  );
}

/** Many harmless new records. */
const haystack = (estate: Estate): Estate =>
  withResource(
    everyday.edit(estate),
    'cloudflare_dns_record',
    txt(16, (index) => `"note ${String(index)}"`),
  );

/** The body of the one comment that the gate keeps on the pull request. */
async function commentOn(world: World, { number }: Pull): Promise<string> {
  const comments = await api<readonly { readonly body: string }[]>(world, robot, {
    path: `issues/${String(number)}/comments`,
  });
  return comments.find(({ body }) => body.includes('sluice:change-control'))?.body ?? '';
}

const hostile =
  '</details><img src=x onerror=alert(1)> @acme/cab [look](javascript:alert(1)) ``` | # \u202e\u001b[31m ';

/** What GitHub would not show as code: there every character is only a character. */
function outsideOfCode(body: string): string {
  const outside: string[] = [];
  let fence: string | null = null;
  for (const line of body.split('\n')) {
    const run = /^(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === null && run === undefined) {
      outside.push(line.replaceAll(/(?<!`)(`+)(?!`)(?:(?!`).|(?!\1(?!`))`+)*?\1(?!`)/gu, ''));
    } else if (fence === null) {
      fence = run ?? null;
    } else if (run?.startsWith(fence) === true && line.trim() === run) {
      fence = null;
    }
  }
  return outside.join('\n');
}

/** What of a hostile text would still work in a comment, and whether the deletion is seen before everything else. */
function readComment(body: string): string {
  const shown = outsideOfCode(body);
  const raw = [
    ...['<img', '@acme/cab', '](javascript:'].filter((piece) => shown.includes(piece)),
    ...['\u202e', '\u001b'].filter((piece) => body.includes(piece)),
  ];
  const [deletion, creation] = ['mail', 'note0'].map((name) => body.indexOf(name));
  return [
    `working: ${raw.join(' ') || 'nothing'}`,
    `within the limit: ${String(body.length <= 65_536)}`,
    `deletion first: ${String(deletion !== undefined && deletion >= 0 && creation !== undefined && (creation < 0 || deletion < creation))}`,
  ].join('; ');
}

async function thirtyPerCent(world: World): Promise<readonly Attempt[]> {
  const refusal = { exit: 'denied', checks: ['rules/plan-delete-share'] } as const;
  const first = stagingHosts.slice(0, 5);
  const inOne = await agreed(world, {
    ...staging,
    id: newId(),
    edit: (estate) => withoutHosts(estate, stagingHosts.slice(0, 8)),
  });
  await releasedChange(world, { ...staging, id: newId(), edit: (estate) => withoutHosts(estate, first) });
  const second = await agreed(world, {
    ...staging,
    id: newId(),
    edit: (estate) => withoutHosts(estate, stagingHosts.slice(0, 9)),
  });
  const emptied = await agreed(world, {
    ...staging,
    id: newId(),
    edit: (estate) =>
      stagingHosts
        .slice(5)
        .reduce(
          (given, host) => withRecord(given, host, { content: '192.0.2.66' }, 'acme-staging'),
          withoutHosts(estate, first),
        ),
  });
  return [
    { trick: 'in one', outcome: inOne, ...refusal, says: 'resources deleted' },
    { trick: 'split over two', outcome: second, ...refusal, says: '(5 of them by earlier releases)' },
    {
      trick: 'by changing values instead',
      outcome: emptied,
      exit: 'denied',
      checks: ['rules/plan-update-share'],
      says: 'resources updated',
    },
  ];
}

/** All that a stack takes with it. */
const missingStack = [
  'rules/plan-stack-kept',
  'rules/plan-prevent-destroy',
  'rules/plan-protected-addresses',
  'rules/plan-zone-deletion',
  'rules/plan-delete-share',
  'rehearsal',
  'approvals',
];

export const planIntegrity: readonly Scenario[] = [
  {
    id: 'B20',
    attack: 'the artifact is swapped after the approval',
    run: async (world) => {
      const other = await propose(world, redirected);
      await synth(world);
      const swapped = readFileSync(`${world.folder}/${bundles}/acme-production.tf.json`, 'utf8');
      const pull = await propose(world);
      await synth(world);
      const { decision } = await gate(world, pull, fromBundles);
      await approveAll(world, pull, { shown: decision });
      const honest = await gate(world, pull, fromBundles);
      world.write(`${bundles}/acme-production.tf.json`, swapped);
      const outcome = await gate(world, pull, fromBundles);
      world.git('checkout', '--quiet', other.branch);
      world.write('.sluice/rehearsals/forged.json', '{}\n');
      world.git('add', '--force', '.sluice/rehearsals/forged.json');
      world.git('commit', '--quiet', '--message', 'A proof that I brought along');
      await push(world, other.branch);
      const planted = await gate(world, other);
      return {
        honest: [honest],
        attempts: [
          { trick: 'other bundles', outcome, ...byApprovals, says: 'what would be done has changed since' },
          {
            trick: 'a proof in the branch',
            outcome: planted,
            exit: 'denied',
            checks: [],
            says: 'carries files into the working folder of Sluice: .sluice/rehearsals/forged.json',
          },
        ],
      };
    },
  },
  {
    id: 'B21',
    attack: 'another apply between the plan and the apply',
    run: async (world) => {
      const honest = await releasedChange(world);
      const pull = await propose(world, redirected);
      await approved(world, pull);
      await mergePull(world, pull);
      const state = `${world.folder}/.sluice/state/acme-production/terraform.tfstate`;
      const overtaken = around((real) => ({
        apply: (...args) => {
          const held = JSON.parse(readFileSync(state, 'utf8')) as { serial: number };
          held.serial += 1;
          writeFileSync(state, JSON.stringify(held));
          return real.apply(...args);
        },
      }));
      const outcome = await release(world, pull, { adjust: overtaken });
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'the state moved on',
            outcome,
            exit: 'externalTool',
            checks: [],
            says: 'Saved plan is stale',
          },
        ],
      };
    },
  },
  {
    id: 'B22',
    attack: 'an edit in the dashboard after the approval',
    run: async (world) => {
      const pull = await propose(world);
      const allowed = await approved(world, pull);
      await mergePull(world, pull);
      await driftOf(world, 'content=192.0.2.99', 'api.shop.example');
      const outcome = await release(world, pull);
      await driftOf(world, 'content=203.0.113.2', 'api.shop.example');
      const honest = await release(world, pull);
      return {
        honest: [allowed, honest],
        attempts: [
          {
            trick: 'of another record',
            outcome,
            exit: 'drift',
            checks: [],
            says: 'cloudflare_dns_record.api: Terraform would update it (content), which nobody approved',
          },
        ],
      };
    },
  },
  {
    id: 'B23',
    attack: 'approved long ago, released today',
    run: async (world) => {
      const pull = await propose(world);
      await approved(world, pull);
      world.aheadMinutes = 50;
      const honest = await gate(world, pull);
      await mergePull(world, pull);
      world.aheadMinutes = 62;
      const outcome = await release(world, pull);
      world.aheadMinutes = 50;
      const released = await release(world, pull);
      return {
        honest: [honest, released],
        attempts: [
          {
            trick: 'after the time to live',
            outcome,
            ...byApprovals,
            says: 'm-lind approved, but it expired on',
          },
        ],
      };
    },
  },
  {
    id: 'B24',
    attack: 'an empty or partial plan counts as success',
    run: async (world) => {
      const pull = await propose(world);
      await synth(world);
      const { decision } = await gate(world, pull, fromBundles);
      await approveAll(world, pull, { shown: decision, by: everybody });
      const honest = await gate(world, pull, fromBundles);
      const path = `${bundles}/acme-production.tf.json`;
      const whole = world.read(path);
      world.write(path, whole.slice(0, 300));
      const torn = await gate(world, pull, fromBundles);
      world.write('.sluice/fewer/acme-staging.tf.json', world.read(`${bundles}/acme-staging.tf.json`));
      const fewer = await gate(world, pull, { flags: ['--bundles', '.sluice/fewer'] });
      world.write('.sluice/none/.keep', '');
      const none = await gate(world, pull, { flags: ['--bundles', '.sluice/none'] });
      const absent = await gate(world, pull, { flags: ['--bundles', '.sluice/absent'] });
      return {
        honest: [honest],
        attempts: [
          { trick: 'half a file', outcome: torn, ...bad, says: 'is not JSON that can be read' },
          {
            trick: 'a stack is missing',
            outcome: fewer,
            exit: 'denied',
            checks: missingStack,
            says: 'the stack is not there any more',
          },
          { trick: 'no stack at all', outcome: none, ...bad, says: 'is not a bundle' },
          { trick: 'no folder', outcome: absent, exit: 'usage', checks: [], says: 'does not exist' },
        ],
      };
    },
  },
  {
    id: 'B25',
    attack: 'a stack that left the change is applied all the same',
    run: async (world) => {
      const id = newId();
      const both = (estate: Estate): Estate =>
        withRecord(everyday.edit(estate), 'h0', { content: '198.51.100.9' }, 'acme-staging');
      const pull = await propose(world, { id, edit: both, stacks: ['acme-production', 'acme-staging'] });
      await approved(world, pull);
      writeChange(world, {
        ...staging,
        id,
        edit: (estate) => withRecord(estate, 'h0', { content: '198.51.100.9' }, 'acme-staging'),
      });
      world.git('commit', '--quiet', '--all', '--message', 'Staging only');
      await push(world, pull.branch);
      const kept = await gate(world, pull);
      const allowed = await approved(world, pull);
      await mergePull(world, pull);
      const outcome = await release(world, pull, { stacks: ['acme-production'] });
      const honest = await release(world, pull);
      return {
        honest: [allowed, honest],
        attempts: [
          {
            trick: 'on the old approvals',
            outcome: kept,
            ...byApprovals,
            says: 'm-lind approved, but it is not known',
          },
          {
            trick: 'by its name',
            outcome,
            exit: 'usage',
            checks: [],
            says: 'acme-production is not part of this change',
          },
        ],
      };
    },
  },
  {
    id: 'B26',
    attack: 'a name that is unknown, misspelt or empty selects something',
    run: async (world) => {
      const misspelt = await propose(world, { id: newId(), stacks: ['acme-productoin'] });
      const inRecord = await gate(world, misspelt);
      const pull = await propose(world);
      const allowed = await approved(world, pull);
      await mergePull(world, pull);
      const unknown = await release(world, pull, { stacks: ['acme-productoin'] });
      const empty = await release(world, pull, { stacks: [''] });
      const honest = await release(world, pull, { stacks: ['acme-production'] });
      const back = outcomeOf(await world.sluice(['rollback', 'acme-productoin', '--reason', 'try']));
      const usage = { exit: 'usage', checks: [] } as const;
      return {
        honest: [allowed, honest],
        attempts: [
          {
            trick: 'in the record',
            outcome: inRecord,
            ...usage,
            says: 'stacks that do not exist: acme-productoin',
          },
          {
            trick: 'for a release',
            outcome: unknown,
            ...usage,
            says: 'acme-productoin is not part of this change',
          },
          { trick: 'no name', outcome: empty, ...usage, says: ' is not part of this change' },
          { trick: 'for a rollback', outcome: back, ...usage, says: 'acme-productoin' },
        ],
      };
    },
  },
  {
    id: 'B27',
    attack: 'one deletion among many harmless changes',
    run: async (world) => {
      await releasedChange(world);
      await landOnMain(world, twoForMedium(world));
      const two = quorum.filter((login) => login !== 's-haddad');
      const honest = await approved(world, await propose(world, { id: newId(), edit: haystack }), two);
      const gone = (estate: Estate) => withRecord(haystack(estate), 'mail', null);
      const needle = await propose(world, { id: newId(), edit: gone });
      const outcome = await approved(world, needle, two);
      const read = readComment(await commentOn(world, needle));
      return {
        honest: [honest],
        attempts: [
          { trick: 'with as many approvals', outcome, ...byApprovals, says: '2 of 3 approvals (high)' },
          {
            trick: 'below the fold',
            outcome: { ...outcome, text: read },
            ...byApprovals,
            says: 'within the limit: true; deletion first: true',
          },
        ],
      };
    },
  },
  {
    id: 'B28',
    attack: 'a change hidden where differences are taken for noise',
    run: async (world) => {
      const pull = await propose(world);
      const allowed = await approved(world, pull);
      await mergePull(world, pull);
      await driftOf(world, 'comment="on purpose"');
      const outcome = await release(world, pull);
      await driftOf(world, 'comment=null');
      const honest = await release(world, pull);
      return {
        honest: [allowed, honest],
        attempts: [
          {
            trick: 'an edit of the same record',
            outcome,
            exit: 'drift',
            checks: [],
            says: 'cloudflare_dns_record.www#comment: would change, but that change was not approved',
          },
        ],
      };
    },
  },
  {
    id: 'B29',
    attack: 'a destruction that looks like an update or a new name',
    run: async (world) => {
      const renamed = (estate: Estate): Estate => {
        const www = recordOf(estate, 'www');
        return withResource(withRecord(estate, 'www', null), 'cloudflare_dns_record', { web: www });
      };
      const moved = [{ from: 'cloudflare_dns_record.www', to: 'cloudflare_dns_record.web' }];
      const honest = await agreed(world, {
        id: newId(),
        edit: (estate) => {
          const next = withRecord(renamed(estate), 'web', { content: '203.0.113.51' });
          return { ...next, 'acme-production': { ...next['acme-production'], moved } };
        },
      });
      const name = await agreed(world, { id: newId(), edit: renamed });
      const zone = await agreed(world, {
        id: newId(),
        edit: (estate) =>
          withResource(estate, 'cloudflare_zone', {
            shop: { account: { id: 'b'.repeat(32) }, name: 'shop.example' },
          }),
      });
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'a new name',
            outcome: name,
            exit: 'denied',
            checks: ['rules/plan-probable-rename'],
            says: 'looks like cloudflare_dns_record.www under a new name',
          },
          {
            trick: 'an attribute that replaces',
            outcome: zone,
            exit: 'denied',
            checks: [
              'rules/plan-places-owned',
              'rules/plan-protected-addresses',
              'rules/plan-zone-deletion',
              'rehearsal',
            ],
            says: 'cloudflare_zone.shop',
          },
        ],
      };
    },
  },
  {
    id: 'B30',
    attack: 'a mass deletion below the thresholds',
    run: async (world) => {
      const honest = await agreed(world, {
        ...staging,
        id: newId(),
        edit: (estate) => withoutHosts(estate, stagingHosts.slice(0, 3)),
      });
      return { honest: [honest], attempts: await thirtyPerCent(world) };
    },
  },
  {
    id: 'B31',
    attack: 'a value that is known only after the apply',
    run: async (world) => {
      const honest = await approved(world, await propose(world));
      const unknown = (parts: JsonObject) =>
        agreed(world, { id: newId(), edit: (estate) => withRecord(everyday.edit(estate), 'www', parts) });
      const name = await unknown({ name: '${cloudflare_dns_record.api.id}.shop.example' });
      const type = await unknown({ type: '${cloudflare_dns_record.api.comment}' });
      const proxied = await unknown({ proxied: '${cloudflare_dns_record.api.proxiable}' });
      const guarded = { exit: 'undetermined', checks: ['rules/plan-unknown-guarded'] } as const;
      return {
        honest: [honest],
        attempts: [
          { trick: 'the name', outcome: name, ...guarded, says: 'name is known only after apply' },
          { trick: 'the type', outcome: type, ...guarded, says: 'type is known only after apply' },
          {
            trick: 'whether it is protected',
            outcome: proxied,
            exit: 'undetermined',
            checks: ['rules/dns-proxied-kept'],
            says: 'whether the record is proxied is known only after apply',
          },
        ],
      };
    },
  },
  {
    id: 'B32',
    attack: 'text that takes over, or pushes away, what the CAB reads',
    run: async (world) => {
      const deleting = (content: (index: number) => string) => (estate: Estate) =>
        withResource(withRecord(estate, 'mail', null), 'cloudflare_dns_record', txt(8, content));
      const harmless = await propose(world, { id: newId(), edit: deleting((index) => `"${String(index)}"`) });
      const honest = await approved(world, harmless, everybody);
      const pull = await propose(world, {
        id: newId(),
        edit: deleting((index) => `"${String(index)} ${hostile.repeat(300)}"`),
        record: (text) => text.replace('title: Edit', `title: '${hostile.slice(0, 60)}' #`),
      });
      const outcome = await gate(world, pull);
      const text = readComment(await commentOn(world, pull));
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'in values and in the record',
            outcome: { ...outcome, text },
            ...byApprovals,
            says: 'working: nothing; within the limit: true; deletion first: true',
          },
        ],
      };
    },
  },
  {
    id: 'B33',
    attack: 'a file hidden behind more files than the API lists',
    run: async (world) => {
      const padding = Object.fromEntries(
        Array.from({ length: 3100 }, (_, index) => [
          `docs/${String(index).padStart(4, '0')}.md`,
          'padding\n',
        ]),
      );
      const none: Behaviour = { changes: [{ path: /\/pulls\/\d+\/files$/, edit: () => [] }] };
      return behind(world, none, async (env) => {
        const honest = await approved(world, await propose(world, { id: newId(), files: padding }));
        const files = {
          ...padding,
          'policies/quorum.yaml': `${world.read('policies/quorum.yaml')}# easier\n`,
        };
        const pull = await propose(world, { id: newId(), files });
        const { decision } = await gate(world, pull, { env });
        await approveAll(world, pull, { shown: decision, by: everybody });
        const outcome = await gate(world, pull, { env });
        return {
          honest: [honest],
          attempts: [
            {
              trick: 'a policy file after 3,100 others',
              outcome,
              exit: 'denied',
              checks: ['pull', 'rules/policy-change-alone'],
              says: 'the pull request changes infrastructure together with policies/quorum.yaml',
            },
          ],
        };
      });
    },
  },
];
