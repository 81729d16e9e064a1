import { soleReference } from '../../../scripts/plan/expression/parse.ts';
import { untold, untoldKeys } from '../../../scripts/plan/difference/lifecycle.ts';
import { valueAt } from '../../../scripts/plan/path.ts';
import type { Path, ResourceChange } from '../../../scripts/plan/types.ts';
import { providerType } from '../../../scripts/provider/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, doubt, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isLabelEdit } from '../../reading/label-edits.ts';
import { describing, placedPairs, rulePosition } from '../../reading/rulesets/rules.ts';
import { isReference, readValue } from '../../reading/values.ts';

export const planUnknownGuarded = defineRule({
  id: 'plan-unknown-guarded',
  title: 'Fields that decide which rules apply, and what is left of a resource, are known',
  area: 'plan',
  severity: 'deny',
  why: 'A value that is known only after apply cannot be reviewed before it.',
  fix: 'Write the value into the configuration instead of a reference or an expression (`count` as a number, `for_each` as an object), or let a person judge it under a waiver.',
  since: '2026-11-23',
  source: 'Bypass list B31: unknown values at policy time',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.changes.filter(
        (change) =>
          (change.after !== null && providerType(change.type)?.guarded !== undefined) ||
          untold(change) !== null,
      ),
      'no resource with a guarded field is created or changed',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  const fields = isLabelEdit(change) ? [] : (providerType(change.type)?.guarded ?? []);
  const reason = untold(change);
  return [
    ...(reason === null ? [] : doubt(subjectOf(change, untoldKeys(change) ?? undefined), reason)),
    ...fields.flatMap((field) =>
      isUnknown(change, field) ? doubt(subjectOf(change, field), `${field} is known only after apply`) : [],
    ),
  ];
}

/** Also an unknown inside the rules: a part of one that is not known may be the part that switches it off. */
function isUnknown(change: ResourceChange, field: string): boolean {
  if (readValue(change, 'after', [field]).kind === 'unknown') {
    return true;
  }
  if (field === 'items') {
    return change.attributes.some(({ path, unknown }) => path[0] === 'items' && unknown);
  }
  return (
    field === 'rules' &&
    change.unknown.some(
      (path) => path[0] === 'rules' && !isHarmless(change, path) && !isUntouched(change, path),
    )
  );
}

/** In a rule that the change leaves as it is, the same expression as before, of which nothing that it refers to changes. */
function isUntouched(change: ResourceChange, path: Path): boolean {
  const position = rulePosition(change, path);
  const place = placedPairs(change).find(({ after }) => after === position);
  const text = valueAt(change.after ?? {}, path);
  return (
    position !== null &&
    typeof place?.before === 'number' &&
    text !== undefined &&
    isReference(text) &&
    text === valueAt(change.before ?? {}, ['rules', place.before, ...path.slice(2)]) &&
    !change.attributes.some(
      (one) =>
        one.path.length === 1 ||
        (rulePosition(change, one.path) === position && one.path[2] !== 'description'),
    )
  );
}

/** Arguments that name other objects by their ids, which only the apply can tell. */
const naming: ReadonlySet<string> = new Set(['action_parameters.id', 'action_parameters.rulesets']);

function isHarmless(change: ResourceChange, path: Path): boolean {
  const names = path.slice(2).filter((segment) => typeof segment === 'string');
  if (names.length === 1 && path.length === 3) {
    return describing.has(names[0]);
  }
  return naming.has(names.join('.')) && isId(change, path);
}

/** The id of another object and nothing that is worked out. Terraform's own plan leaves the text out. */
function isId(change: ResourceChange, path: Path): boolean {
  const text = valueAt(change.after ?? {}, path);
  if (typeof text !== 'string') {
    return text === undefined || text === null;
  }
  const { rest = [], target = '' } = soleReference(text) ?? {};
  return rest.length === 1 && rest[0] === 'id' && target.startsWith('cloudflare_');
}
