/** The Rules language, for people who decide about expressions without writing them every day. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { choice } from './flags.ts';

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
  },
  docs: { brief: 'Expressions of the Rules language' },
});
