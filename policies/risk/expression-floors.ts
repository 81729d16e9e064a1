/** Floors about changed expressions: a rule that stops more, and an exception that lets more through. */
import type { RuleContext } from '../model/finding.ts';
import { countsAsProduction } from '../reading/places/reach.ts';
import { expressionChanges } from '../reading/rulesets/expression-changes.ts';
import type { ExpressionChange } from '../reading/rulesets/expression-changes.ts';
import { ruleText } from '../reading/rulesets/rules.ts';
import { isEnabled, isStopping } from '../reading/rulesets/skip-rules.ts';
import type { Floor } from './floor.ts';

export function expressionFloors(context: RuleContext): readonly Floor[] {
  const changes = expressionChanges(context.index);
  const stopping = changes.filter(
    ({ pair }) =>
      countsAsProduction(context, pair.change) && isStopping(pair, 'before') && isStopping(pair, 'after'),
  );
  const wider = stopping.filter(({ gains }) => gains !== 'no');
  const narrower = stopping.filter(({ loses }) => loses !== 'no');
  const skips = changes.filter(({ pair, gains }) => gains !== 'no' && isActiveSkip(pair));
  return [
    ...floor('block-wider', reaches(wider), 'a rule that stops requests matches more than before', wider),
    ...floor('exception-wider', 'high', 'a skip rule matches more than before', skips),
    ...floor(
      'exception-wider',
      'medium',
      'a rule that stops requests lets through what it stopped before',
      narrower,
    ),
  ];
}

function isActiveSkip(pair: ExpressionChange['pair']): boolean {
  return isEnabled(pair, 'after') && ruleText(pair, 'after', ['action']) === 'skip';
}

/** As for rules that begin to stop requests: several zones, or the account, are more than one service. */
function reaches(changes: readonly ExpressionChange[]): Floor['level'] {
  const zones = new Set(changes.map(({ pair }) => pair.change.zone));
  return zones.size > 1 || zones.has(null) ? 'high' : 'medium';
}

function floor(
  id: string,
  level: Floor['level'],
  text: string,
  changes: readonly ExpressionChange[],
): readonly Floor[] {
  const [first] = changes;
  return first === undefined
    ? []
    : [
        {
          id,
          level,
          text: `${text}, or that cannot be ruled out: ${first.pair.ref ?? 'a rule without ref'} is ${first.line}`,
          subjects: changes.map(({ pair }) => pair.subject),
        },
      ];
}
