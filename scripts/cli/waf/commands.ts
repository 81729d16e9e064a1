/** The Rules language, for people who decide about expressions without writing them every day. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { choice, optionalText, repeatedText, text, toggle, wholeNumberOr } from '../flags.ts';

const expression = {
  kind: 'tuple',
  parameters: [
    { parse: String, brief: 'an expression of the Rules language, in quotes', placeholder: 'expression' },
  ],
} as const;

function expressionText(brief: string, placeholder: string) {
  return { parse: String, brief, placeholder };
}

/** What is taken of requests that do not say it. */
const assumed = {
  host: optionalText('host of access logs that do not name one, and of tests that ask localhost', 'host'),
  client: optionalText('address that tests and HAR documents are taken to come from', 'address'),
  country: optionalText('country of that address, such as NL', 'code'),
} as const;

/** Where an expression that is given by itself stands. */
const place = {
  kind: choice(
    ['filter', 'value', 'counting'] as const,
    'filter',
    'what it is: a filter, the value of a rewrite or redirect, or what a rate limit counts',
  ),
  phase: optionalText('phase of the ruleset that it is for, such as http_request_transform', 'phase'),
} as const;

const pair = {
  kind: 'tuple',
  parameters: [
    expressionText('the expression as it was, in quotes', 'before'),
    expressionText('the expression as it becomes, in quotes', 'after'),
  ],
} as const;

export const wafRoutes = buildRouteMap({
  routes: {
    compare: buildCommand({
      loader: async () => (await import('./compare.ts')).wafCompare,
      parameters: {
        flags: {
          traffic: repeatedText('file of recorded traffic to try both on', 'file'),
          ...assumed,
          format: choice(['text', 'json'] as const, 'text', 'how to print'),
        },
        positional: pair,
      },
      docs: {
        brief: 'Say whether a changed expression matches more, less or the same, with an example request',
      },
    }),
    explain: buildCommand({
      loader: async () => (await import('./waf.ts')).wafExplain,
      parameters: {
        flags: { ...place, format: choice(['text', 'json'] as const, 'text', 'how to print') },
        positional: expression,
      },
      docs: {
        brief: 'Say in plain words what an expression means, which fields it uses, which plan it needs',
      },
    }),
    format: buildCommand({
      loader: async () => (await import('./waf.ts')).wafFormat,
      parameters: { flags: { ...place }, positional: expression },
      docs: { brief: 'Write an expression in its usual form' },
    }),
    lint: buildCommand({
      loader: async () => (await import('./lint.ts')).wafLint,
      parameters: {
        flags: {
          stack: repeatedText('only these stacks; all when none is named', 'stack'),
          bundles: optionalText(
            'bundles written by `sluice synth --out`, in place of the working tree',
            'folder',
          ),
          expression: optionalText('one expression, in place of a configuration', 'expression'),
          ...place,
          plan: {
            kind: 'enum',
            values: ['free', 'pro', 'business', 'enterprise'],
            brief: 'plan of the zones whose plan the configuration does not say',
            optional: true,
          },
          format: choice(['text', 'json', 'sarif'] as const, 'text', 'how to print'),
          notes: toggle('print notes too, not only errors and warnings'),
          fix: toggle('rewrite what can be rewritten without a change of meaning'),
          rules: toggle('print the catalogue of rules and end'),
        },
        positional: {
          kind: 'array',
          parameter: {
            parse: String,
            brief: 'a *.tf.json configuration, or a file that holds one expression',
            placeholder: 'file',
          },
        },
      },
      docs: { brief: 'Find mistakes in rulesets, lists and expressions' },
    }),
    replay: buildCommand({
      loader: async () => (await import('./replay.ts')).wafReplay,
      parameters: {
        flags: {
          traffic: repeatedText('file of recorded traffic, plain or gzip', 'file'),
          stack: repeatedText('stack whose zones are looked at; all when left away', 'stack'),
          ...assumed,
          base: text('what to compare with: a git ref, or `released`', 'ref', 'released'),
          bundles: optionalText(
            'folder written by `sluice synth`; the working tree when left away',
            'folder',
          ),
          shard: optionalText('only this share of the traffic, such as 2/8; needs --tally', 'i/n'),
          tally: optionalText('write what was counted to this file instead of printing it', 'file'),
          format: choice(['text', 'json', 'markdown'] as const, 'text', 'how to print'),
        },
      },
      docs: {
        brief: 'Show what the new rules would have done to recorded traffic that the old ones did not',
      },
    }),
    tally: buildRouteMap({
      routes: {
        merge: buildCommand({
          loader: async () => (await import('./tally.ts')).tallyMerge,
          parameters: {
            flags: { format: choice(['text', 'json', 'markdown'] as const, 'text', 'how to print') },
            positional: {
              kind: 'array',
              parameter: {
                parse: String,
                brief: 'tally of one share, all shares in any order',
                placeholder: 'file',
              },
            },
          },
          docs: {
            brief: 'Put the tallies of all shares of a replay together: what the whole would have printed',
          },
        }),
      },
      docs: { brief: 'Tallies of a replay that was split' },
    }),
    traffic: buildRouteMap({
      routes: {
        import: buildCommand({
          loader: async () => (await import('./traffic.ts')).trafficImport,
          parameters: {
            flags: {
              out: optionalText(
                'folder for the sample; SLUICE_TRAFFIC or .sluice/traffic when left away',
                'folder',
              ),
              ...assumed,
              format: choice(['text', 'json'] as const, 'text', 'how to print'),
            },
            positional: {
              kind: 'array',
              parameter: { parse: String, brief: 'log file, plain or gzip', placeholder: 'file' },
            },
          },
          docs: { brief: 'Make a sample of recorded traffic that a change record can name' },
        }),
        generate: buildCommand({
          loader: async () => (await import('./traffic.ts')).trafficGenerate,
          parameters: {
            flags: {
              requests: wholeNumberOr(20_000, 'how many requests'),
              out: optionalText('file to write; .sluice/traffic/<client>.ndjson when left away', 'file'),
              bundles: optionalText(
                'folder written by `sluice synth`; the working tree when left away',
                'folder',
              ),
            },
            positional: {
              kind: 'tuple',
              parameters: [
                { parse: String, brief: 'example client: acme or borough', placeholder: 'client' },
              ],
            },
          },
          docs: { brief: 'Make up a day of traffic of an example client, always the same' },
        }),
      },
      docs: { brief: 'Recorded traffic' },
    }),
  },
  docs: { brief: 'The Rules language: expressions, and what rules do to traffic' },
});
