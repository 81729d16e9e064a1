/** Floors about lists: what their changes do through the rules that use them. */
import { listEffects } from '../reading/lists/effects.ts';
import type { RuleContext } from '../model/finding.ts';
import type { ListEffect } from '../reading/lists/effects.ts';
import { countsAsProduction } from '../reading/places/reach.ts';
import { stoppingActions } from '../reading/rulesets/skip-rules.ts';
import { listUseKept } from '../rules/waf/list-use-kept.ts';
import type { Floor } from './floor.ts';

export function listFloors(context: RuleContext): readonly Floor[] {
  const effects = listEffects(context).filter(({ holder }) => countsAsProduction(context, holder));
  const stopping = effects.filter(({ action }) => stoppingActions.has(action));
  const skips = effects.filter(({ action, gains }) => action === 'skip' && gains !== 'no');
  return [
    ...emptied(context),
    ...floor(
      'block-wider',
      'medium',
      'a list makes a rule that stops requests match more',
      stopping.filter(({ gains }) => gains !== 'no'),
    ),
    ...floor('exception-wider', 'high', 'a list makes a skip rule match more', skips),
    ...floor(
      'exception-wider',
      'medium',
      'a list makes a rule that stops requests let through what it stopped',
      stopping.filter(({ loses }) => loses !== 'no'),
    ),
  ];
}

/** By the rule that refuses it, so that the two cannot disagree. */
function emptied(context: RuleContext): readonly Floor[] {
  const result = listUseKept.evaluate(context);
  const refused =
    result.kind === 'judged' ? result.observations.filter(({ severity }) => severity === undefined) : [];
  return refused.length === 0
    ? []
    : [
        {
          id: 'list-emptied',
          level: 'high',
          text: 'a list that rules use is emptied or goes away',
          subjects: refused.map(({ subject }) => subject),
        },
      ];
}

function floor(
  id: string,
  level: Floor['level'],
  text: string,
  effects: readonly ListEffect[],
): readonly Floor[] {
  const [first] = effects;
  return first === undefined
    ? []
    : [
        {
          id,
          level,
          text: `${text}, or that cannot be ruled out: through $${first.list.name}, ${first.label}: ${first.line}`,
          subjects: [...new Set(effects.flatMap(({ list, subject }) => [list.subject, subject]))],
        },
      ];
}
