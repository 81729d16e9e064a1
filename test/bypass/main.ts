/** `npm run test:bypass [ID...]`: tries every attack and prints what refused it. Ends with `N passed, N failed`. */
import { removePrepared } from './open.ts';
import { runScenario, type Result } from './run-scenario.ts';
import { notApplicable, playedElsewhere, scenarios } from './scenarios.ts';

const wanted = process.argv.slice(2);
const chosen = scenarios.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const results = new Map<string, Result>();
const queue = [...chosen];

/** Two at a time: most of a scenario is waiting for Terraform. */
async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    results.set(next.id, await runScenario(next));
    printReady();
  }
}

let printed = 0;

/** In the order of the list, as soon as what comes before is there. */
function printReady(): void {
  for (let next = chosen[printed]; next !== undefined; next = chosen[printed]) {
    const result = results.get(next.id);
    if (result === undefined) {
      return;
    }
    print(result);
    printed += 1;
  }
}

function print({ id, attack, by, problems, seconds }: Result): void {
  const verdict = problems.length === 0 ? 'ok' : 'NOT OK';
  line(`${id}  ${attack.padEnd(66)}  ${by.padEnd(72)}  ${seconds.toFixed(1).padStart(5)} s  ${verdict}`);
  for (const problem of problems) {
    line(`     ${problem.replaceAll('\n', '\n     ')}`);
  }
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

await Promise.all([work(), work()]);
await removePrepared();
for (const { id, attack, reason } of wanted.length === 0 ? notApplicable : []) {
  line(`${id}  ${attack.padEnd(66)}  does not apply: ${reason}`);
}
for (const { id, file } of wanted.length === 0 ? playedElsewhere : []) {
  line(`${id}  played by npx vitest run --config test/vitest.config.ts ${file}`);
}
const failed = [...results.values()].filter(({ problems }) => problems.length > 0).length;
line(`${String(results.size - failed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 && results.size > 0 ? 0 : 1;
