/** Reads the documents of the ledger: limits, JSON that says one thing only, and the schema of its kind. */
import { limits } from '../../json/limits.ts';
import planSchema from '../../plan/plan.schema.json' with { type: 'json' };
import { readConfiguration } from '../../plan/terraform/configuration.ts';
import type { Diagnostic, JsonObject } from '../../plan/types.ts';
import { readJson } from '../json/json.ts';
import { checkSchema } from '../schema/schema.ts';
import decisionSchema from './decision.schema.json' with { type: 'json' };
import guardRailsSchema from './guard-rails.schema.json' with { type: 'json' };
import indexSchema from './index.schema.json' with { type: 'json' };
import indexNumbersSchema from './index-numbers.schema.json' with { type: 'json' };
import indexPageSchema from './index-page.schema.json' with { type: 'json' };
import intentSchema from './intent.schema.json' with { type: 'json' };
import liveSchema from './live.schema.json' with { type: 'json' };
import observedSchema from './observed.schema.json' with { type: 'json' };
import probesSchema from './probes.schema.json' with { type: 'json' };
import rehearsalSchema from './rehearsal.schema.json' with { type: 'json' };
import releaseSchema from './release.schema.json' with { type: 'json' };
import reviewsSchema from './reviews.schema.json' with { type: 'json' };
import signatureSchema from './signature.schema.json' with { type: 'json' };
import stateSchema from './state.schema.json' with { type: 'json' };
import trafficSchema from './traffic.schema.json' with { type: 'json' };
import type { Result } from '../../json/result.ts';

const schemas = {
  intent: intentSchema,
  release: releaseSchema,
  signature: signatureSchema,
  decision: decisionSchema,
  rehearsal: rehearsalSchema,
  traffic: trafficSchema,
  observed: observedSchema,
  probes: probesSchema,
  reviews: reviewsSchema,
  'guard-rails': guardRailsSchema,
  state: stateSchema,
  live: liveSchema,
  plan: planSchema,
  index: indexSchema,
  indexPage: indexPageSchema,
  indexNumbers: indexNumbersSchema,
} as const;

export type LedgerDocumentKind = keyof typeof schemas | 'bundle';

/** Bytes of one document. A bundle of 50,000 resources has about 30 MB; documents about one release are far below. */
const mostBytes: Readonly<Record<LedgerDocumentKind, number>> = {
  intent: 1_000_000,
  release: 20_000_000,
  signature: 10_000,
  decision: 20_000_000,
  rehearsal: 20_000_000,
  traffic: 20_000_000,
  observed: 20_000_000,
  probes: 20_000_000,
  reviews: 20_000_000,
  'guard-rails': 20_000_000,
  state: 10_000,
  live: 64_000_000,
  plan: 64_000_000,
  bundle: 64_000_000,
  index: 64_000_000,
  indexPage: 20_000_000,
  indexNumbers: 1_000_000,
};

export type LedgerDocumentReading = Result<
  JsonObject,
  { readonly faults: readonly { readonly place: string; readonly what: string }[] }
>;

/** The document, or everything that is wrong with it as `file:line:column` and words that do not repeat it. */
export function readLedgerDocument(
  kind: LedgerDocumentKind,
  path: string,
  text: string,
): LedgerDocumentReading {
  const document = readJson(text, path, {
    ...limits[kind === 'bundle' || kind === 'plan' ? 'json' : 'document'],
    bytes: mostBytes[kind],
  });
  if (!document.ok) {
    return refused(path, document.diagnostics);
  }
  const reading =
    kind === 'bundle'
      ? readConfiguration(document.value.value, path)
      : checkSchema<JsonObject>(schemas[kind], document.value);
  return reading.ok ? reading : refused(path, reading.diagnostics);
}

function refused(path: string, diagnostics: readonly Diagnostic[]): LedgerDocumentReading {
  return {
    ok: false,
    faults: diagnostics.map(({ location, message, expected }) => ({
      place: location === undefined ? path : `${location.file}:${location.line}:${location.column}`,
      what: `${message}${expected === undefined ? '' : ` (expected ${expected})`}`,
    })),
  };
}
