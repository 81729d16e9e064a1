/** Drift of one stack as an issue: for who is asked why, and puts it right. The same drift gives the same text. */
import type { DriftedObject, DriftReport, StackDrift } from '../../live/drift/types.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
import { linesOf } from '../plan/lines.ts';
import { code, fenced, type FoundIssue } from './issue.ts';

const mostObjects = 200;

/** One for each stack, and one for what is in none, where that was looked for. */
export function driftIssues({ stacks, skipped, unmanaged, failed }: DriftReport): readonly FoundIssue[] {
  const inNone: readonly FoundIssue[] =
    unmanaged === null
      ? []
      : [
          {
            title: 'Drift: in no stack',
            body: unmanaged.length === 0 ? null : unmanagedBody(unmanaged),
            isUncertain: failed.length > 0,
          },
        ];
  const unread = skipped.map(({ stack }) => ({ title: titleOf(stack), body: null, isUncertain: true }));
  return [...stacks.map(stackIssue), ...unread, ...inNone];
}

function titleOf(stack: string): string {
  return `Drift: ${stack}`;
}

function stackIssue(drift: StackDrift): FoundIssue {
  const { stack, drifted, state, notCompared } = drift;
  const isDrift = drifted.length + state.length > 0;
  return {
    title: titleOf(stack),
    body: isDrift ? stackBody(drift) : null,
    isUncertain: notCompared.length > 0,
  };
}

function stackBody({ stack, release, drifted, state }: StackDrift): string {
  const expressions = new Expressions();
  const lines = [
    ...drifted.slice(0, mostObjects).flatMap((object) => objectLines(object, expressions)),
    ...state.map(({ address, what }) => `state  ${address}  ${what}`),
  ];
  return [
    `What is live of ${code(stack)} is not as ${code(release)} released it.`,
    fenced(lines),
    `Find out who did it. To keep it, write it into the code and raise it (\`sluice new\`). To undo it, put it back where it was done. Sluice rewrites this text when something else differs, and closes the issue when nothing does: ${code(`sluice drift ${stack}`)}.`,
    '',
  ].join('\n\n');
}

function objectLines({ kind, change }: DriftedObject, expressions: Expressions): readonly string[] {
  const heading = `${kind === 'deleted' ? 'deleted' : 'changed'}  ${change.address}`;
  return kind === 'deleted'
    ? [heading]
    : [heading, ...linesOf(change, expressions).map(({ sign, text }) => `    ${sign} ${text}`)];
}

function unmanagedBody(unmanaged: NonNullable<DriftReport['unmanaged']>): string {
  return [
    'Cloudflare has objects in the zones and accounts of this estate that are in no stack: nobody decided on them, and no release brings them back.',
    fenced(
      unmanaged.slice(0, mostObjects).map(({ type, identity, path }) => `${type}  ${identity}  ${path}`),
    ),
    'Bring each into the code with an import, or take it away. Sluice rewrites this text when that changes, and closes the issue when none is left: `sluice drift`.',
    '',
  ].join('\n\n');
}
