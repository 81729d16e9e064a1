import { limits } from '../../../scripts/json/limits.ts';
import { parseJson } from '../../../scripts/json/parse.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { lintRules } from '../../../scripts/waf/lint/catalogue.ts';
import { lintConfiguration } from '../../../scripts/waf/lint/lint.ts';
import type { LintFinding } from '../../../scripts/waf/lint/lint.ts';
import type { PlanIndex } from '../../reading/plan-index.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { readValue, withUnknowns } from '../../reading/values.ts';

/** What the gate asks of the lint: whatever objects, and is not another policy rule's to say of every text. */
const selected = lintRules.filter(
  ({ severity, leftTo }) =>
    severity !== 'info' &&
    (leftTo === undefined || (typeof leftTo === 'object' && leftTo.of === 'expression')),
);
const known: ReadonlySet<string> = new Set(selected.map(({ id }) => id));
const ofExpressions: ReadonlySet<string> = new Set(
  selected.filter(({ leftTo }) => leftTo !== undefined).map(({ id }) => id),
);

export const wafLint = defineRule({
  id: 'waf-lint',
  title: 'Changed WAF rules and lists pass the lint rules',
  area: 'estate',
  severity: 'deny',
  why: 'What the lint finds as an error is refused by Cloudflare, or certain not to do what it says.',
  fix: 'Correct what the message names; `sluice waf lint` shows every finding.',
  since: '2026-11-26',
  source: 'Lint catalogue: sluice waf lint --rules',
  waivable: true,
  kinds: [...known],
  evaluate: (context) =>
    judgeEach(
      [...context.index.rulesets, ...changesOf(context.index, 'cloudflare_list')].filter(
        ({ after }) => after !== null,
      ),
      'no ruleset or list is added or changed',
      (change) => judge(change, context.index),
    ),
});

function judge(change: ResourceChange, { editedRules, expressions }: PlanIndex): Judgement {
  const { type, address, after, stack } = change;
  if (after === null) {
    return fine;
  }
  const changed = new Map(
    editedRules
      .filter((pair) => pair.change === change && pair.after !== null)
      .map((pair) => [pair.position, pair.subject] as const),
  );
  const options = { only: known, expressions, isInScope: (position: number) => changed.has(position) };
  const attributes = withUnknowns(after, change.unknown);
  return lintConfiguration([{ type, id: `${stack}/${address}`, attributes }], options)
    .filter((found) => isAbout(found, changed))
    .filter((found) => !(ofExpressions.has(found.ruleId) && found.path === 'expression'))
    .filter((found) => !isAboutUnknown(found, change, changed))
    .flatMap((found) => judgementOf(found, changed));
}

/** Position of the rule that a finding about a whole ruleset points at; null when it points at none. */
function positionIn({ path }: LintFinding): number | null {
  const found = /^rules\[(?<position>\d+)\]/u.exec(path)?.groups?.['position'];
  return found === undefined ? null : Number(found);
}

/** What points at a rule that does not change is not judged; what is about the whole ruleset or list is. */
function isAbout(found: LintFinding, changed: ReadonlyMap<number, string>): boolean {
  const position = positionIn(found);
  return position === null || changed.has(position);
}

/**
 * True when what is said is said of a value that comes only at apply. What is unknown elsewhere in the ruleset says
 * nothing about it. Rules of one name are told apart by nothing: it must be unknown in each of them.
 */
function isAboutUnknown(
  found: LintFinding,
  change: ResourceChange,
  changed: ReadonlyMap<number, string>,
): boolean {
  const path = stepsOf(found.path);
  const rules = [...changed].filter(([, subject]) => subject === found.subject);
  return rules.length === 0
    ? readValue(change, 'after', path).kind === 'unknown'
    : rules.every(
        ([position]) => readValue(change, 'after', ['rules', position, ...path]).kind === 'unknown',
      );
}

/** The steps of a path as the lint writes it: `action_parameters.headers["X-A"].values[0]`. */
function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(?<position>\d+)\]|\[(?<quoted>"(?:[^"\\]|\\.)*")\]|(?<name>[^.[\]]+)/gu)].map(
    ({ groups }) =>
      groups?.['position'] === undefined
        ? (groups?.['name'] ?? String(parseJson(groups?.['quoted'] ?? '""', limits.line)))
        : Number(groups['position']),
  );
}

function judgementOf(found: LintFinding, changed: ReadonlyMap<number, string>): Judgement {
  const { severity, ruleId, path, line, column, message, fix } = found;
  const place = line === null || column === null ? '' : ` ${line}:${column}`;
  const subject = changed.get(positionIn(found) ?? -1) ?? found.subject;
  return finding(subject, `${path}${place} ${message}`.trim(), `lint rule ${ruleId} passes`, {
    kind: ruleId,
    fix,
    ...(severity === 'warning' ? { severity: 'warn' } : {}),
  });
}
