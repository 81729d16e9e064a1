/**
 * What denies an emergency and may be waived, is waived by a person or stops it: nothing that protects gives way by itself.
 * The name that is written proves nothing; the gate wants the approval of that very person.
 */
import { mayWaive } from '../../../policies/waivers.ts';
import type { Roster } from '../../../policies/model/facts.ts';
import type { Waiver } from '../../../policies/model/record.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { checkChange } from '../../change/check-change.ts';
import { choose } from '../choose.ts';

export interface WaiverOrder {
  readonly roster: Roster;
  /** Whoever takes part cannot waive. */
  readonly by: string;
  readonly now: string;
  /** Who waives, where the command says so. */
  readonly waivedBy: string | undefined;
  /** Last day of the move, YYYY-MM-DD. */
  readonly expires: string;
  readonly reason: string;
  /** The same command, with somebody who waives. */
  readonly commandFor: (person: string) => string;
}

/** As the schema of records has it. */
const longestReason = 1000;

interface Denial {
  readonly rule: string;
  readonly subject: string;
  readonly seen: string;
}

/**
 * One waiver for each finding that denies the change in the working tree; none where nothing does, or where something does
 * that nobody can waive. Throws UsageError where nobody is named who may and nobody can be asked.
 */
export async function waiversNeeded(context: SluiceContext, order: WaiverOrder): Promise<readonly Waiver[]> {
  const denials = await waivableDenials(context);
  if (denials.length === 0) {
    return [];
  }
  const approvedBy = await waiving(context, denials, order);
  return denials.map(({ rule, subject }) => ({
    rule,
    subject,
    reason: order.reason.slice(0, longestReason),
    approvedBy,
    expires: `${order.expires}T23:59:59Z`,
  }));
}

async function waivableDenials(context: SluiceContext): Promise<readonly Denial[]> {
  const { result, rules } = await checkChange(await context.services(), { stacks: [], base: 'released' });
  const denials = result.report.findings.filter(
    ({ severity, waivedBy }) => severity === 'deny' && waivedBy === undefined,
  );
  const waivable = new Set(rules.filter(({ waivable: is }) => is).map(({ id }) => id));
  return denials.every(({ ruleId }) => waivable.has(ruleId.split('/')[0] ?? ''))
    ? denials.map(({ ruleId, subject, seen }) => ({ rule: ruleId, subject, seen }))
    : [];
}

async function waiving(
  { surroundings }: SluiceContext,
  denials: readonly Denial[],
  { roster, by, now, waivedBy, commandFor }: WaiverOrder,
): Promise<string> {
  const people = roster.people.filter(({ id }) => id !== by && mayWaive(roster, id, now));
  const one = people.find(({ seats }) => seats.some(({ seat }) => seat === 'ecab')) ?? people[0];
  const named = people.find(({ id }) => id === waivedBy);
  const what = denials.map(({ rule, subject, seen }) => `  ${rule}: ${seen} (${subject})`).join('\n');
  if (waivedBy !== undefined && named === undefined) {
    throw new UsageError({
      what: `${waivedBy} may not waive what this emergency is denied by.`,
      why: 'A holder of the security, change-manager or CAB seat does, without a part in the change.',
      fix: `Name one of ${people.map(({ id }) => id).join(', ') || 'them; the roster has nobody'}.`,
      next: commandFor(one?.id ?? '<person>'),
    });
  }
  const chosen =
    named?.id ??
    (await choose(surroundings, {
      text: `It is denied by what a person may waive:\n${what}\nWho waives it, and approves the pull request?`,
      options: people.map(({ id, name }) => [`${name} (${id})`, id] as const),
    }));
  if (chosen !== null) {
    return chosen;
  }
  throw new UsageError({
    what: `It is denied by what a person may waive:\n${what}`,
    why: 'What protects gives way to nobody in a hurry: somebody of the security, change-manager or CAB seat answers for it. Nothing was written.',
    fix: 'Ask one of them, and name who agrees; that person approves the pull request as well.',
    next: commandFor(one?.id ?? '<person>'),
  });
}
