/** Checks the arguments of a call against the table: how many, of which kind and type, and where `[*]` may stand. */
import type { Argument, CallValue } from '../language/ast.ts';
import { checkRegexPattern, checkWildcardPattern } from './check-patterns.ts';
import type { DiagnosticLog } from '../language/diagnostics.ts';
import { functionFact } from '../language/tables.ts';
import type { FunctionFact, ParamFact } from '../language/tables.ts';
import { typeFits, typeName } from '../language/value-type.ts';
import { argumentType, isQuantifier, paramAt } from '../language/values.ts';
import { isValue } from '../language/walk.ts';

export function checkArguments(log: DiagnosticLog, text: string, call: CallValue): void {
  const fact = functionFact(call.name);
  if (fact === undefined || isQuantifier(call.name)) {
    return;
  }
  checkCount(log, fact, call);
  checkSameType(log, fact, call);
  for (const [index, argument] of call.args.entries()) {
    const param = paramAt(fact, index);
    if (param !== undefined) {
      checkKind(log, { fact, param, argument });
      checkType(log, { fact, param, argument });
      checkLiteral(log, { fact, param, argument });
      checkOnly(log, text, { fact, param, argument });
    }
    if (index > 0 && isValue(argument) && argument.spread) {
      const message = '[*] is allowed in the first argument only';
      log.add({ code: 'each-place', category: 'type', message }, argument.span);
    }
  }
}

/** Arguments of the type `T` are all of one type, which is that of the result. */
function checkSameType(log: DiagnosticLog, fact: FunctionFact, { args }: CallValue): void {
  const first = args[0] === undefined ? null : argumentType(args[0]);
  if (fact.returns.kind !== 'unknown' || first === null) {
    return;
  }
  const other = args.find((argument) => !typeFits(argumentType(argument), first));
  if (other !== undefined) {
    const message = `${fact.name}() takes values of one type, here are a ${typeName(first)} and a ${typeName(argumentType(other))}`;
    log.add({ code: 'argument-type', category: 'type', message }, other.span);
  }
}

interface Passed {
  readonly fact: FunctionFact;
  readonly param: ParamFact;
  readonly argument: Argument;
}

function checkCount(log: DiagnosticLog, fact: FunctionFact, call: CallValue): void {
  const required = fact.params.filter((param) => !param.optional).length;
  const count = call.args.length;
  if (count >= required && count <= fact.maxArgs) {
    return;
  }
  const names = fact.params.map(
    (param) => (param.optional ? `[${param.name}]` : param.name) + (param.variadic ? '…' : ''),
  );
  const message = `${fact.name}() has ${count} argument${count === 1 ? '' : 's'}`;
  log.add(
    { code: 'argument-count', category: 'type', message, suggestion: `${fact.name}(${names.join(', ')})` },
    call.span,
  );
}

function checkKind(log: DiagnosticLog, { fact, param, argument }: Passed): void {
  const isLiteral = !isValue(argument);
  if (param.kind === 'any' || (param.kind === 'field') !== isLiteral) {
    return;
  }
  const message =
    param.kind === 'field'
      ? `${fact.name}() takes a field or function as ${param.name}, not a literal`
      : `${fact.name}() takes a literal as ${param.name}`;
  log.add({ code: 'argument-kind', category: 'type', message }, argument.span);
}

function checkType(log: DiagnosticLog, { fact, param, argument }: Passed): void {
  const type = argumentType(argument);
  if (param.types.some((wanted) => typeFits(type, wanted))) {
    return;
  }
  const wanted = param.types.map(typeName).join(' or ');
  const message = `${fact.name}() takes a ${wanted} as ${param.name}, here is a ${typeName(type)}`;
  const isArray = type.kind === 'array' && !param.types.some((other) => other.kind === 'array');
  log.add(
    {
      code: 'argument-type',
      category: 'type',
      message,
      ...(isArray ? { suggestion: 'FIELD[*] inside any( … )' } : {}),
    },
    argument.span,
  );
}

function checkLiteral(log: DiagnosticLog, { fact, param, argument }: Passed): void {
  if (argument.kind === 'int') {
    const isLow = param.min !== null && argument.value < BigInt(param.min);
    const isHigh = param.max !== null && argument.value > BigInt(param.max);
    if (isLow || isHigh) {
      const message = `${param.name} of ${fact.name}() is between ${param.min ?? ''} and ${param.max ?? ''}`;
      log.add({ code: 'argument-range', category: 'type', message }, argument.span);
    }
  }
  if (argument.kind === 'string' && param.kind === 'regex') {
    checkRegexPattern(log, argument);
  }
  if (argument.kind === 'string' && param.kind === 'wildcard') {
    checkWildcardPattern(log, argument);
  }
  checkFlags(log, { fact, param, argument });
}

function checkFlags(log: DiagnosticLog, { fact, param, argument }: Passed): void {
  const { flags } = param;
  if (
    argument.kind === 'string' &&
    flags !== null &&
    Array.from(argument.bytes).some((flag) => !flags.includes(flag))
  ) {
    const message = `${param.name} of ${fact.name}() takes only the letters ${Array.from(flags).join(', ')}`;
    log.add({ code: 'argument-flags', category: 'type', message }, argument.span);
  }
}

function checkOnly(log: DiagnosticLog, text: string, { fact, param, argument }: Passed): void {
  if (
    param.only === null ||
    !isValue(argument) ||
    (argument.kind === 'field' && param.only.includes(argument.name))
  ) {
    return;
  }
  const written = text.slice(argument.span.start, argument.span.end).slice(0, 80);
  const message = `${fact.name}() takes ${param.only.join(' or ')} as ${param.name}, not ${written}`;
  log.add({ code: 'argument-field', category: 'type', message }, argument.span);
}
