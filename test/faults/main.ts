/** `npm run test:faults [text...]`: everything that can go wrong in a release; those with a text in their name. `2/4` is the second of four parts. */
import { prepare } from './world.ts';
import { scenarios } from './scenarios.ts';
import type { FaultScenario, Outcome } from './scenario.ts';

const given = process.argv.slice(2);
const part = given.map((word) => /^(\d+)\/(\d+)$/.exec(word)).find((found) => found !== null);
const words = given.filter((word) => !/^\d+\/\d+$/.test(word));
const matching = scenarios.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const [, which = '1', parts = '1'] = part ?? [];
const chosen = matching.filter((_each, index) => index % Number(parts) === Number(which) - 1);

const prepared = await prepare();
const queue = [...chosen];
let failed = 0;

/** Never throws: a scenario that breaks off has failed. */
async function outcomeOf({ run }: FaultScenario): Promise<Outcome> {
  try {
    return await run(prepared);
  } catch (error) {
    return { seen: '', problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

/** Two at a time: most of a scenario is waiting for Terraform. */
async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const began = performance.now();
    const { seen, problems } = await outcomeOf(next);
    failed += problems.length === 0 ? 0 : 1;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `${problems.length === 0 ? 'ok     ' : 'NOT OK '} ${next.name}  ${seconds} s\n         ${seen}\n`,
    );
    for (const problem of problems) {
      process.stdout.write(`       ! ${problem.replaceAll('\n', '\n         ')}\n`);
    }
  }
}

await Promise.all([work(), work()]);
prepared.remove();
process.stdout.write(`${String(chosen.length - failed)} passed, ${String(failed)} failed\n`);
process.exitCode = failed === 0 && chosen.length > 0 ? 0 : 1;
