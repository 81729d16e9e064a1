/**
 * Reading of our own plan documents. Strict all the way down: a plan that is not exactly of the known form would be judged
 * by what was understood of it, and the rest would pass unseen.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';

import { exceedsDepth, isObject, maxDepth, own } from '../json/json.ts';
import { actionsKind } from '../provider/kind.ts';
import schema from './plan.schema.json' with { type: 'json' };
import type { ChangeKind, Diagnostic, Parsed, Plan, ResourceChange, StackPlan } from './types.ts';

const planVersion = 1;
const maxDiagnostics = 20;

/** Compiling the schema costs milliseconds that most commands need not spend. */
let compiled: ValidateFunction | null = null;

/** The plan, or everything that is wrong with the document. Other versions are refused by number. */
export function readPlan(document: unknown): Parsed<Plan> {
  const problem = wrongKind(document);
  if (problem !== null) {
    return { ok: false, diagnostics: [problem] };
  }
  compiled ??= new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    meta: false,
    validateSchema: false,
  }).compile(schema);
  if (!compiled(document)) {
    const errors = compiled.errors ?? [];
    return { ok: false, diagnostics: errors.slice(0, maxDiagnostics).map(toDiagnostic) };
  }
  const plan = document as Plan;
  const diagnostics = [...stackProblems(plan), ...plan.stacks.flatMap(changeProblems)].slice(
    0,
    maxDiagnostics,
  );
  return diagnostics.length === 0 ? { ok: true, value: plan } : { ok: false, diagnostics };
}

function wrongKind(document: unknown): Diagnostic | null {
  if (!isObject(document) || own(document, 'kind') !== 'sluice.plan') {
    const isTerraform = isObject(document) && own(document, 'format_version') !== undefined;
    return {
      message: 'this is not a Sluice plan',
      expected: 'a document with "kind": "sluice.plan"',
      ...(isTerraform ? { fix: 'pass Terraform plans with --terraform-plan FILE' } : {}),
    };
  }
  const version = own(document, 'version');
  if (version !== planVersion) {
    return {
      message: `the plan has version ${JSON.stringify(version ?? null).slice(0, 40)}, which this Sluice cannot read`,
      expected: `version ${planVersion}`,
      fix: 'write the plan again with this version of Sluice, or use the version that wrote it',
    };
  }
  return exceedsDepth(document) ? { message: `the plan nests deeper than ${maxDepth} levels` } : null;
}

function toDiagnostic(error: ErrorObject): Diagnostic {
  const extra = error.params as Readonly<Record<string, unknown>>;
  const named = extra['additionalProperty'] ?? extra['allowedValue'] ?? extra['allowedValues'];
  return {
    message: `${error.instancePath === '' ? '/' : error.instancePath}: ${error.message ?? 'is not valid'}`,
    ...(named === undefined ? {} : { expected: JSON.stringify(named).slice(0, 200) }),
  };
}

function stackProblems(plan: Plan): readonly Diagnostic[] {
  const names = plan.stacks.map((stack) => stack.stack);
  const isSorted = names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name);
  return isSorted
    ? []
    : [{ message: '/stacks: stacks must be sorted by name, each once', found: names.join(', ') }];
}

function changeProblems(stack: StackPlan): readonly Diagnostic[] {
  const seen = new Set<string>();
  return stack.changes.flatMap((change) => {
    const problems = [
      ...(change.stack === stack.stack ? [] : ['belongs to another stack']),
      ...(seen.has(change.address) ? ['is listed twice'] : []),
      ...inconsistencies(change),
    ];
    seen.add(change.address);
    return problems.map((problem) => ({ message: `${stack.stack}/${change.address} ${problem}` }));
  });
}

/** What a change says about itself must fit together: an action list that hides a side would mislead every rule. */
function inconsistencies(change: ResourceChange): readonly string[] {
  const kind = actionsKind(change.actions);
  if (kind === null) {
    return [`has an action list that is not known: ${change.actions.join(', ')}`];
  }
  const [before, after] = [change.before !== null, change.after !== null];
  const sides = sidesOf[kind];
  return [
    ...(sides.before === null || sides.before === before
      ? []
      : [`is a ${kind} ${before ? 'of something that exists before' : 'without a side before'}`]),
    ...(sides.after === null || sides.after === after
      ? []
      : [`is a ${kind} ${after ? 'of something that exists after' : 'without a side after'}`]),
  ];
}

/** On which sides a change of a kind has values; null where both are possible. */
const sidesOf: Readonly<
  Record<ChangeKind, { readonly before: boolean | null; readonly after: boolean | null }>
> = {
  create: { before: false, after: true },
  update: { before: true, after: true },
  delete: { before: true, after: false },
  replace: { before: true, after: true },
  forget: { before: true, after: false },
  move: { before: true, after: true },
  import: { before: true, after: true },
  read: { before: null, after: true },
  'no-op': { before: null, after: null },
};
