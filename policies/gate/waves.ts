/**
 * The waves of a change: stacks that are released together, and looked at before the next ones are touched. The record may say
 * which; else they follow from the registers, so that a fault shows where it hurts least.
 */
import { compareText } from '../../scripts/json/json.ts';
import type { Register } from '../model/facts.ts';
import type { ChangeRecord, RiskLevel } from '../model/record.ts';

export type Wave = readonly string[];

export interface WaveBasis {
  readonly registers: readonly Register[];
  readonly risk: RiskLevel;
  readonly rollout: ChangeRecord['rollout'];
}

/**
 * Each of the stacks once. As written in the record; what it leaves out comes last. Left out: staging of all clients, then the
 * account, then production by tier of the client, the least critical first. At high risk and above one production stack
 * goes before the others.
 */
export function wavesOf(stacks: readonly string[], { registers, risk, rollout }: WaveBasis): readonly Wave[] {
  const written = rollout?.waves?.map((wave) => wave.filter((stack) => stacks.includes(stack))) ?? [];
  const rest = stacks.filter((stack) => !written.flat().includes(stack));
  const waves = [...written, ...(rest.length === 0 ? [] : defaultWaves(rest, { registers, risk }))];
  return waves.filter((wave) => wave.length > 0);
}

function defaultWaves(
  stacks: readonly string[],
  { registers, risk }: Pick<WaveBasis, 'registers' | 'risk'>,
): readonly Wave[] {
  const rankOfStack = (stack: string): number => rankOf(stack, registers);
  const ranked = [...new Set(stacks.map(rankOfStack))].toSorted((a, b) => a - b);
  const canary = ranked.find((rank) => rank >= firstOfProduction);
  const isCareful = risk === 'high' || risk === 'critical';
  return ranked.flatMap((rank): readonly Wave[] => {
    const group = stacks.filter((stack) => rankOfStack(stack) === rank).toSorted(compareText);
    return isCareful && rank === canary && group.length > 1 ? [group.slice(0, 1), group.slice(1)] : [group];
  });
}

const ranks = { staging: 0, account: 1, production: 2 } as const;
const firstOfProduction = ranks.production;

/** A stack that no register knows counts as production of the most critical client: it comes last. */
function rankOf(stack: string, registers: readonly Register[]): number {
  const register = registers.find(({ stacks }) => stacks.some(({ name }) => name === stack));
  const environment = register?.stacks.find(({ name }) => name === stack)?.environment ?? 'production';
  return environment === 'production' ? firstOfProduction + 3 - (register?.tier ?? 1) : ranks[environment];
}

/** What is wrong with written waves, for a change of these stacks. */
export function waveProblems(
  { waves = [] }: NonNullable<ChangeRecord['rollout']>,
  stacks: readonly string[],
  registers: readonly Register[],
): readonly string[] {
  const named = waves.flat();
  const missing = stacks.filter((stack) => !named.includes(stack));
  const idle = named.filter((stack) => !stacks.includes(stack));
  const early = waves.flatMap((wave, index) => {
    const later = waves.slice(index + 1).flat();
    return wave.filter(
      (stack) =>
        stacks.includes(stack) &&
        rankOf(stack, registers) >= firstOfProduction &&
        later.some((other) => rankOf(other, registers) < firstOfProduction),
    );
  });
  return waves.length === 0
    ? []
    : [
        ...missing.map((stack) => `${stack} changes and is in no wave`),
        ...idle.map((stack) => `${stack} is in a wave and does not change`),
        ...early.map((stack) => `${stack} goes before staging or the account`),
      ];
}
