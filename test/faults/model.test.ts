/**
 * The model over random sequences. `SLUICE_MODEL_RUNS` says how many: 500 in a full run, a few beside the other tests. A
 * failure prints the seed; SLUICE_MODEL_SEED plays it again.
 */
import { array, assert, asyncProperty, constantFrom, oneof, tuple, type Arbitrary } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { crashesOf, modelStacks, play, prepareModel, type ModelStep } from './model.ts';

const runs = Number(process.env['SLUICE_MODEL_RUNS'] ?? '1');
const seed = Number(process.env['SLUICE_MODEL_SEED'] ?? '20261201');

const stack = constantFrom(...modelStacks);
const step: Arbitrary<ModelStep> = oneof(
  { weight: 5, arbitrary: release() },
  { weight: 3, arbitrary: stack.map((name): ModelStep => ({ kind: 'rollback', stack: name })) },
  { weight: 1, arbitrary: stack.map((name): ModelStep => ({ kind: 'drift', stack: name })) },
  { weight: 2, arbitrary: stack.map((name): ModelStep => ({ kind: 'heal', stack: name })) },
  { weight: 2, arbitrary: crash() },
  { weight: 1, arbitrary: stack.map((name): ModelStep => ({ kind: 'together', stack: name })) },
);

function release(): Arbitrary<ModelStep> {
  return tuple(stack, constantFrom('create', 'delete', 'update')).map(([name, edit]): ModelStep => ({
    kind: 'release',
    stack: name,
    edit,
  }));
}

function crash(): Arbitrary<ModelStep> {
  return stack.chain((name) =>
    constantFrom(...crashesOf(name)).map((at): ModelStep => ({ kind: 'crash', stack: name, at })),
  );
}

let prepared: Awaited<ReturnType<typeof prepareModel>>;
beforeAll(async () => {
  prepared = await prepareModel();
});
afterAll(() => prepared.remove());

it('is what the program does, step by step', async () => {
  let steps = 0;
  await assert(
    asyncProperty(array(step, { minLength: 4, maxLength: 8 }), async (sequence) => {
      steps += sequence.length;
      expect(await play(prepared, sequence)).toEqual([]);
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  expect(steps).toBeGreaterThan(runs * 3);
}, 36_000_000);
