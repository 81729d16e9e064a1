/** The files of a stack that an emergency move is written into, as they are to be. */
import type { Services } from '../../contract/context.ts';
import { InputError, UsageError } from '../../contract/errors.ts';
import { hasMove, takingUp, withMove, type Move } from '../../emergency/sources.ts';
import { declareName } from '../../estate/names.ts';
import { loadSettings, textAt } from '../../estate/repository/files.ts';
import type { IncidentPlace } from './incident.ts';

export interface Edited {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Throws UsageError for a move that is there already, InputError where a source is not as it was generated. */
export async function editedSources(
  { files }: Services,
  root: string,
  { register, stack }: IncidentPlace,
  move: Move,
): Promise<readonly Edited[]> {
  const folder = `stacks/clients/${register.client}`;
  const program = `${folder}/${stack.environment}.ts`;
  const moves = `${folder}/emergency/${stack.environment}.ts`;
  const { library } = await loadSettings(files, root);
  const file = {
    stack: stack.name,
    library: library.startsWith('.') ? '../../../constructs/emergency/moves.ts' : library,
  };
  const before = (await textAt(files, `${root}/${program}`)) ?? '';
  const movesBefore = await textAt(files, `${root}/${moves}`);
  refuseTwice(moves, movesBefore, move);
  const [text, caller] = [
    withMove(movesBefore, move, file),
    takingUp(before, declareName(stack.name), stack.environment),
  ];
  if (text === null || caller === null) {
    const path = text === null ? moves : program;
    throw new InputError({
      what: `${path} is not as Sluice writes it, so that no place for the move is found in it.`,
      why: 'Nothing was written.',
      fix:
        text === null
          ? 'Give it the lists rules, limits, underAttack and off of EmergencyMoves, each on lines of its own.'
          : `Let ${declareName(stack.name)}(stack: EstateStack) begin with stack.inEmergency(emergency), imported from ./emergency/${stack.environment}.ts.`,
      next: `git log -- ${path}`,
    });
  }
  return caller === before
    ? [{ path: moves, text }]
    : [
        { path: moves, text },
        { path: program, text: caller },
      ];
}

function refuseTwice(path: string, text: string | null, move: Move): void {
  if (text !== null && hasMove(text, move)) {
    throw new UsageError({
      what: `${path} has this move for ${move.incident} already.`,
      why: 'Nothing was written: the same rule twice does nothing more.',
      fix: 'Ask for another move, or see what became of the first.',
      next: `git log -- ${path}`,
    });
  }
}
