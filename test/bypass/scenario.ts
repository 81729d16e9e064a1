/** What a scenario proves and how that is judged. */
import type { ExitName } from '../../scripts/contract/exit-codes.ts';
import type { World } from './world.ts';

/** How a command ended, as far as scenarios look at it. */
export interface Outcome {
  readonly exit: ExitName;
  /** Checks of the gate that do not allow, rules as `rules/<id>`; empty where no decision was taken. */
  readonly checks: readonly string[];
  /** Reasons, reviewers' lines and errors. */
  readonly text: string;
}

/** An attempt that must be refused, by exactly these checks and with this reason. */
export interface Attempt {
  readonly trick: string;
  readonly outcome: Outcome;
  readonly exit: ExitName;
  /** All that refuse: one more would mean that something else failed as well. */
  readonly checks: readonly string[];
  readonly says: string;
}

export interface Proof {
  /** The same world without the trick: all of them must end well. */
  readonly honest: readonly Outcome[];
  readonly attempts: readonly Attempt[];
}

export interface Scenario {
  readonly id: string;
  readonly attack: string;
  readonly run: (world: World) => Promise<Proof>;
}

/** An attack on something that Sluice does not have. */
export interface NotApplicable {
  readonly id: string;
  readonly attack: string;
  readonly reason: string;
}

/** An attack that needs more than the gate and its commands, a kill for example: a plain test plays it, under its id. */
export interface PlayedElsewhere {
  readonly id: string;
  readonly file: string;
}

/** Why the proof does not hold; empty when it does. */
export function weaknesses({ honest, attempts }: Proof): readonly string[] {
  return [
    ...(honest.length === 0 ? ['no honest variant was tried'] : []),
    ...honest
      .filter(({ exit }) => exit !== 'ok')
      .map(({ exit, text }) => `the honest variant ended with ${exit}: ${text.slice(0, 2000)}`),
    ...(attempts.length === 0 ? ['nothing was attempted'] : []),
    ...attempts.flatMap(weaknessesOf),
  ];
}

function weaknessesOf({ trick, outcome, exit, checks, says }: Attempt): readonly string[] {
  const found: string[] = [];
  if (outcome.exit !== exit) {
    found.push(`ended with ${outcome.exit} instead of ${exit}`);
  }
  if (outcome.checks.toSorted().join() !== checks.toSorted().join()) {
    found.push(`refused by [${outcome.checks.join(', ')}] instead of [${checks.join(', ')}]`);
  }
  if (!outcome.text.includes(says)) {
    found.push(`does not say "${says}"`);
  }
  return found.length === 0 ? [] : [`${trick}: ${found.join('; ')}. It said: ${outcome.text.slice(0, 3000)}`];
}

/** What refused, for the table: checks and rules by name, an error by how the command ended. */
export function refusedBy({ attempts }: Proof): string {
  const by = attempts.flatMap(({ checks, exit }) => (checks.length === 0 ? [exit] : checks));
  const [first = 'nothing', second, third, ...more] = [...new Set(by)];
  const names = [first, second, third].filter((name) => name !== undefined).join(', ');
  return more.length === 0 ? names : `${names} and ${String(more.length)} more`;
}
