/**
 * Reads a change record: YAML, then the schema `changes/record.schema.json`, then what a schema cannot say (fields that
 * must agree with each other or with the file's path). Whether the change is wise, allowed or approved is not decided
 * here: that is for the policies.
 */
import recordSchema from '../../../changes/record.schema.json' with { type: 'json' };
import type { AuthoredRecord, LocatedRecord } from '../../../policies/model/record.ts';
import type { Parsed } from '../../plan/types.ts';
import { tidyDiagnostics } from '../document.ts';
import { recordProblems } from './checks.ts';
import { checkSchema } from '../schema/schema.ts';
import { readYaml } from '../yaml/yaml.ts';

/**
 * The record in `text`, or everything that is wrong with it. `file` is the path as it is shown in messages; below a
 * folder `changes/` it must be `changes/<client>/<id>.yaml`.
 */
export function readRecord(text: string, file: string): Parsed<LocatedRecord> {
  const document = readYaml(text, file);
  if (!document.ok) {
    return document;
  }
  const checked = checkSchema<AuthoredRecord>(recordSchema, document.value);
  if (!checked.ok) {
    return checked;
  }
  const problems = recordProblems(checked.value, document.value);
  if (problems.length > 0) {
    return { ok: false, diagnostics: tidyDiagnostics(problems) };
  }
  return { ok: true, value: { file, record: checked.value, locations: document.value.locations } };
}
