import { addWorkingDays } from '../../../policies/working-days.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { takenIds } from '../../facts/records.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { chooseMode } from '../change/modes.ts';
import { changeCalled } from '../questions/known-change.ts';
import { repeatChange } from './repeat.ts';
import { checkChange, usualBranch } from '../../change/check-change.ts';
import { computedText } from '../../../policies/model/decision.ts';
import { affectedHostsField } from '../../../policies/model/record.ts';
import { SluiceError } from '../../contract/errors.ts';
import { gatherPlan } from '../../facts/plan.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { proposedFromPlan } from './from-plan.ts';
import type { Draft } from './new-questions.ts';
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
  const { git, files, clock } = await context.services();
  const root = await git.root();
  const policy = await loadPolicy(fromWorkingTree(files, root));
  const { medium } = policy.quorum;
  const earliest = addWorkingDays(clock.now(), medium.leadTimeWorkingDays, policy.calendar.holidays);
  const { stack, ...answers } = flags;
  const planned = flags.client === undefined ? await plannedAnswers(context, policy.registers) : {};
  const written = await runNew(
    { ...answers, ...(stack === undefined ? {} : { stacks: stack }) },
    {
      files,
      clock,
      root,
      ask:
        context.surroundings.ask === null
          ? null
          : asker(context.surroundings.ask, context.surroundings.stderr),
      knownIds: (await takenIds(git, files)).map((taken) => taken.id),
      ...(earliest === null ? {} : { earliest }),
      registers: policy.registers,
      catalogue: policy.catalogue.entries,
      planned,
    },
  );
  context.print(`${written.path}\n`);
  if (planned.client !== undefined) {
    await sayComputed(context, written.path);
  }
  context.surroundings.stderr.write(
    `Fill in what only you know, then: sluice check --record ${written.path}\n`,
  );
}

/** What the edits of this branch say; nothing where there is no branch to compare with, or the code does not build yet. */
async function plannedAnswers(context: SluiceContext, registers: readonly Register[]): Promise<Draft> {
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

/** What is not written because it follows from the plan; whoever wants another model names it with --model. */
async function sayComputed(context: SluiceContext, path: string): Promise<void> {
  const services = await context.services();
  const base = await usualBranch(services);
  const { result } = await checkChange(services, {
    stacks: [],
    record: path,
    ...(base === null ? {} : { base }),
  });
  const computed = (result.record?.computed ?? []).filter(({ field }) => shownFields.has(field));
  context.surroundings.stderr.write(
    [
      `Risk ${result.risk.effective}.`,
      ...computed.map((one) => `  ${one.field}: ${computedText(one)} (from ${one.from})`),
      '',
    ].join('\n'),
  );
}

const shownFields: ReadonlySet<string> = new Set([
  affectedHostsField,
  'service',
  'stacks',
  'category',
  'model',
  'schedule.window',
  'schedule.plannedEnd',
]);

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
