/** What somebody who can push to the ledger branch makes of it. */
import { symlinkSync } from 'node:fs';
import { assemblePlan, diffBundles } from '../../../scripts/plan/difference/diff.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { approved, everybody, gate, propose, releasedChange, type Decided } from '../acts.ts';
import type { Attempt, Outcome, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';
import { outcomeOf } from '../acts.ts';
import {
  afterwards,
  documentOf,
  forgePair,
  forging,
  meanwhile,
  ownKey,
  stack,
  type Forge,
  type SignAs,
} from './ledger-forging.ts';

const broken = { exit: 'invalidInput', checks: [] } as const;
const verify = ['ledger', 'verify'] as const;
const rollBack = ['rollback', stack, '--reason', 'outage'] as const;

/** Verified as it is, after every attack on it was taken back. */
async function verified(world: World): Promise<Outcome> {
  return outcomeOf(await world.sluice(verify));
}

interface Attack {
  readonly trick: string;
  readonly does: (world: World) => void;
  readonly says: string;
  readonly args?: readonly string[];
}

/** Each attack on the same ledger, one after the other. */
async function tried(world: World, attacks: readonly Attack[]): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const { trick, does, says, args = verify } of attacks) {
    const outcome = await afterwards(world, () => does(world), args);
    attempts.push({ trick, outcome, ...broken, says });
  }
  return attempts;
}

/** On a world with its two baselines. */
function scenario(id: string, attack: string, attacks: readonly Attack[]): Scenario {
  return {
    id,
    attack,
    run: async (world) => {
      const attempts = await tried(world, attacks);
      return { honest: [await verified(world)], attempts };
    },
  };
}

/** Two entries that are consistent with each other and with what is there: evil first, good after it, so that a rollback goes to the evil one. */
function forgedStates(signAs: SignAs): (world: World) => void {
  return (world) =>
    forging(world, (forge) => {
      forgePair(forge, { id: 'R0003', from: '0001', content: '198.51.100.66', signAs });
      forgePair(forge, { id: 'R0004', from: '0001', content: '203.0.113.1', signAs });
    });
}

function inForge(work: (forge: Forge) => void): (world: World) => void {
  return (world) => forging(world, work);
}

/** Takes the last release away; what else remembers it is up to the caller. */
function cut(world: World): void {
  world.git('update-ref', 'refs/heads/releases', world.git('rev-parse', 'releases~2'));
}

function forget(world: World): void {
  world.git('update-ref', '-d', 'refs/sluice/ledger-seen');
}

function untag(world: World, ...tags: readonly string[]): void {
  for (const tag of tags) {
    world.git('update-ref', '-d', `refs/tags/ledger/${tag}`);
  }
}

/** The same tree as a root of its own. */
function newRoot(world: World): void {
  const tree = world.git('rev-parse', 'releases^{tree}');
  world.git('update-ref', 'refs/heads/releases', world.git('commit-tree', tree, '-m', 'Ledger'));
}

const newest = `releases/0002-acme-staging`;

/** The documents of the newest entry, written anew in one more commit. */
function edited(name: string, edit: (text: string) => string | Uint8Array): (world: World) => void {
  return (world) => {
    cut(world);
    forging(world, (forge) => {
      const at = (file: string): string => world.git('show', `ledger/R0002:${newest}/${file}`);
      const names = world.git('ls-tree', '--name-only', `ledger/R0002:${newest}`).split('\n');
      const isEnd = (file: string): boolean => file.startsWith('release.');
      for (const part of [names.filter((file) => !isEnd(file)), names.filter(isEnd)]) {
        for (const file of part) {
          const text = `${at(file)}\n`;
          forge.write(`${newest}/${file}`, file === name ? edit(text) : text);
        }
        forge.commit(part.some(isEnd) ? 'ledger/R0002' : 'ledger/R0002-begun');
      }
    });
    forget(world);
  };
}

const withoutField = (field: string) => (text: string) =>
  text.replace(new RegExp(`"${field}":("[^"]*"|null|\\[[^\\]]*\\]|\\{[^}]*\\}),?`), '');

