/** Statements that are not exactly statements, flags that are not read, and texts that are too much or cannot be seen. */
import { api, approved, gate, outcomeOf, propose, review, type Pull } from '../acts.ts';
import type { Attempt, Outcome, Proof, Scenario } from '../scenario.ts';
import type { Login, World } from '../world.ts';

const say = async (world: World, login: Login, { number }: Pull, body: string): Promise<number> => {
  const path = `issues/${String(number)}/comments`;
  return (await api<{ readonly id: number }>(world, login, { method: 'POST', path, body: { body } })).id;
};

const held = (trick: string, outcome: Outcome, says: string): Attempt => ({
  trick,
  outcome,
  exit: 'denied',
  checks: ['approvals'],
  says,
});

/** Each is said, refused and taken back by who said it, so that the next one stands alone. */
async function refusals(world: World, texts: readonly (readonly [string, string])[]): Promise<Proof> {
  const pull = await propose(world);
  const before = await approved(world, pull);
  const attempts: Attempt[] = [];
  for (const [trick, text] of texts) {
    const id = await say(world, 'p-iyer', pull, text);
    attempts.push(held(trick, await gate(world, pull), `condition comment-${String(id)} is open`));
    await say(world, 'p-iyer', pull, `/sluice close comment-${String(id)}`);
  }
  return { honest: [before, await gate(world, pull)], attempts };
}

async function closing(world: World): Promise<Proof> {
  const pull = await propose(world);
  await approved(world, pull);
  await say(world, 'p-iyer', pull, '/sluice condition c1 m.lind tell the help line before it starts');
  const attempts: Attempt[] = [];
  for (const text of [
    '/sluice close c1 is not done yet',
    'Not yet:\n/sluice close c1',
    '/sluice close c1\u200b',
    '/sluice close c1 because \u200b\u200b\u200b',
  ]) {
    await say(world, 'm-lind', pull, text);
    attempts.push(held(JSON.stringify(text), await gate(world, pull), 'condition c1 is open'));
  }
  await say(world, 'm-lind', pull, '/sluice close c1');
  return { honest: [await gate(world, pull)], attempts };
}

async function inReview(world: World): Promise<Proof> {
  const pull = await propose(world);
  const before = await approved(world, pull);
  const id = await review(world, 'p-iyer', pull, {
    event: 'COMMENT',
    body: '/sluice refuse it breaks the checkout',
  });
  const attempt = held(
    'a refusal in a review',
    await gate(world, pull),
    `condition review-${String(id)} is open`,
  );
  await say(world, 'p-iyer', pull, `/sluice close review-${String(id)}`);
  return { honest: [before, await gate(world, pull)], attempts: [attempt] };
}

/** Refused where the record is read; whatever needs a record has none. */
const unread = { exit: 'denied', checks: ['proposal', 'record', 'approvals', 'window', 'freeze'] } as const;

async function unseen(world: World): Promise<Proof> {
  const honest = await approved(world, await propose(world));
  const attempts: Attempt[] = [];
  for (const [index, [name, character]] of [
    ['U+200B', '\u200b'],
    ['U+202E', '\u202e'],
    ['U+3164', '\u3164'],
  ].entries()) {
    const id = `CHG-2026-09${String(index + 10)}`;
    const pull = await propose(world, {
      id,
      record: (text) => text.replace(`title: Edit for ${id}`, `title: Edit for ${character ?? ''}${id}`),
    });
    const outcome = await gate(world, pull);
    attempts.push({
      trick: `a title with ${name ?? ''}`,
      outcome,
      ...unread,
      says: 'a character that a reader cannot see',
    });
  }
  return { honest: [honest], attempts };
}

async function flags(world: World): Promise<Proof> {
  const pull = await propose(world);
  await approved(world, pull);
  const run = async (...args: readonly string[]): Promise<Outcome> =>
    outcomeOf(await world.sluice(['gate', ...args]));
  const number = String(pull.number);
  const honest = [
    await run('--pr', number, '--save-facts', '.sluice/facts.json'),
    await run('--facts', '.sluice/facts.json'),
  ];
  const attempts: Attempt[] = [];
  for (const [flag, ...value] of [
    ['--moment', 'apply'],
    ['--bundles', 'somewhere'],
    ['--save-facts', 'elsewhere.json'],
    ['--publish'],
    ['--ci-bundles'],
  ]) {
    const outcome = await run('--facts', '.sluice/facts.json', flag ?? '', ...value);
    attempts.push({
      trick: `${flag ?? ''} with --facts`,
      outcome,
      exit: 'usage',
      checks: [],
      says: `${flag ?? ''} does not go with --facts`,
    });
  }
  return { honest, attempts };
}

async function tooMuch(world: World): Promise<Proof> {
  const honest = await approved(world, await propose(world));
  const record = async (trick: string, id: string, text: string): Promise<Attempt> => {
    const outcome = await gate(world, await propose(world, { id, record: () => text }));
    return { trick, outcome, ...unread, says: 'there is more in this document than is read' };
  };
  const records = [
    await record('120,000 commas', 'CHG-2026-0921', `[${','.repeat(120_000)}`),
    await record('empty maps', 'CHG-2026-0922', `[${'{},'.repeat(290_000)}{}]`),
  ];
  // Last, for a proposal takes all that lies in the working tree into its commit.
  world.write('many/acme-production.tf.json', `{"resource":[${'{},'.repeat(15_000_000)}{}]}`);
  const bundles = outcomeOf(await world.sluice(['plan', '--bundles', 'many']));
  return {
    honest: [honest],
    attempts: [
      ...records,
      {
        trick: '45 MB of {}',
        outcome: bundles,
        exit: 'invalidInput',
        checks: [],
        says: 'more than 4,000,000 values',
      },
    ],
  };
}

export const limitScenarios: readonly Scenario[] = [
  {
    id: 'H57',
    attack: 'a refusal that is not exactly a statement is not heard',
    run: (world) =>
      refusals(world, [
        ['a leading blank', ' /sluice refuse it breaks the checkout'],
        ['another slash', '\uff0fsluice refuse it breaks the checkout'],
        ['a letter that looks alike', '/sluіce refuse it breaks the checkout'],
        ['another word', '/sluice veto it breaks the checkout'],
        ['as the second line', '/sluice close c7\n/sluice refuse it breaks the checkout'],
      ]),
  },
  { id: 'H58', attack: 'a condition is closed by words that say that it is not met', run: closing },
  { id: 'H59', attack: 'a refusal in a review is not heard', run: inReview },
  { id: 'H60', attack: 'a record says something that a reader cannot see', run: unseen },
  { id: 'H68', attack: 'a flag that is not read looks like one that was', run: flags },
  { id: 'H61', attack: 'a text with more values than anybody reads', run: tooMuch },
];
