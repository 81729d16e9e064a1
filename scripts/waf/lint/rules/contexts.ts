/** What the phase of a ruleset and the plan of a zone allow in an expression. */
import type { LanguageDiagnostic } from '../../language/diagnostics.ts';
import { fieldFact } from '../../language/tables.ts';
import { hitsOf } from '../diagnostic-hits.ts';
import { rulesFrom } from '../rule.ts';
import type { LintFinder, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare Rules language reference, fields and functions; plans');

/** Findings about phase and plan do not say which part they are about; the text at their place does. */
function context(
  wanted: 'phase' | 'plan',
  isMeant: (written: string, one: LanguageDiagnostic) => boolean,
): LintFinder {
  return {
    on: 'expression',
    find: (expression) =>
      hitsOf(
        expression,
        (one) => one.code === wanted && isMeant(expression.text.slice(one.span.start, one.span.end), one),
      ),
  };
}

function scopeOf(written: string): string | undefined {
  return fieldFact(written.replace(/\[.*$/su, ''))?.scope;
}

const withoutBody: ReadonlySet<string> = new Set([
  'http_config_settings',
  'http_request_cache_settings',
  'http_request_dynamic_redirect',
  'http_request_late_transform',
  'http_request_origin',
  'http_request_redirect',
  'http_request_transform',
]);
const isResponse = (written: string): boolean => scopeOf(written) === 'http-response';
const isOperator = (written: string): boolean => written === 'matches' || written === '~';

export const contextRules: readonly LintRule[] = [
  define(
    'response-field',
    'error',
    [
      'Response fields are used in response phases only',
      'There is no response yet when a request phase runs; Cloudflare refuses the field.',
      'Use a request field, or a counting expression in rate limits.',
    ],
    context('phase', (written, one) => one.severity === 'error' && isResponse(written)),
  ),
  define(
    'body-field',
    'warning',
    [
      'Body fields are used where there is a body',
      'The body is read for the WAF and rate limits; phases that rewrite, redirect or configure do not have it.',
      'Move the rule to a WAF phase, or decide without the body.',
    ],
    {
      on: 'expression',
      find: ({ fields, phase = '' }) =>
        withoutBody.has(phase)
          ? fields
              .filter(({ name }) => name.startsWith('http.request.body.'))
              .map(({ name, span }) => ({ message: `${name} in ${phase}`, span }))
          : [],
    },
  ),
  define(
    'field-phase',
    'error',
    [
      'Fields exist in the phase',
      'Cloudflare refuses a field outside its phases.',
      'Use a field of the phase, or move the rule.',
    ],
    context('phase', (written, one) => one.severity === 'error' && !isResponse(written)),
  ),
  define(
    'function-phase',
    'warning',
    [
      'Functions are documented for the phase',
      'Most functions work in few phases only.',
      'Use the function in a phase that its reference names.',
    ],
    context('phase', (_written, one) => one.severity === 'warning'),
  ),
  define(
    'plan-regex',
    'error',
    [
      'The plan of the zone has matches',
      'Regular expressions need Business; the API refuses them on Free and Pro.',
      'Use wildcard, contains or starts_with.',
    ],
    context('plan', (written, one) => one.severity === 'error' && isOperator(written)),
  ),
  define(
    'plan-needed',
    'error',
    [
      'The plan of the zone has the field or function',
      'The API refuses what the plan does not have.',
      'Use another field, or change the plan first.',
    ],
    context('plan', (written, one) => one.severity === 'error' && !isOperator(written)),
  ),
  define(
    'plan-add-on',
    'warning',
    [
      'The add-on is bought',
      'On Enterprise some fields need an add-on; without it they are refused or empty.',
      'Check the contract of the zone.',
    ],
    context('plan', (_written, one) => one.severity === 'warning'),
  ),
];
