/** The local Cloudflare: look at it, disturb it. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { choice, optionalNumber, optionalText, requiredText } from './flags.ts';

export const sandboxRoutes = buildRouteMap({
  routes: {
    show: buildCommand({
      loader: async () => (await import('../commands/sandbox.ts')).sandboxShow,
      parameters: {
        flags: {
          type: optionalText('only this resource type', 'type'),
          format: choice(['text', 'json'] as const, 'text', 'how to print'),
        },
      },
      docs: { brief: 'List what exists in the sandbox' },
    }),
    drift: buildCommand({
      loader: async () => (await import('../commands/sandbox.ts')).sandboxDrift,
      parameters: {
        flags: {
          type: requiredText('resource type, for example cloudflare_dns_record', 'type'),
          match: requiredText(
            'which one: attribute=value, for example name=www.shop.example',
            'attribute=value',
          ),
          set: optionalText('what the dashboard edit does: attribute=JSON value', 'attribute=value'),
          delete: { kind: 'boolean', brief: 'delete the object instead', default: false, withNegated: false },
        },
      },
      docs: { brief: 'Edit an object behind the back of Terraform' },
    }),
    fault: buildCommand({
      loader: async () => (await import('../commands/sandbox.ts')).sandboxFault,
      parameters: {
        flags: {
          kind: choice(
            ['error', 'hang', 'drop'] as const,
            'error',
            'API error, no answer, or a dropped connection',
          ),
          on: choice(['create', 'update', 'delete', 'read'] as const, 'update', 'which call'),
          call: optionalNumber('which call fails, counted from the next one: 1 is the next', 'n'),
          status: optionalNumber('HTTP status of the API error', 'code'),
          type: optionalText('only calls for this resource type', 'type'),
        },
      },
      docs: { brief: 'Make a later call of the API fail' },
    }),
    reset: buildCommand({
      loader: async () => (await import('../commands/sandbox.ts')).sandboxReset,
      parameters: { flags: {} },
      docs: { brief: 'Empty the sandbox and its Terraform state' },
    }),
  },
  docs: { brief: 'The local Cloudflare: no network, no credentials' },
});
