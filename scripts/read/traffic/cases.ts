/**
 * Reads a file of must-pass cases: YAML, then the schema `stacks/clients/traffic-cases.schema.json`, then what a schema
 * cannot say (that names are unique, that fields exist and have their type, that the file lies in the client's folder).
 */
import casesSchema from '../../../stacks/clients/traffic-cases.schema.json' with { type: 'json' };
import type { Parsed, SourceLocation } from '../../plan/types.ts';
import type { RecordedRequest } from '../../waf/evaluate/request.ts';
import { tidyDiagnostics } from '../document.ts';
import type { LocatedDocument } from '../document.ts';
import { checkSchema } from '../schema/schema.ts';
import { trafficCaseProblems } from './case-checks.ts';
import { writtenRequest } from './case-document.ts';
import type { WrittenCases } from './case-document.ts';
import { readYaml } from '../yaml/yaml.ts';

export interface TrafficCase {
  readonly client: string;
  readonly name: string;
  readonly why: string;
  readonly location: SourceLocation;
  readonly request: RecordedRequest;
}

/**
 * The cases in `text` in their order, or everything that is wrong with it. `file` is the path as it is shown in messages;
 * below a folder `stacks/clients/` it must be in `stacks/clients/<client>/traffic/`.
 */
export function readTrafficCases(text: string, file: string): Parsed<readonly TrafficCase[]> {
  const document = readYaml(text, file);
  return document.ok ? readLocatedCases(document.value) : document;
}

/** The same from a document that was read before. */
export function readLocatedCases(document: LocatedDocument): Parsed<readonly TrafficCase[]> {
  const checked = checkSchema<WrittenCases>(casesSchema, document);
  if (!checked.ok) {
    return checked;
  }
  const problems = trafficCaseProblems(checked.value, document);
  if (problems.length > 0) {
    return { ok: false, diagnostics: tidyDiagnostics(problems) };
  }
  const { client, cases } = checked.value;
  return {
    ok: true,
    value: cases.map(({ name, why, request }, index) => ({
      client,
      name,
      why,
      location: document.locate(`/cases/${String(index)}`),
      request: writtenRequest(request),
    })),
  };
}
