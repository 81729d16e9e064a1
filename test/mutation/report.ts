/** Turns the survivors of a run into what a person reads: scores by folder, the list, and the table in the README. */
import type { Mutant } from './instrument.ts';
import { reasonFor } from './reasons.ts';

export interface Outcome {
  readonly mutants: readonly Mutant[];
  readonly survivors: readonly Mutant[];
}

/** At least this share, in percent, has to be killed. */
export const wanted = 92;

export function scoreOf({ mutants, survivors }: Outcome): number {
  return mutants.length === 0 ? 0 : (100 * (mutants.length - survivors.length)) / mutants.length;
}

/** One line per folder of policies, in the order of the files. */
export function folderLines(outcome: Outcome): readonly string[] {
  const folders = [...new Set(outcome.mutants.map(folderOf))];
  return folders.map((folder) => {
    const part = {
      mutants: outcome.mutants.filter((mutant) => folderOf(mutant) === folder),
      survivors: outcome.survivors.filter((mutant) => folderOf(mutant) === folder),
    };
    return `${folder.padEnd(24)} ${totalLine(part)}`;
  });
}

export function totalLine(outcome: Outcome): string {
  const { mutants, survivors } = outcome;
  const killed = mutants.length - survivors.length;
  // Rounded down: 89.96 is not 90.
  const score = (Math.floor(scoreOf(outcome) * 10) / 10).toFixed(1);
  return `${String(killed)} killed, ${String(survivors.length)} survived, score ${score}%`;
}

export function survivorLine({ file, line, column, mutator, before, after }: Mutant): string {
  return `${file}:${String(line)}:${String(column)} ${mutator}: ${short(before)} -> ${short(after)}`;
}

/** The survivors by file, with the reason of each. */
export function survivorTable(survivors: readonly Mutant[]): string {
  const files = [...new Set(survivors.map(({ file }) => file))];
  return files
    .map((file) => {
      const rows = survivors
        .filter((mutant) => mutant.file === file)
        .map((mutant) => {
          const { line, mutator, before, after } = mutant;
          return `| ${String(line)} | ${mutator} | ${code(before)} | ${code(after)} | ${reasonFor(mutant)} |`;
        });
      return [
        `### ${file}`,
        '',
        '| line | mutator | before | after | why it stays |',
        '| -- | -- | -- | -- | -- |',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}

function code(text: string): string {
  return `<code>${short(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '&#124;').replaceAll('`', '&#96;').replaceAll('*', '&#42;').replaceAll('_', '&#95;')}</code>`;
}

function folderOf({ file }: Mutant): string {
  const steps = file.split('/');
  return steps.length > 2 ? steps.slice(0, 2).join('/') : (steps[0] ?? '');
}

function short(text: string): string {
  return text.length > 90 ? `${text.slice(0, 60)} … ${text.slice(-27)}` : text;
}
