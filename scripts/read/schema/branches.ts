/**
 * Errors of `oneOf` and `anyOf` without the noise. A validator reports what is wrong in every branch; the author meant
 * one of them. The branch that fits best is chosen (its constants agree, then fewest errors) and only it is reported.
 */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';

/** Compiles the subschema at a path such as `#/$defs/probe/oneOf/1`; null when the schema has no `$id`. */
export type CompileBranch = (path: string) => ValidateFunction | null;

/** A wrong constant says that another branch was meant; it outweighs any number of other problems. */
const wrongConstant = 1000;

/**
 * Drops `if` summaries, and replaces what all branches said by what the best branch says. An error that a sibling of the
 * choice raises in the same words below the choice is dropped with them: it shows once the choice is right.
 */
export function withoutBranchNoise(
  errors: readonly ErrorObject[],
  compile: CompileBranch,
): readonly ErrorObject[] {
  const plain = errors.filter((error) => error.keyword !== 'if');
  const choices = plain.filter((error) => isChoice(error));
  if (choices.length === 0) {
    return plain;
  }
  // Outermost first: an inner choice is only reported through the branch that was taken outside of it.
  const outer = choices.filter(
    (choice) => !choices.some((other) => other !== choice && isBelow(choice, other)),
  );
  const judged = outer.map((choice) => ({ choice, branches: validateBranches(choice, compile) }));
  const noise = new Set(judged.flatMap(({ branches }) => branches.flat().map((error) => signature(error))));
  const rest = plain.filter(
    (error) =>
      !outer.includes(error) &&
      !noise.has(signature(error)) &&
      !outer.some((choice) => isBelow(error, choice)),
  );
  return [...rest, ...judged.flatMap(({ choice, branches }) => bestBranch(choice, branches, compile))];
}

function isChoice(error: ErrorObject): boolean {
  return error.keyword === 'oneOf' || error.keyword === 'anyOf';
}

/** Deeper in the document than the choice, or in the schema of one of its branches. */
function isBelow(error: ErrorObject, choice: ErrorObject): boolean {
  if (error.instancePath.startsWith(`${choice.instancePath}/`)) {
    return true;
  }
  return error.instancePath === choice.instancePath && error.schemaPath.startsWith(`${choice.schemaPath}/`);
}

/** What makes two errors the same, whichever way through references they came. */
function signature({ instancePath, keyword, params }: ErrorObject): string {
  return JSON.stringify([instancePath, keyword, params]);
}

/** The errors of every branch with places in the whole document; empty when the branches cannot be looked at alone. */
function validateBranches(choice: ErrorObject, compile: CompileBranch): readonly (readonly ErrorObject[])[] {
  const branches: readonly unknown[] = Array.isArray(choice.schema) ? choice.schema : [];
  return [...branches.keys()].flatMap((index) => {
    // Inside a branch the path begins with the schema's id.
    const path = choice.schemaPath.slice(choice.schemaPath.indexOf('#'));
    const validate = compile(`${path}/${index}`);
    if (validate === null) {
      return [];
    }
    const errors = validate(choice.data) ? [] : [...(validate.errors ?? [])];
    return [
      errors.map((error) => ({ ...error, instancePath: `${choice.instancePath}${error.instancePath}` })),
    ];
  });
}

function bestBranch(
  choice: ErrorObject,
  branches: readonly (readonly ErrorObject[])[],
  compile: CompileBranch,
): readonly ErrorObject[] {
  const [best] = branches
    .map((errors) => ({ errors, cost: branchCost(errors, choice) }))
    .toSorted((left, right) => left.cost - right.cost);
  const fits = best !== undefined && best.errors.length > 0;
  if (!fits || best.errors.some((error) => isWholeTypeError(error, choice))) {
    return [choice];
  }
  return withoutBranchNoise(best.errors, compile);
}

/** Nothing of the branch fits: listing the alternatives says more than one branch's type. */
function isWholeTypeError(error: ErrorObject, choice: ErrorObject): boolean {
  return error.keyword === 'type' && error.instancePath === choice.instancePath;
}

function branchCost(errors: readonly ErrorObject[], choice: ErrorObject): number {
  return errors.reduce((sum, error) => {
    // Only a field of the value itself tells branches apart; a wrong word further down is one error among others.
    const isOwnField = error.instancePath.lastIndexOf('/') === choice.instancePath.length;
    const isConstant = isOwnField && (error.keyword === 'const' || error.keyword === 'enum');
    return sum + (isConstant || isWholeTypeError(error, choice) ? wrongConstant : 1);
  }, 0);
}
