/** A command that nobody finds is none: each stands in a task of `--help`, with an example. */
import { expect, it } from 'vitest';
import { root } from '../../scripts/cli/app.ts';
import { entriesOf, isCommand, type HelpTarget } from '../../scripts/cli/help/page.ts';
import { tasks } from '../../scripts/cli/help/tasks.ts';

function pathsBelow(target: HelpTarget, path: readonly string[] = []): readonly string[] {
  return isCommand(target)
    ? [path.join(' ')]
    : entriesOf(target).flatMap(([name, next]) => pathsBelow(next, [...path, name]));
}

it('every command stands in one task of scripts/cli/help/tasks.ts, with an example that calls it', () => {
  const listed = tasks.flatMap(({ commands }) => Object.keys(commands));
  expect(listed.toSorted()).toEqual(pathsBelow(root).toSorted());
  for (const { commands } of tasks) {
    for (const [path, examples] of Object.entries(commands)) {
      expect(examples).not.toEqual([]);
      expect(
        examples.filter((each) => !each.includes(`sluice ${path.replace(/^schedule show$/u, 'schedule')}`)),
      ).toEqual([]);
    }
  }
});