export const ledgerHardening: readonly Scenario[] = [
  scenario('H49', 'two forged entries that fit each other, and a rollback to the forged state', [
    {
      trick: 'verified',
      does: forgedStates(ownKey()),
      says: 'releases/0003-acme-production/intent.json has a signature that is not of the key sandbox',
    },
    {
      trick: 'rolled back to',
      does: forgedStates(ownKey()),
      args: rollBack,
      says: 'releases/0003-acme-production/release.json has a signature that is not of the key sandbox',
    },
    {
      trick: 'planned on',
      does: forgedStates(ownKey()),
      args: ['plan', stack],
      says: 'releases/0004-acme-production/release.json has a signature that is not of the key sandbox',
    },
    {
      trick: 'with a key of another name',
      does: forgedStates(ownKey('sandbox', 'release-2026')),
      says: 'is signed with a key that this clone (.sluice/ledger-key.pem) does not have',
    },
  ]),
  {
    id: 'H50',
    attack: 'a forged entry under the signature of a real one',
    run: async (world) => {
      const real = world.git('show', `ledger/R0001:releases/0001-${stack}/release.sig.json`);
      const attempts = await tried(world, [
        {
          trick: 'the signature of R0001',
          does: forgedStates(() => `${real}\n`),
          says: 'releases/0003-acme-production/release.json has a signature that is not of the key sandbox',
        },
        {
          trick: 'R0001 once more in another folder, as it is',
          does: inForge((forge) => {
            for (const part of [
              ['intent.json', 'intent.sig.json', 'bundle.tf.json'],
              ['release.json', 'release.sig.json'],
            ]) {
              for (const name of part) {
                forge.write(`releases/0003-${stack}/${name}`, forge.read(`releases/0001-${stack}/${name}`));
              }
              forge.commit(part.includes('release.json') ? 'ledger/R0003' : 'ledger/R0003-begun');
            }
          }),
          says: 'releases/0003-acme-production/intent.json is of R0001 for acme-production, not of this folder',
        },
      ]);
      return { honest: [await verified(world)], attempts };
    },
  },
  scenario('H51', 'the end of the ledger cut off', [
    {
      trick: 'from a clone that saw it',
      does: (world) => {
        cut(world);
        untag(world, 'R0002', 'R0002-begun');
      },
      says: 'which this clone saw and verified: it was cut off, rewritten or replaced',
    },
    {
      trick: 'from a clone that did not, with its tags',
      does: (world) => {
        cut(world);
        forget(world);
      },
      says: 'tag ledger/R0002 marks commit',
    },
    {
      trick: 'the announcement of the last one only',
      does: (world) => {
        world.git('update-ref', 'refs/heads/releases', world.git('rev-parse', 'releases~1'));
        forget(world);
        untag(world, 'R0002-begun');
      },
      says: 'tag ledger/R0002 marks commit',
    },
    {
      trick: 'all of it, from a clone that saw it',
      does: (world) => {
        world.git('update-ref', '-d', 'refs/heads/releases');
        untag(world, 'R0001', 'R0001-begun', 'R0002', 'R0002-begun');
      },
      says: 'branch releases is gone, but this clone saw commit',
    },
    {
      trick: 'all of it but a tag',
      does: (world) => {
        world.git('update-ref', '-d', 'refs/heads/releases');
        forget(world);
      },
      args: ['plan', stack],
      says: 'branch releases is gone, but the tag ledger/R0001 marks an entry of it',
    },
  ]),
  scenario('H52', 'the same ledger with another history', [
    { trick: 'a new root with the same tree', does: newRoot, says: 'adds neither the beginning nor the end' },
    {
      trick: 'the same commits made again, with their tags, to a clone that saw them',
      does: (world) => {
        const tips = ['R0001-begun', 'R0001', 'R0002-begun', 'R0002'];
        let parent: string | null = null;
        for (const tag of tips) {
          const tree = world.git('rev-parse', `ledger/${tag}^{tree}`);
          const parents: readonly string[] = parent === null ? [] : ['-p', parent];
          parent = world.git('commit-tree', tree, ...parents, '-m', 'Again');
          world.git('update-ref', `refs/tags/ledger/${tag}`, parent);
        }
        world.git('update-ref', 'refs/heads/releases', parent ?? '');
      },
      says: 'which this clone saw and verified: it was cut off, rewritten or replaced',
    },
    {
      trick: 'a tag moved to another entry',
      does: (world) => {
        world.git('update-ref', 'refs/tags/ledger/R0002', world.git('rev-parse', 'ledger/R0001'));
      },
      says: 'tag ledger/R0002 marks commit',
    },
    {
      trick: 'a tag taken away',
      does: (world) => untag(world, 'R0001'),
      says: 'tag ledger/R0001 is missing: tags mark how far the ledger had come',
    },
    {
      trick: 'an entry without a document',
      does: inForge((forge) => {
        forge.git('commit', '--quiet', '--allow-empty', '--message', 'Nothing');
      }),
      says: 'adds neither the beginning nor the end of one release',
    },
  ]),
  scenario('H53', 'what is not a plain file of a release', [
    {
      trick: 'a symbolic link',
      does: inForge((forge) => {
        symlinkSync(
          '../../etc/passwd',
          `${forge.git('rev-parse', '--show-toplevel')}/releases/0001-acme-production/traffic.json`,
        );
        forge.commit();
      }),
      says: 'releases/0001-acme-production/traffic.json is a symbolic link; the ledger holds plain files only',
    },
    {
      trick: 'a submodule',
      does: inForge((forge) => {
        const head = forge.git('rev-parse', 'HEAD');
        forge.git('update-index', '--add', '--cacheinfo', `160000,${head},releases/0001-${stack}/plan.json`);
        forge.git('commit', '--quiet', '--message', 'Submodule');
      }),
      says: 'releases/0001-acme-production/plan.json is a submodule; the ledger holds plain files only',
    },
    {
      trick: 'an executable',
      does: inForge((forge) => {
        forge.git('update-index', '--chmod=+x', `releases/0001-${stack}/intent.json`);
        forge.git('commit', '--quiet', '--message', 'Executable');
      }),
      says: 'releases/0001-acme-production/intent.json is executable; the ledger holds plain files only',
    },
    {
      trick: 'a file outside of releases/',
      does: inForge((forge) => {
        forge.write('policies/roster.yaml', 'people: []\n');
        forge.commit();
      }),
      says: 'policies/roster.yaml is outside of releases/, where the ledger has nothing',
    },
    {
      trick: 'a file that no document is called',
      does: inForge((forge) => {
        forge.write(`releases/0001-${stack}/note.md`, 'fine\n');
        forge.commit();
      }),
      says: 'note.md is not named like any document of a release',
    },
    {
      trick: 'a document that is not UTF-8',
      does: edited('bundle.tf.json', () => new Uint8Array([0x7b, 0xff, 0x7d, 0x0a])),
      says: 'releases/0002-acme-staging/bundle.tf.json is not UTF-8 text',
    },
  ]),
  scenario('H54', 'numbers that end the ledger', [
    {
      trick: 'R and 21 nines',
      does: inForge((forge) => {
        forge.write(`releases/${'9'.repeat(21)}-${stack}/intent.json`, '{}\n');
        forge.commit();
      }),
      says: 'does not belong to any release: a folder is called 0007-<stack>, with at most nine digits',
    },
    {
      trick: 'a gap up to the last number',
      does: inForge((forge) =>
        forgePair(forge, { id: 'R999999999', from: '0001', content: '203.0.113.1', signAs: ownKey() }),
      ),
      says: 'has not the next number: the release that was begun here is R0003',
    },
    {
      trick: 'a number twice',
      does: inForge((forge) => {
        forge.write('releases/0002-acme-production/intent.json', '{}\n');
        forge.commit();
      }),
      says: 'releases/0002-acme-production has not the next number: the release that was begun here is R0003',
    },
  ]),
  scenario('H64', 'documents that lack what is read of them', [
    {
      trick: 'a short release.json',
      does: edited('release.json', () => '{"kind":"sluice.release","version":1}\n'),
      says: 'releases/0002-acme-staging/release.json:1:1',
    },
    {
      trick: 'an intent without its target',
      does: edited('intent.json', withoutField('target')),
      says: 'releases/0002-acme-staging/intent.json:1:1',
    },
    {
      trick: 'a signature without a key',
      does: edited('release.sig.json', withoutField('key')),
      says: 'releases/0002-acme-staging/release.sig.json:1:1',
    },
    {
      trick: 'a bundle that is a list',
      does: edited('bundle.tf.json', () => '[]\n'),
      says: 'releases/0002-acme-staging/bundle.tf.json:1:1 this is not a Terraform configuration',
    },
    {
      trick: 'nothing',
      does: edited('release.json', () => ''),
      says: 'releases/0002-acme-staging/release.json:1:1 not valid JSON: the document ends too early',
    },
  ]),
  scenario('H65', 'documents of the wrong types', [
    {
      trick: 'files as a list',
      does: edited('release.json', (text) => text.replace(/"files":\{[^}]*\}/, '"files":[]')),
      says: 'releases/0002-acme-staging/release.json:1:',
    },
    {
      trick: 'undoes as a text',
      does: edited('intent.json', (text) => text.replace('"undoes":[]', '"undoes":"R0001"')),
      says: 'releases/0002-acme-staging/intent.json:1:',
    },
    {
      trick: 'an action that there is not',
      does: edited('intent.json', (text) => text.replace('"action":"baseline"', '"action":"purge"')),
      says: 'releases/0002-acme-staging/intent.json:1:',
    },
    {
      trick: 'an instant that is none',
      does: edited('release.json', (text) => text.replace(/"finishedAt":"[^"]*"/, '"finishedAt":"soon"')),
      says: 'releases/0002-acme-staging/release.json:1:',
    },
  ]),
  scenario('H66', 'JSON that says two things, or nothing for a long time', [
    {
      trick: 'a key twice',
      does: edited('release.json', (text) => text.replace('{', '{"result":"failed",')),
      says: 'the key "result" is given twice',
    },
    {
      trick: 'a thousand levels',
      does: edited('release.json', () => `${'['.repeat(1000)}${']'.repeat(1000)}\n`),
      says: 'the document is nested too deeply',
    },
    {
      trick: 'a number that is rounded',
      does: edited('release.json', (text) => text.replace('"version":1', '"version":1e400')),
      says: 'a number that cannot be kept exactly',
    },
    {
      trick: 'a key of the language',
      does: edited('intent.json', (text) => text.replace('{', '{"__proto__":{},')),
      says: 'this key is reserved',
    },
  ]),
  {
    id: 'H55',
    attack: 'a change on top of a forged ledger, and one on top of the real one',
    run: async (world) => {
      const honest = await releasedChange(world);
      const attempts = await tried(world, [
        {
          trick: 'an entry that says the change was undone',
          does: (at) =>
            forging(at, (forge) =>
              forgePair(forge, { id: 'R0004', from: '0003', content: '203.0.113.1', signAs: ownKey() }),
            ),
          args: rollBack,
          says: 'releases/0004-acme-production/release.json has a signature that is not of the key sandbox',
        },
      ]);
      return { honest: [honest, outcomeOf(await world.sluice(rollBack)), await verified(world)], attempts };
    },
  },
  {
    id: 'H56',
    attack: 'a forged history of successes, so that a change counts as usual',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull, everybody);
      const forged = await meanwhile(
        world,
        () => forging(world, forgeSuccesses),
        async () => gate(world, pull),
      );
      return {
        honest: [asFirst(honest)],
        attempts: [
          {
            trick: 'three releases of the same kind',
            outcome: asFirst(forged),
            exit: 'denied',
            checks: ['ledger', 'record', 'rules/record-stacks-match', 'approvals'],
            says: 'releases/0003-acme-production/intent.json has a signature that is not of the key sandbox',
          },
        ],
      };
    },
  },
];

/** Releases of a DNS record of production, with everything that history is read from. */
function forgeSuccesses(forge: Forge): void {
  const digest = `sha256:${'5'.repeat(64)}`;
  const signAs = ownKey();
  for (const [index, content] of ['203.0.113.91', '203.0.113.92', '203.0.113.93'].entries()) {
    const id = `R000${String(index + 3)}`;
    const tuple = {
      headSha: '5'.repeat(40),
      effectDigest: digest,
      recordDigest: digest,
      policyDigest: digest,
    };
    forgePair(forge, {
      id,
      from: '0001',
      content,
      signAs,
      saying: { action: 'release', changeId: `CHG-2026-090${String(index)}`, tuple },
      beside: (before, after) => ({
        'plan.json': documentOf(
          assemblePlan([diffBundles({ stack, before, after })], 'configuration') as unknown as JsonObject,
        ),
      }),
    });
  }
}

/** Only where the risk counts the change as the first of its kind. */
function asFirst(decided: Decided): Outcome {
  const risk = decided.decision?.risk;
  return risk?.reasons.some(({ id }) => id === 'first-time') === true
    ? decided
    : { ...decided, exit: 'internal', text: JSON.stringify(risk) };
}
