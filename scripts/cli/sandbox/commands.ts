/** The local Cloudflare: look at it, disturb it. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { incidentLevels } from '../../read/incident/form.ts';
import { choice, optionalNumber, optionalText, requiredText, text, wholeNumber } from '../flags.ts';

const pullNumber = {
  kind: 'tuple',
  parameters: [{ parse: wholeNumber, brief: 'number of the pull request', placeholder: 'pull' }],
} as const;

const inTheNameOf = requiredText('who does it, as on the roster', 'person');

export const sandboxRoutes = buildRouteMap({
  routes: {
    show: buildCommand({
      loader: async () => (await import('./sandbox.ts')).sandboxShow,
      parameters: {
        flags: {
          type: optionalText('only this resource type', 'type'),
          format: choice(['text', 'json'] as const, 'text', 'how to print'),
        },
      },
      docs: { brief: 'List what exists in the sandbox' },
    }),
    drift: buildCommand({
      loader: async () => (await import('./sandbox.ts')).sandboxDrift,
      parameters: {
        flags: {
          type: requiredText('resource type, for example cloudflare_dns_record', 'type'),
          match: {
            ...requiredText(
              'which one: attribute=value, for example name=www.shop.example; several must all agree',
              'attribute=value',
            ),
            variadic: true,
          },
          set: optionalText('what the dashboard edit does: attribute=JSON value', 'attribute=value'),
          delete: { kind: 'boolean', brief: 'delete the object instead', default: false, withNegated: false },
        },
      },
      docs: { brief: 'Edit an object behind the back of Terraform' },
    }),
    fault: buildCommand({
      loader: async () => (await import('./sandbox.ts')).sandboxFault,
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
    report: buildCommand({
      loader: async () => (await import('./sandbox.ts')).sandboxReport,
      parameters: {
        flags: {
          type: requiredText('resource type, for example cloudflare_zone_dnssec', 'type'),
          set: optionalText(
            'what is reported, for example status=pending; without it everything has arrived',
            'attribute=value',
          ),
        },
      },
      docs: { brief: 'Report a value as on the way, as Cloudflare does until others have acted' },
    }),
    edge: buildCommand({
      loader: async () => (await import('./edge.ts')).sandboxEdge,
      parameters: {
        flags: {
          port: optionalNumber('port on 127.0.0.1 (default 8787; 0 takes a free one)', 'n'),
          store: optionalText('folder of another sandbox (default .sluice/sandbox)', 'folder'),
          origin: optionalText('server behind it, instead of one that shows what it is asked', 'url'),
        },
      },
      docs: { brief: 'Serve the zones of the sandbox over HTTP, as they are configured' },
    }),
    serve: buildCommand({
      loader: async () => (await import('./serve.ts')).sandboxServe,
      parameters: { flags: {} },
      docs: { brief: 'Keep the local Cloudflare running in a process of its own' },
    }),
    github: buildCommand({
      loader: async () => (await import('./github.ts')).sandboxGitHub,
      parameters: {
        flags: { pusher: optionalText('whose account pushes (default: the first of the roster)', 'person') },
      },
      docs: { brief: 'Serve a local GitHub for this repository, with everybody on its roster' },
    }),
    as: buildCommand({
      loader: async () => (await import('./github.ts')).sandboxAs,
      parameters: {
        flags: {},
        positional: {
          kind: 'array',
          minimum: 2,
          parameter: {
            parse: String,
            brief: 'who (on the roster, or sluice), then -- and a command, for example -- raise',
            placeholder: 'person',
          },
        },
      },
      docs: { brief: 'Run a command against the local GitHub, in the name of somebody' },
    }),
    approve: buildCommand({
      loader: async () => (await import('./github.ts')).sandboxApprove,
      parameters: {
        flags: { as: inTheNameOf, text: text('what the review says', 'text', 'Read the plan.') },
        positional: pullNumber,
      },
      docs: { brief: 'Approve a pull request of the local GitHub' },
    }),
    incident: buildCommand({
      loader: async () => (await import('./github.ts')).sandboxIncident,
      parameters: {
        flags: {
          as: inTheNameOf,
          service: requiredText('service that it is about, or the client', 'service'),
          impact: choice(incidentLevels, 'high', 'how bad it is'),
          urgency: choice(incidentLevels, 'high', 'how fast it gets worse'),
        },
        positional: {
          kind: 'tuple',
          parameters: [{ brief: 'what is seen', parse: String, placeholder: 'title' }],
        },
      },
      docs: { brief: 'Open an incident on the local GitHub, as its form does' },
    }),
    close: buildCommand({
      loader: async () => (await import('./github.ts')).sandboxClose,
      parameters: {
        flags: { as: inTheNameOf },
        positional: {
          kind: 'tuple',
          parameters: [{ parse: wholeNumber, brief: 'number of the issue', placeholder: 'issue' }],
        },
      },
      docs: { brief: 'Close an issue of the local GitHub: the incident is over' },
    }),
    comment: buildCommand({
      loader: async () => (await import('./github.ts')).sandboxComment,
      parameters: {
        flags: { as: inTheNameOf },
        positional: {
          kind: 'tuple',
          parameters: [
            { parse: wholeNumber, brief: 'number of the pull request or issue', placeholder: 'number' },
            { parse: String, brief: 'what is said, for example "/sluice ratify"', placeholder: 'text' },
          ],
        },
      },
      docs: { brief: 'Comment on a pull request or an issue of the local GitHub' },
    }),
    merge: buildCommand({
      loader: async () => (await import('./github.ts')).sandboxMerge,
      parameters: { flags: { as: inTheNameOf }, positional: pullNumber },
      docs: { brief: 'Merge a pull request of the local GitHub' },
    }),
    reset: buildCommand({
      loader: async () => (await import('./sandbox.ts')).sandboxReset,
      parameters: { flags: {} },
      docs: { brief: 'Empty the sandbox and its Terraform state' },
    }),
  },
  docs: { brief: 'The local Cloudflare: no network, no credentials' },
});
