/**
 * The sandbox beside the provider that it stands for: the same configurations through real Terraform, compared step by step.
 *
 *   npm run test:provider                                        the sandbox against the recorded answers
 *   npm run test:provider -- --binary PATH [--api URL]           the sandbox against a provider binary
 *   npm run test:provider -- --cases FILE                        other cases than the recorded ones
 *
 * SLUICE_PROVIDER_BINARY and CLOUDFLARE_BASE_URL are taken where the flags are absent. Exit code 0 when nothing differs, 1
 * when something does, 7 when the binary or Terraform cannot be used.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ask } from './run.ts';
import { differences, differencesFromRecorded } from './cases.ts';
import type { Case, Difference, Recorded } from './cases.ts';
import { binaryProvider, sandboxProvider } from './provider.ts';
import type { Provider } from './provider.ts';

const { values } = parseArgs({
  options: {
    binary: { type: 'string' },
    api: { type: 'string' },
    cases: { type: 'string', default: new URL('recorded.json', import.meta.url).pathname },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function answersOf(start: () => Promise<Provider>, cases: readonly Case[]): ReturnType<typeof ask> {
  const provider = await start();
  try {
    return await ask(provider, cases);
  } finally {
    await provider.close();
  }
}

function report(found: readonly Difference[], other: string): void {
  for (const { case: one, step, one: left, other: right } of found) {
    say(`\n${one.name}`);
    say(`  configuration  ${one.type} ${JSON.stringify(one.first)}`);
    if (one.changed !== undefined && step.startsWith('change')) {
      say(`  changed to     ${JSON.stringify(one.changed)}`);
    }
    say(`  step           ${step}`);
    say(`  ${other.padEnd(14)} ${left === '' ? '(nothing)' : left}`);
    say(`  sandbox        ${right === '' ? '(nothing)' : right}`);
  }
}

async function main(): Promise<void> {
  const recorded = JSON.parse(readFileSync(values.cases, 'utf8')) as Recorded;
  const { cases } = recorded;
  const binary = values.binary ?? process.env['SLUICE_PROVIDER_BINARY'];
  const sandbox = await answersOf(sandboxProvider, cases);
  let found: readonly Difference[];
  if (binary === undefined) {
    say(`Recorded answers about ${recorded.provider} (${recorded.source}), made on ${recorded.date}.`);
    found = cases.flatMap((one, at) => differencesFromRecorded(one, sandbox[at] ?? {}));
    report(found, 'recorded');
  } else {
    const api = values.api ?? process.env['CLOUDFLARE_BASE_URL'];
    say(`Answers of ${binary}${api === undefined ? '; without --api nobody tells what remains' : ''}.`);
    const real = await answersOf(() => binaryProvider(binary, api), cases);
    found = cases.flatMap((one, at) => differences(one, real[at] ?? {}, sandbox[at] ?? {}));
    report(found, 'provider');
  }
  const failed = new Set(found.map((each) => each.case)).size;
  say(`\n${String(cases.length - failed)} passed, ${String(failed)} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 7;
}
