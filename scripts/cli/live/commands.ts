/** What is live, and how it differs from what was released. Reading only. */
import { buildCommand } from '@stricli/core';
import { choice, stackNames, targetFlag, toggle } from '../flags.ts';

export const liveRoutes = {
  drift: buildCommand({
    loader: async () => (await import('./drift.ts')).driftCommand,
    parameters: {
      flags: {
        target: targetFlag,
        format: choice(['text', 'json'] as const, 'text', 'how to print the answer'),
        publish: toggle('keep an issue for each stack: opened, rewritten, closed when nothing differs'),
      },
      positional: stackNames,
    },
    docs: { brief: 'Compare what is live with what was released, and find what is in no stack' },
  }),
};
