/** What the command line says about itself. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { completed } from '../flags.ts';
import type { Shell } from './shells.ts';

function completion(shell: Shell) {
  return buildCommand({
    loader: async () => (await import('./completion.ts')).completionFor(shell),
    parameters: {},
    docs: { brief: `Print what makes ${shell} complete commands, flags, ids and stacks` },
  });
}

export const helpRoutes = {
  help: buildCommand({
    loader: async () => (await import('./help.ts')).helpCommand,
    parameters: {
      flags: {},
      positional: {
        kind: 'array',
        parameter: {
          parse: String,
          brief: 'a topic or a command; the list of topics without it',
          placeholder: 'topic',
          proposeCompletions: completed('topic'),
        },
      },
    },
    docs: { brief: 'A page about a topic or a command' },
  }),
  completion: buildRouteMap({
    routes: {
      bash: completion('bash'),
      zsh: completion('zsh'),
      fish: completion('fish'),
      words: buildCommand({
        loader: async () => (await import('./completion.ts')).completionWords,
        parameters: {
          flags: {},
          positional: {
            kind: 'array',
            minimum: 1,
            parameter: {
              parse: String,
              brief: 'words of a command line after --, the last one as far as it was typed',
              placeholder: 'word',
            },
          },
        },
        docs: { brief: 'What could come next on a command line; the shells ask it' },
      }),
    },
    docs: { brief: 'Completion for bash, zsh and fish' },
  }),
};
