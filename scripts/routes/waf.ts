/** The Rules language, for people who decide about expressions without writing them every day. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { choice } from './flags.ts';

const expression = {
  kind: 'tuple',
  parameters: [
    { parse: String, brief: 'an expression of the Rules language, in quotes', placeholder: 'expression' },
  ],
} as const;

function text(brief: string, placeholder: string) {
  return { parse: String, brief, placeholder };
}

const pair = {
  kind: 'tuple',
  parameters: [
    text('the expression as it was, in quotes', 'before'),
    text('the expression as it becomes, in quotes', 'after'),
  ],
} as const;

export const wafRoutes = buildRouteMap({
  routes: {
    compare: buildCommand({
      loader: async () => (await import('../commands/waf-compare.ts')).wafCompare,
      parameters: {
        flags: { format: choice(['text', 'json'] as const, 'text', 'how to print') },
        positional: pair,
      },
      docs: {
        brief: 'Say whether a changed expression matches more, less or the same, with an example request',
      },
    }),
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
