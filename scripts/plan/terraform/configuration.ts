/** Reading of any `*.tf.json` that is to be compared: what is not configuration is refused with the reason. */
import { exceedsDepth, isList, isObject, maxDepth, own } from '../../json/json.ts';
import { labelled, viewOf } from '../stack-view.ts';
import type { Diagnostic, Json, JsonObject, Parsed } from '../types.ts';

/** Top-level names that Terraform 1.11 and OpenTofu read in a `.tf.json` file. */
const topLevel: ReadonlySet<string> = new Set([
  '//',
  'check',
  'data',
  'ephemeral',
  'import',
  'locals',
  'module',
  'moved',
  'output',
  'provider',
  'removed',
  'resource',
  'terraform',
  'variable',
]);

/** The configuration, or everything that is wrong with it. `file` is named in the diagnostics. */
export function readConfiguration(document: unknown, file: string): Parsed<JsonObject> {
  const location = { file, line: 1, column: 1 };
  const refuse = (problem: Omit<Diagnostic, 'location'>): Parsed<JsonObject> => ({
    ok: false,
    diagnostics: [{ location, ...problem }],
  });
  if (!isObject(document)) {
    return refuse({
      message: 'this is not a Terraform configuration',
      expected: 'a JSON object with resource, provider and other blocks',
      found: isList(document) ? 'a list' : typeof document,
    });
  }
  if (exceedsDepth(document)) {
    return refuse({ message: `the configuration nests deeper than ${maxDepth} levels` });
  }
  const other = otherKind(document);
  if (other !== null) {
    return refuse(other);
  }
  const diagnostics = [...unknownBlocks(document), ...wrongBodies(document), ...declaredTwice(document)];
  return diagnostics.length === 0
    ? { ok: true, value: document }
    : { ok: false, diagnostics: diagnostics.map((problem) => ({ location, ...problem })) };
}

/** The mistakes people make: a plan, a state file, or a bundle in place of a configuration. */
function otherKind(document: JsonObject): Omit<Diagnostic, 'location'> | null {
  if (own(document, 'resource_changes') !== undefined || own(document, 'planned_values') !== undefined) {
    return {
      message: 'this is a Terraform plan, not a configuration',
      fix: 'pass it with --terraform-plan FILE',
    };
  }
  if (own(document, 'serial') !== undefined && own(document, 'lineage') !== undefined) {
    return {
      message: 'this is a Terraform state file, not a configuration',
      fix: 'pass the *.tf.json that the state was applied from; a state may hold secrets and is never read',
    };
  }
  if (own(document, 'kind') !== undefined) {
    return {
      message: 'this is a document of Sluice, not a configuration',
      found: `kind ${JSON.stringify(own(document, 'kind'))}`,
      fix: 'for a bundle, pass the object under "configuration"',
    };
  }
  return null;
}

function unknownBlocks(document: JsonObject): readonly Omit<Diagnostic, 'location'>[] {
  return Object.keys(document)
    .filter((key) => !topLevel.has(key))
    .map((key) => ({
      message: `unknown top-level block ${JSON.stringify(key)}`,
      expected: [...topLevel].filter((name) => name !== '//').join(', '),
      fix: 'remove it or correct its name; Terraform would refuse the file as well',
    }));
}

/** Resource and data blocks whose body is not an object would silently be no resource at all. */
function wrongBodies(document: JsonObject): readonly Omit<Diagnostic, 'location'>[] {
  return ['resource', 'data'].flatMap((kind) => {
    const types = own(document, kind);
    if (types === undefined) {
      return [];
    }
    if (!isObject(types) && !isList(types)) {
      return [{ message: `"${kind}" must be an object of types`, found: describe(types) }];
    }
    return labelled(types, 0).flatMap(({ body }) =>
      Object.keys(body).flatMap((type) => wrongNames(kind, type, own(body, type) ?? null)),
    );
  });
}

function wrongNames(kind: string, type: string, names: Json): readonly Omit<Diagnostic, 'location'>[] {
  if (type === '//') {
    return [];
  }
  if (!isObject(names) && !isList(names)) {
    return [{ message: `"${kind}.${type}" must be an object of names`, found: describe(names) }];
  }
  return labelled(names, 0).flatMap(({ body }) =>
    Object.keys(body)
      .filter((name) => name !== '//' && !isObject(body[name]) && !isList(body[name]))
      .map((name) => ({
        message: `"${kind}.${type}.${name}" must be an object of arguments`,
        found: describe(body[name] ?? null),
      })),
  );
}

function declaredTwice(document: JsonObject): readonly Omit<Diagnostic, 'location'>[] {
  return viewOf(document).duplicates.map((address) => ({
    message: `${address} is declared twice`,
    fix: 'remove one of the two blocks; Terraform would refuse the configuration as well',
  }));
}

function describe(value: Json): string {
  return value === null ? 'null' : typeof value;
}
