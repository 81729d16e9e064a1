import { addWorkingDays } from '../../../policies/working-days.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { takenIds } from '../../facts/records.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { personOfGit } from '../person.ts';
import { holdersOf } from '../emergency/people.ts';
import { chooseMode } from '../change/modes.ts';
import { changeCalled } from '../questions/known-change.ts';
import { repeatChange } from './repeat.ts';
import { usualBranch } from '../../change/check-change.ts';
import { placeholder } from '../../../policies/model/placeholder.ts';
import { SluiceError } from '../../contract/errors.ts';
import { gatherPlan } from '../../facts/plan.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { proposedFromPlan } from './from-plan.ts';
import type { RecordDraft } from './new-questions.ts';
import { finishRecord } from './new-finish.ts';
import { runNew, type Ask, type NewOptions } from './new.ts';

export type NewFlags = Omit<NewOptions, 'stacks'> & {
  readonly stack?: readonly string[];
  readonly from?: string;
};

/** `sluice new`: asks on a terminal, takes everything from flags elsewhere. Prints the path of the new record. */
export async function newCommand(this: SluiceContext, flags: NewFlags): Promise<void> {
  const { from, ...given } = flags;
  if (chooseMode('new', flags) === 'repeated' && from !== undefined) {
    const overview = await gatherOverview(await this.services(), 'without-pulls');
    await repeatChange(this, overview, { change: changeCalled(from, overview, 'new --from'), retryOf: null });
    return;
  }
  await writeNew(this, given);
}

async function writeNew(context: SluiceContext, flags: Omit<NewFlags, 'from'>): Promise<void> {
  const { git, files, clock, editor } = await context.services();
  const { surroundings } = context;
  const ask = surroundings.ask === null ? null : asker(surroundings.ask, surroundings.stderr);
  const root = await git.root();
  const policy = await loadPolicy(fromWorkingTree(files, root));
  const { medium } = policy.quorum;
  const earliest = addWorkingDays(clock.now(), medium.leadTimeWorkingDays, policy.calendar.holidays);
  const { stack, ...answers } = flags;
  const planned = flags.client === undefined ? await plannedAnswers(context, policy.registers) : {};
  const requester = await personOfGit(git, policy.roster);
  const written = await runNew(
    { ...answers, ...(stack === undefined ? {} : { stacks: stack }) },
    {
      files,
      clock,
      root,
      ask: ask === null || editor === null ? ask : fewQuestions(ask),
      knownIds: (await takenIds(git, files)).map((taken) => taken.id),
      ...(earliest === null ? {} : { earliest }),
      registers: policy.registers,
      catalogue: policy.catalogue.entries,
      engineers: holdersOf('engineer', policy.roster, clock.now()),
      planned: { ...planned, ...(requester === null ? {} : { requester }) },
    },
  );
  context.print(`${written.path}\n`);
  if (planned.client !== undefined || ask !== null) {
    await finishRecord(context, written, { ask, policy });
  }
  context.surroundings.stderr.write(
    `Fill in what only you know, then: sluice check --record ${written.path}\n`,
  );
}

/** What the edits of this branch say; nothing where there is no branch to compare with, or the code does not build yet. */
async function plannedAnswers(context: SluiceContext, registers: readonly Register[]): Promise<RecordDraft> {
  const services = await context.services();
  const base = await usualBranch(services);
  if (base === null) {
    return {};
  }
  try {
    const { plan } = await gatherPlan(services, { base, stacks: [] });
    return proposedFromPlan(plan, registers);
  } catch (error) {
    if (!(error instanceof SluiceError)) {
      throw error;
    }
    context.surroundings.stderr.write(`Nothing is taken from the plan: ${error.parts.what}\n`);
    return {};
  }
}

/** Asks again until the answer will do. */
function asker(ask: (question: string) => Promise<string>, out: { write(text: string): unknown }): Ask {
  return async ({ text, proposal, problem }) => {
    for (;;) {
      const answer = (await ask(`${text}${proposal === null ? '' : ` [${proposal}]`}: `)).trim();
      const given = answer === '' && proposal !== null ? proposal : answer;
      const against = problem(given);
      if (against === null) {
        return given;
      }
      out.write(`  ${against}\n`);
    }
  };
}

/** Before an editor opens nobody answers twice: what is proposed stands, and a text is written there. */
function fewQuestions(ask: Ask): Ask {
  return async (question) => {
    const text = question.proposal ?? placeholder(question.text);
    return question.problem(text) === null ? text : ask(question);
  };
}
