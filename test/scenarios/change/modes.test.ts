/** Every pair of a flag and a mode: it is read, or it is refused with the command that is meant. */
import { describe, expect, it } from 'vitest';
import { changeRoutes } from '../../../scripts/cli/change/commands.ts';
import { releaseRoutes } from '../../../scripts/cli/release/commands.ts';
import { sandboxRoutes } from '../../../scripts/cli/sandbox/commands.ts';
import { wafRoutes } from '../../../scripts/cli/waf/commands.ts';
import {
  chooseMode,
  commandModes,
  flagName,
  type Mode,
  type ModedCommand,
} from '../../../scripts/cli/change/modes.ts';
import { UsageError } from '../../../scripts/contract/errors.ts';

/** What stricli keeps of a command, as far as it is looked at here. */
interface Routed {
  readonly parameters: { readonly flags?: Readonly<Record<string, unknown>> };
}

const inMap = (map: object, name: string): Routed =>
  (map as { readonly getRoutingTargetForInput: (input: string) => unknown }).getRoutingTargetForInput(
    name,
  ) as Routed;

const routed: Readonly<Record<ModedCommand, Routed>> = {
  new: changeRoutes.new,
  gate: changeRoutes.gate,
  plan: changeRoutes.plan,
  check: changeRoutes.check,
  release: releaseRoutes.release,
  rollback: releaseRoutes.rollback,
  'waf lint': inMap(wafRoutes, 'lint'),
  'waf compare': inMap(wafRoutes, 'compare'),
  'sandbox drift': inMap(sandboxRoutes, 'drift'),
};

const commands = Object.keys(commandModes) as readonly ModedCommand[];
const modesOf = (command: ModedCommand): readonly (readonly [string, Mode])[] =>
  Object.entries<Mode>(commandModes[command]);
const flagsOf = (command: ModedCommand): readonly string[] =>
  Object.keys(routed[command].parameters.flags ?? {});
const given = (flags: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(flags.map((flag) => [flag, 'given']));

function outcome(command: ModedCommand, flags: readonly string[]): string | UsageError {
  try {
    return chooseMode(command, given(flags));
  } catch (error) {
    if (error instanceof UsageError) {
      return error;
    }
    throw error;
  }
}

describe.each(commands)('sluice %s', (command) => {
  const modes = modesOf(command);

  it('has a mode for each of its flags, and no flag that it does not have', () => {
    const known = new Set(modes.flatMap(([, { by, takes }]) => [...by, ...takes]));
    expect([...known].toSorted()).toEqual([...flagsOf(command)].toSorted());
  });

  it.each(
    modes.flatMap(([name, mode]) =>
      flagsOf(command).map((flag) => [name, flagName(flag), mode, flag] as const),
    ),
  )('in the mode %s reads %s or refuses it', (name, shown, mode, flag) => {
    const result = outcome(command, [...new Set([...mode.by, flag])]);
    const isOwn = mode.by.includes(flag) || mode.takes.includes(flag);
    expect(typeof result === 'string' ? misreading(result) : misrefusal(result)).toBe('');

    function misreading(chosen: string): string {
      // The flag itself may ask for another mode, of which this one's flags are a part.
      const other = modes.find(([each]) => each === chosen)?.[1];
      const reads = new Set([...(other?.by ?? []), ...(other?.takes ?? [])]);
      const isRight = isOwn ? chosen === name : [flag, ...mode.by].every((each) => reads.has(each));
      return isRight ? '' : `is read as ${chosen}`;
    }

    function misrefusal({ parts: { what, next = '' } }: Exclude<typeof result, string>): string {
      const says =
        /do(?:es)? not go with|needs one of/.test(what) &&
        (what.includes(shown) || next.includes(shown) || next.includes(`sluice ${command}`)) &&
        next.startsWith(`sluice ${command}`);
      return !isOwn && says ? '' : `is refused with: ${what} ${next}`;
    }
  });
});

describe('a flag that is refused', () => {
  it.each<[ModedCommand, readonly string[], string, string]>([
    ['gate', ['facts', 'moment'], '--moment does not go with --facts.', 'sluice gate --facts <file>'],
    ['gate', ['facts', 'bundles'], '--bundles does not go with --facts.', 'sluice gate --facts <file>'],
    ['gate', ['facts', 'saveFacts'], '--save-facts does not go with --facts.', 'sluice gate --facts <file>'],
    ['gate', ['facts', 'pr'], '--pr does not go with --facts.', 'sluice gate --facts <file>'],
    ['gate', ['sweep', 'moment', 'pr'], '--moment and --pr do not go with --sweep.', 'sluice gate --sweep'],
    ['gate', [], 'sluice gate needs one of --sweep, --facts, --pr.', 'sluice gate --sweep'],
    [
      'plan',
      ['after', 'base'],
      '--base does not go with --after.',
      'sluice plan --before <file> --after <file>',
    ],
    ['waf lint', ['rules', 'fix'], '--fix does not go with --rules.', 'sluice waf lint --rules'],
  ])('of %s %j is named, with the next command', (command, flags, what, next) => {
    const result = outcome(command, flags);
    expect(result).toBeInstanceOf(UsageError);
    expect(result instanceof UsageError ? [result.parts.what, result.parts.next] : []).toEqual([what, next]);
  });

  it('is one that was given: false, empty lists and defaults ask for nothing', () => {
    expect(chooseMode('gate', { facts: 'f', publish: false, sweep: false, format: 'text' })).toBe('facts');
    expect(chooseMode('waf compare', { traffic: [], format: 'json' })).toBe('reasoned');
  });
});
