/** The Rules language, for people who decide about expressions without writing them every day. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { choice, optionalText, repeatedText, toggle } from './flags.ts';

const expression = {
  kind: 'tuple',
  parameters: [
    { parse: String, brief: 'an expression of the Rules language, in quotes', placeholder: 'expression' },
  ],
} as const;

export const wafRoutes = buildRouteMap({
  routes: {
    explain: buildCommand({
      loader: async () => (await import('../commands/waf.ts')).wafExplain,
      parameters: {
        flags: { format: choice(['text', 'json'] as const, 'text', 'how to print') },
        positional: expression,
      },
      docs: {
        brief: 'Say in plain words what an expression means, which fields it uses, which plan it needs',
      },
    }),
    format: buildCommand({
      loader: async () => (await import('../commands/waf.ts')).wafFormat,
      parameters: { flags: {}, positional: expression },
      docs: { brief: 'Write an expression in its usual form' },
    }),
    lint: buildCommand({
      loader: async () => (await import('../commands/waf-lint.ts')).wafLint,
      parameters: {
        flags: {
          stack: repeatedText('only these stacks; all when none is named', 'stack'),
          bundles: optionalText(
            'bundles written by `sluice synth --out`, in place of the working tree',
            'folder',
          ),
          expression: optionalText('one expression, in place of a configuration', 'expression'),
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
  },
  docs: { brief: 'Expressions of the Rules language' },
});
