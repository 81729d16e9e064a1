/**
 * Checks a document against a JSON Schema (draft 2020-12) and says everything that is wrong with it, in words for the
 * document's author: the place, what was expected, what was found, and how to fix it.
 *
 * A schema may carry `x-fix` (how to repair a value or a missing field) and `x-expected` (a shape in words, for
 * patterns) beside the standard keywords; `description` is the fallback for both.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Diagnostic, Parsed } from '../../plan/types.ts';
import { sha256Hex } from '../../json/json.ts';
import { maxDiagnostics, tidyDiagnostics } from '../document.ts';
import type { LocatedDocument } from '../document.ts';
import ajvOptions from './ajv-options.json' with { type: 'json' };
import { withoutBranchNoise } from './branches.ts';
import type { CompileBranch } from './branches.ts';
import { explainSchemaError } from './errors.ts';
import { prepared } from './prepared.ts';

interface Compiled {
  readonly validate: ValidateFunction;
  readonly branch: CompileBranch;
}

/** Raw errors that are put into words; relating them to each other takes time that grows with the square. */
const maxExamined = 1000;

/** Compiling takes tens of milliseconds and schemas are imported once, so each is compiled once per process. */
const compiledSchemas = new WeakMap<object, Compiled>();

/**
 * The document's value as `T` if the schema accepts it, else all problems at once. The schema decides what `T` means:
 * the caller keeps the two in step. Throws only if the schema itself is wrong, which is a bug.
 */
export function checkSchema<T>(schema: object, document: LocatedDocument): Parsed<T> {
  const { validate, branch } = compiledFor(schema);
  if (validate(document.value)) {
    return { ok: true, value: document.value as T };
  }
  const every = validate.errors ?? [];
  const raw = every.slice(0, maxExamined);
  const clear = withoutFormNoise(withoutBranchNoise(raw, branch));
  // A refusal without a reason would be no help: if tidying left nothing, everything is shown.
  const all = clear.length > 0 ? clear : raw;
  const listed = all.slice(0, maxDiagnostics).map((error) => toDiagnostic(error, schema, document));
  const rest = all.length - listed.length + every.length - raw.length;
  const cut = rest > 0 ? [{ message: `and ${rest} more problems in this document` }] : [];
  return { ok: false, diagnostics: [...tidyDiagnostics(listed), ...cut] };
}

/**
 * A text that is both malformed and in no valid format is one problem: the pattern's words are the clearer ones. What
 * is wrong with a key's name is reported for the key, not again for the map that holds it.
 */
function withoutFormNoise(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const malformed = new Set(
    errors.filter(({ keyword }) => keyword === 'pattern').map(({ instancePath }) => instancePath),
  );
  const repeated: ReadonlySet<string> = new Set(['format', 'minLength']);
  return errors
    .filter(({ propertyName }) => propertyName === undefined)
    .filter((error) => !repeated.has(error.keyword) || !malformed.has(error.instancePath));
}

function toDiagnostic(error: ErrorObject, schema: object, document: LocatedDocument): Diagnostic {
  const { pointer, isKey, text } = explainSchemaError(error, schema);
  const location = isKey ? document.locateKey(pointer) : document.locate(pointer);
  return { location, ...text };
}

/**
 * Null when the path leads nowhere: a choice that was reached through `$ref` reports its path below the reference, which
 * is not a place in the whole schema. All branches are then reported, which is noisy and complete.
 */
function compileReference(ajv: Ajv2020, reference: string): ValidateFunction | null {
  try {
    return ajv.compile({ $ref: reference });
  } catch (error) {
    if (error instanceof Ajv2020.MissingRefError) {
      return null;
    }
    throw error;
  }
}

/** Knows the schema by its id. That schemas are good ones is tested: here the draft's own would be compiled for each of them. */
function compilerOf(schema: object): Ajv2020 {
  const ajv = new Ajv2020(ajvOptions);
  addFormats.default(ajv, { mode: 'full' });
  ajv.addVocabulary(['x-fix', 'x-expected']);
  ajv.addSchema(schema);
  return ajv;
}

function compiledFor(schema: object): Compiled {
  const known = compiledSchemas.get(schema);
  if (known !== undefined) {
    return known;
  }
  let ajv: Ajv2020 | null = null;
  const compiler = (): Ajv2020 => (ajv ??= compilerOf(schema));
  const validate = prepared[sha256Hex(JSON.stringify(schema))] ?? compiler().compile(schema);
  const id = '$id' in schema && typeof schema.$id === 'string' ? schema.$id : '';
  const branches = new Map<string, ValidateFunction>();
  const compiled: Compiled = {
    validate,
    // A branch is compiled by reference, so that its own references still resolve against the whole schema.
    branch: (path) => {
      if (id === '') {
        return null;
      }
      const compiledBranch = branches.get(path) ?? compileReference(compiler(), `${id}${path}`);
      if (compiledBranch !== null) {
        branches.set(path, compiledBranch);
      }
      return compiledBranch;
    },
  };
  compiledSchemas.set(schema, compiled);
  return compiled;
}
