import { UsageError } from '../../contract/errors.ts';
import type { ExpressionContext } from '../../waf/reason/check.ts';
import { isPhase, phaseNames } from '../../waf/lint/rules/structure.ts';

export interface PlaceFlags {
  readonly kind: 'filter' | 'value' | 'counting';
  readonly phase?: string;
}

export type GivenPlace = ExpressionContext & { readonly kind: 'filter' | 'value' };

/** Where an expression that is given by itself stands; throws UsageError for a phase that does not exist. */
export function placeOf({ kind, phase }: PlaceFlags): GivenPlace {
  if (phase !== undefined && !isPhase(phase)) {
    throw new UsageError({
      what: `There is no phase ${phase}.`,
      why: `There are ${phaseNames().join(', ')}.`,
      next: 'sluice waf explain --help',
    });
  }
  const of = kind === 'counting' ? (phase ?? 'http_ratelimit') : phase;
  return {
    kind: kind === 'value' ? 'value' : 'filter',
    ...(of === undefined ? {} : { phase: of }),
    ...(kind === 'counting' ? { isCountingExpression: true } : {}),
  };
}
