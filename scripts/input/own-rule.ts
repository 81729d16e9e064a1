/** Reads what a rule of an estate's own answered: text from a program that was written by others. */
import schema from '../../policies/schemas/own-rule.schema.json' with { type: 'json' };
import { findingIds, type RuleHead, type RuleResult } from '../../policies/model/finding.ts';
import { limits } from '../plan/limits.ts';
import type { Diagnostic, Parsed } from '../plan/types.ts';
import { readJson } from './json.ts';
import { checkSchema } from './schema.ts';

export interface OwnRuleDocument {
  readonly rule: RuleHead;
  readonly result: RuleResult;
}

/** Anything but a description and a result, each as the schema has them, is refused; so is a kind that the rule does not have. */
export function readOwnRule(text: string, path: string): Parsed<OwnRuleDocument> {
  const document = readJson(text, path, limits.document);
  if (!document.ok) {
    return document;
  }
  const read = checkSchema<OwnRuleDocument>(schema, document.value);
  const strange = read.ok ? strangeKinds(read.value) : [];
  return strange.length === 0 ? read : { ok: false, diagnostics: strange };
}

function strangeKinds({ rule, result }: OwnRuleDocument): readonly Diagnostic[] {
  const known = findingIds(rule);
  const said = result.kind === 'judged' ? [...result.observations, ...result.doubts] : [];
  const strange = new Set(
    said
      .map(({ kind }) => (kind === undefined ? rule.id : `${rule.id}/${kind}`))
      .filter((id) => !known.includes(id)),
  );
  return [...strange].map((id) => ({ message: `it says ${id}`, expected: `one of ${known.join(', ')}` }));
}
