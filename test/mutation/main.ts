/**
 * `npm run test:mutation [-- [--survivors] [--write] [policies/part…]]`: breaks the policies in every way the mutators know, one at a
 * time, and fails when the tests notice less than 92% of it. `--survivors` tries only what survived the last time,
 * `--write` puts the survivors and their reasons into the README.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startVitest } from 'vitest/node';
import { buildAll, root, workFolder } from './build.ts';
import type { Mutant } from './instrument.ts';
import { folderLines, scoreOf, survivorLine, survivorTable, totalLine, wanted } from './report.ts';
import { refusedByTypes } from './types.ts';

const marker = '<!-- survivors -->';
const lastFile = path.join(workFolder, 'survivors.txt');
const slices = ['survived-0.json', 'survived-1.json'].map((name) => path.join(workFolder, name));

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

function lastSurvivors(mutants: readonly Mutant[]): readonly Mutant[] {
  const last = new Set(readFileSync(lastFile, 'utf8').split('\n'));
  return mutants.filter((mutant) => last.has(survivorLine(mutant)));
}

/** Puts the survivors with their reasons into the README, below its marker. */
function writeReadme(survivors: readonly Mutant[]): void {
  const file = path.join(root, 'test/mutation/README.md');
  const [head = ''] = readFileSync(file, 'utf8').split(marker);
  writeFileSync(file, `${head}${marker}\n\n${survivorTable(survivors)}\n`);
}

async function main(parameters: readonly string[]): Promise<number> {
  const parts = parameters.filter((each) => !each.startsWith('--')).map((each) => each.replace(/\/$/, ''));
  const all = await buildAll(parts.length === 0 ? ['policies'] : parts);
  const refused = refusedByTypes(all);
  const counted = all.filter(({ id }) => !refused.has(id));
  const isRepeat = parameters.includes('--survivors') && existsSync(lastFile);
  const mutants = isRepeat ? lastSurvivors(counted) : counted;
  if (mutants.length === 0) {
    say(`no mutants in ${parts.join(' ')}: nothing was tested`);
    return 1;
  }
  writeFileSync(path.join(workFolder, 'only.json'), JSON.stringify(mutants.map(({ id }) => id)));
  slices.forEach((file) => rmSync(file, { force: true }));
  const vitest = await startVitest('test', [], {
    config: path.join(root, 'test/mutation/vitest.config.ts'),
    watch: false,
  });
  await vitest.close();
  if (process.exitCode !== undefined && process.exitCode !== 0) {
    say('the run broke off: no score');
    return 1;
  }
  const ids = new Set(
    slices
      .filter((file) => existsSync(file))
      .flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as readonly number[]),
  );
  const outcome = { mutants: counted, survivors: mutants.filter(({ id }) => ids.has(id)) };
  const lines = outcome.survivors.map(survivorLine);
  writeFileSync(lastFile, lines.join('\n'));
  lines.forEach(say);
  say('');
  folderLines(outcome).forEach(say);
  say(`\n${String(refused.size)} more do not compile and are not counted`);
  if (parameters.includes('--write')) {
    writeReadme(outcome.survivors);
  }
  say(totalLine(outcome));
  return scoreOf(outcome) < wanted ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
