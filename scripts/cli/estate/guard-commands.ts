/** The repository's own guard-rails on GitHub. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { choice, completed, text, toggle } from '../flags.ts';

const withoutApp = toggle('there is no GitHub App: pin the check to nobody, and say what is lost');

export const guardRoutes = buildRouteMap({
  routes: {
    show: buildCommand({
      loader: async () => (await import('./guard.ts')).guardShow,
      parameters: {
        flags: {
          branch: text('name of the default branch; check and setup ask GitHub', 'branch', 'main'),
          format: choice(['text', 'json'] as const, 'text', 'how to print the guard-rails'),
        },
      },
      docs: { brief: 'What the repository on GitHub must enforce, and why; asks nobody' },
    }),
    check: buildCommand({
      loader: async () => (await import('./guard.ts')).guardCheck,
      parameters: {
        flags: { withoutApp, format: choice(['text', 'json'] as const, 'text', 'how to print the result') },
      },
      docs: { brief: 'Compare the settings on GitHub with what they must be; writes nothing' },
    }),
    setup: buildCommand({
      loader: async () => (await import('./guard.ts')).guardSetup,
      parameters: {
        flags: {
          apply: toggle('send the requests; without it they are printed only'),
          withoutApp,
          format: choice(['text', 'json'] as const, 'text', 'how to print the requests and the result'),
        },
      },
      docs: { brief: 'Print the requests that set the repository up, or send them and check again' },
    }),
    credentials: buildCommand({
      loader: async () => (await import('./credentials.ts')).guardCredentials,
      parameters: {
        flags: {
          apply: toggle('send them; without it what would be sent is printed, without a value'),
          withoutApp,
          format: choice(['text', 'json'] as const, 'text', 'how to print the result'),
        },
        positional: {
          kind: 'tuple',
          parameters: [
            {
              brief: 'client whose stacks get the secrets that this shell has, or `gate`',
              parse: String,
              placeholder: 'client',
              proposeCompletions: completed('client'),
            },
          ],
        },
      },
      docs: { brief: 'Give the environments of a client their secrets, from the variables of this shell' },
    }),
  },
  docs: { brief: 'Rulesets, environments and rights of the repository itself' },
});
