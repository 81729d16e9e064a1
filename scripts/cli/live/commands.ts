/** What is live, and how it differs from what was released. Reading only. */
import { buildCommand } from '@stricli/core';
import { choice, optionalText, repeatedText, stackNames, targetFlag, toggle } from '../flags.ts';

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
  audit: buildCommand({
    loader: async () => (await import('./audit.ts')).auditCommand,
    parameters: {
      flags: {
        target: targetFlag,
        from: optionalText('first day (UTC) or time; without it the month of yesterday', 'date'),
        to: optionalText('day or time before which it ends; without it now', 'date'),
        log: repeatedText('file of Logpush (audit_logs_v2), gz as well, instead of the API', 'file'),
        format: choice(['text', 'json'] as const, 'text', 'how to print the answer'),
        publish: toggle('keep an issue for each month and account with changes that no release made'),
      },
    },
    docs: {
      brief: "Find changes in Cloudflare's audit log that no release made, and releases it does not show",
    },
  }),
};
