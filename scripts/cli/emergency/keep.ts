/** `sluice keep`: the moves of an emergency stay: their end goes from the code, by a normal change with all that it needs. */
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { withKept, type WrittenMove } from '../../emergency/sources.ts';
import type { KnownChange } from '../../questions/types.ts';
import { carefulAnswers } from '../record/new-record.ts';
import { followUp, type FollowUpFlags } from './follow-up.ts';

export interface KeepFlags extends FollowUpFlags {
  readonly reason: string;
}

export async function keepCommand(this: SluiceContext, flags: KeepFlags, id: string): Promise<void> {
  await followUp(this, flags, id, {
    verb: 'keep',
    reason: flags.reason,
    label: 'stays',
    // What an emergency switched off protects no more: that the security seat agrees to.
    risk: (moves) => (moves.some(({ description }) => description === null) ? 'high' : 'medium'),
    refuse: refuseKept,
    edited: withKept,
    words: (emergency, moves) => {
      const what = moves.map(({ description, ref }) => description ?? `${ref} switched off`).join('; ');
      const users = `nobody new: ${what}, live since ${emergency.id}`;
      return {
        title: `Keep what ${emergency.id} switched on for ${emergency.emergency?.incident ?? ''}`,
        reason: flags.reason,
        users,
        security: `Without an end from now on: ${what}.`,
        message: `Keep what ${emergency.id} switched on`,
        fields: wholeForm(emergency, { by: flags.by, reason: flags.reason, users, what }),
      };
    },
  });
}

/** What stays for good is owed the whole form, whatever its risk, from what is known of the emergency. */
function wholeForm(
  { id, emergency, rollback }: KnownChange['record'],
  { by, reason, users, what }: Readonly<Record<'by' | 'reason' | 'users' | 'what', string>>,
): Readonly<Record<string, object | string>> {
  const { incident = 'the incident' } = emergency ?? {};
  const watch = `security events of the zone: what is stopped by ${what}`;
  return {
    benefit: reason,
    consequenceIfNot: `What ${incident} was about is let in again.`,
    impact: { level: 3, users, expectedOutage: 'PT0S' },
    likelihood: { level: 2 },
    riskAnswers: carefulAnswers,
    ...Object.fromEntries(
      ['continuityImpact', 'capacityImpact', 'availabilityImpact', 'slaImpact'].map((name) => [
        name,
        `none: ${what} is live since ${id}`,
      ]),
    ),
    plan: {
      steps: [{ n: 1, action: 'Release what the plan changes', actor: by, expected: watch, durationMin: 15 }],
    },
    test: {
      pre: [{ what: 'Plan, rules and record', how: 'sluice check', automated: true }],
      post: [
        { what: `${what}, as since ${id}`, how: 'a plan right after the release is empty', automated: true },
      ],
    },
    rollback: {
      strategy: 'revert',
      steps: rollback.steps,
      maxDurationMin: rollback.maxDurationMin ?? 15,
      triggers: ['requests that must pass are stopped'],
      decider: by,
    },
    monitoring: { watch: [watch], observeMin: 30 },
  };
}

function refuseKept(moves: readonly WrittenMove[]): void {
  const [first] = moves;
  if (first !== undefined && moves.every(({ expires }) => expires === null)) {
    throw new UsageError({
      what: `${first.description ?? first.ref} is kept already.`,
      why: 'Its end went from the code before.',
      fix: 'Nothing is left to do. To take it out, lift it.',
      next: 'sluice lift --help',
    });
  }
}
