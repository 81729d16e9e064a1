/** Checks names and operators against phase, plan of the zone and date, as far as these are given. */
import type { ComparisonNode, TextSpan } from '../language/ast.ts';
import type { DiagnosticLog } from '../language/diagnostics.ts';
import { fieldFact, isNetworkPhase, managedListPlan, planAtLeast } from '../language/tables.ts';
import type { CloudflarePlan, FieldFact, FunctionFact } from '../language/tables.ts';
import { isValue } from '../language/walk.ts';

/** Where an expression is to be used; what is left out is not checked. */
export interface ExpressionContext {
  /** Phase of the ruleset, such as `http_request_firewall_custom`. */
  readonly phase?: string;
  /** Plan of the zone. */
  readonly plan?: CloudflarePlan;
  /** Date for which the language is taken, YYYY-MM-DD. */
  readonly date?: string;
  /** True for the counting expression of a rate limit, which may use response fields. */
  readonly isCountingExpression?: boolean;
}

interface Allowed {
  readonly what: string;
  readonly plan: CloudflarePlan;
  readonly since: string | null;
}

function checkPlanAndDate(
  log: DiagnosticLog,
  allowed: Allowed,
  context: ExpressionContext,
  span: TextSpan,
): void {
  const { what, plan, since } = allowed;
  if (context.plan !== undefined && !planAtLeast(context.plan, plan)) {
    const isAddOn = plan === 'enterprise-addon' && context.plan === 'enterprise';
    log.add(
      {
        code: 'plan',
        category: 'context',
        severity: isAddOn ? 'warning' : 'error',
        message: isAddOn
          ? `${what} needs an add-on to the Enterprise plan`
          : `${what} needs the plan ${plan}, the zone has ${context.plan}`,
      },
      span,
    );
  }
  if (context.date !== undefined && since !== null && context.date < since) {
    log.add({ code: 'date', category: 'context', message: `${what} exists since ${since}` }, span);
  }
}

export function checkFieldContext(
  log: DiagnosticLog,
  fact: FieldFact,
  context: ExpressionContext,
  span: TextSpan,
): void {
  checkPlanAndDate(log, { what: fact.name, plan: fact.plan, since: fact.since }, context, span);
  if (!fact.usableInExpression) {
    const message = `${fact.name} is a rate-limiting characteristic and no field for expressions`;
    log.add({ code: 'not-in-expressions', category: 'context', message }, span);
  }
  checkDeprecated(log, fact, context, span);
  if (
    context.phase !== undefined &&
    !fieldIsInPhase(fact, context.phase, context.isCountingExpression ?? false)
  ) {
    const message = `${fact.name} is not available in ${context.phase}`;
    log.add({ code: 'phase', category: 'context', message }, span);
  }
}

/** In the network firewall the only deprecated field has none that says the same: there is nothing to write instead. */
function checkDeprecated(
  log: DiagnosticLog,
  fact: FieldFact,
  context: ExpressionContext,
  span: TextSpan,
): void {
  if (!fact.deprecated || fact.scope === 'network-l4') {
    return;
  }
  const replacement = usableReplacement(fact, context);
  log.add(
    {
      code: 'deprecated-field',
      category: 'style',
      severity: 'warning',
      message: `${fact.name} is deprecated${replacement === null ? ', and there is no field to write instead here' : ''}`,
      ...(replacement === null ? {} : { suggestion: replacement }),
    },
    span,
  );
}

/** The field that replaces it, when the phase and the plan have it. */
function usableReplacement({ replacedBy }: FieldFact, context: ExpressionContext): string | null {
  const found = replacedBy === null ? undefined : fieldFact(replacedBy, context.phase);
  if (found === undefined) {
    return null;
  }
  const isInPhase =
    context.phase === undefined ||
    fieldIsInPhase(found, context.phase, context.isCountingExpression ?? false);
  return isInPhase && (context.plan === undefined || planAtLeast(context.plan, found.plan))
    ? found.name
    : null;
}

function fieldIsInPhase(fact: FieldFact, phase: string, isCountingExpression: boolean): boolean {
  if (isNetworkPhase(phase)) {
    return fact.scope === 'network-l4';
  }
  if (fact.scope === 'network-l4') {
    return false;
  }
  if (fact.scope === 'http-response' && phase === 'http_ratelimit') {
    return isCountingExpression;
  }
  return fact.phases === null || fact.phases.includes(phase);
}

export function checkFunctionContext(
  log: DiagnosticLog,
  fact: FunctionFact,
  context: ExpressionContext,
  span: TextSpan,
): void {
  checkPlanAndDate(log, { what: `${fact.name}()`, plan: fact.plan, since: fact.since }, context, span);
  if (context.phase !== undefined && fact.phases !== null && !fact.phases.includes(context.phase)) {
    const message = `${fact.name}() is not documented for ${context.phase}`;
    log.add({ code: 'phase', category: 'context', severity: 'warning', message }, span);
  }
}

/** Date since which the right side of eq, ne, lt, le, gt and ge may be a field or function. */
const rightSideFieldsSince = '2026-10-01';

export function checkOperatorContext(
  log: DiagnosticLog,
  comparison: ComparisonNode,
  context: ExpressionContext,
): void {
  const { operator, operatorSpan, right } = comparison;
  if (operator === 'matches') {
    checkPlanAndDate(log, { what: 'matches', plan: 'business', since: null }, context, operatorSpan);
  }
  if (operator === 'bitwise_and') {
    const message = 'bitwise_and is not documented';
    log.add({ code: 'undocumented-operator', category: 'style', severity: 'warning', message }, operatorSpan);
  }
  if (right.kind === 'list' && right.name.startsWith('cf.')) {
    const what = `the managed list $${right.name}`;
    checkPlanAndDate(log, { what, plan: managedListPlan, since: null }, context, right.span);
  }
  if (isValue(right)) {
    const allowed: Allowed = { what: 'a field on the right side', plan: 'free', since: rightSideFieldsSince };
    checkPlanAndDate(log, allowed, context, right.span);
  }
}
