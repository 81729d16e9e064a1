/** What an emergency owes, when it is closed: computed, given as flags, or asked. */
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { shellWord } from '../../render/text/shell-word.ts';
import type { KnownChange, Overview } from '../../questions/types.ts';
import { partsOf, reviewersOf } from './people.ts';
import { filledIn, questionsFor, type FilledIn, type Question } from './filled-in.ts';

interface Settling {
  readonly change: KnownChange;
  /** `name=text`. */
  readonly given: readonly string[];
  /** Without what is given. */
  readonly command: string;
}

const nothing: FilledIn = { fields: {}, owed: [] };

/** Nothing where nothing is owed. Throws UsageError for an answer that will not do, and where one is missing and nobody can be asked. */
export async function settled(
  context: SluiceContext,
  { owing: all, now, policy }: Overview,
  { change, given, command }: Settling,
): Promise<FilledIn> {
  const owing = all.find(({ changeId }) => changeId === change.record.id);
  const questions =
    owing === undefined ? [] : questionsFor(owing.owed, reviewersOf(policy.roster, now, partsOf(change)));
  const answers = givenAnswers(given, questions, command);
  if (owing === undefined) {
    return nothing;
  }
  const open = questions.filter(({ name }) => !answers.has(name));
  const { ask, stderr } = context.surroundings;
  if (ask === null && open.length > 0) {
    throw missing(open, command);
  }
  if (open.length > 0) {
    stderr.write(`${change.record.id} owes what it left out; what is known is filled in.\n`);
  }
  for (const question of open) {
    answers.set(question.name, await answered(question, ask ?? nobody, stderr));
  }
  return filledIn({ change, owing, answers, now });
}

const nobody = (): never => {
  throw new Error('nobody is asked where there is no terminal');
};

async function answered(
  question: Question,
  ask: (text: string) => Promise<string>,
  out: { write(text: string): unknown },
): Promise<string> {
  for (;;) {
    const answer = (await ask(`${question.text}: `)).trim();
    const problem = problemOf(answer, question);
    if (problem === null) {
      return answer;
    }
    out.write(`  ${problem}\n`);
  }
}

function problemOf(answer: string, { least, among }: Question): string | null {
  if (among?.includes(answer.trim()) === false) {
    return `It is one of ${among.join(', ') || 'nobody'}.`;
  }
  return answer.trim().length >= least
    ? null
    : `At least ${String(least)} characters: it is read by whoever was not there.`;
}

function givenAnswers(
  given: readonly string[],
  questions: readonly Question[],
  command: string,
): Map<string, string> {
  const answers = new Map<string, string>();
  for (const each of given) {
    const [name = '', ...rest] = each.split('=');
    const question = questions.find((one) => one.name === name);
    const answer = rest.join('=').trim();
    const problem =
      question === undefined
        ? `It owes no "${name}"; ${questions.length === 0 ? 'nothing is to be said' : `asked are ${questions.map((one) => one.name).join(', ')}`}.`
        : problemOf(answer, question);
    if (problem !== null) {
      throw new UsageError({
        what: `--settled ${each}: ${problem}`,
        fix: 'Give it as name=text.',
        next: command,
      });
    }
    answers.set(name, answer);
  }
  return answers;
}

function missing(open: readonly Question[], command: string): UsageError {
  return new UsageError({
    what: `Not said yet: ${open.map(({ name }) => name).join(', ')}.`,
    why: 'An emergency is closed with what it left out. There is no terminal to ask on, and only people know this.',
    fix: open.map(({ name, text }) => `\n  ${name}: ${text}`).join(''),
    next: `${command} ${open.map(({ name }) => `--settled ${shellWord(`${name}=…`)}`).join(' ')}`,
  });
}
