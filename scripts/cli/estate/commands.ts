/** An estate of one's own: made, grown, checked. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import {
  choice,
  optionalText,
  repeatedText,
  requiredNumber,
  requiredText,
  text,
  toggle,
  wholeNumberOr,
} from '../flags.ts';

const environments = ['production', 'staging', 'account'] as const;
const seats = [
  'engineer',
  'change-manager',
  'cab',
  'ecab',
  'security',
  'service-delivery',
  'client-approver',
  'process-owner',
] as const;

const one = (brief: string, placeholder: string) => ({ parse: String, brief, placeholder }) as const;

export const estateRoutes = {
  init: buildCommand({
    loader: async () => (await import('./init.ts')).initCommand,
    parameters: {
      flags: {
        organization: requiredText('GitHub account that owns the repository and its teams', 'name'),
        package: optionalText(
          'where npm takes the product from, unless package.json says it',
          'file:, address or version',
        ),
        stateAccount: optionalText('Cloudflare account whose R2 keeps the state', 'id'),
        stateBucket: optionalText('bucket that keeps the state', 'name'),
      },
      positional: {
        kind: 'tuple',
        parameters: [{ ...one('where to (default: here)', 'folder'), optional: true }],
      },
    },
    docs: { brief: 'Write an estate of your own' },
  }),
  doctor: buildCommand({
    loader: async () => (await import('./doctor.ts')).doctorCommand,
    parameters: {
      flags: { fix: toggle('write what is derived from the registers and differs') },
    },
    docs: { brief: 'Check an estate: its data, what is derived from it, what is missing' },
  }),
  upgrade: buildCommand({
    loader: async () => (await import('./upgrade.ts')).upgradeCommand,
    parameters: { flags: { dryRun: toggle('say what would be done, and write nothing') } },
    docs: { brief: 'Move the files of the product in an estate to the installed version' },
  }),
  client: buildRouteMap({
    routes: {
      add: buildCommand({
        loader: async () => (await import('./growth.ts')).clientAdd,
        parameters: {
          flags: {
            title: requiredText("the client's name as people say it", 'text'),
            account: requiredText('Cloudflare account id', 'id'),
            environment: choice(environments, 'production', 'environment of the first stack'),
            zone: repeatedText('zone of the first stack', 'domain'),
            tier: wholeNumberOr(1, 'tier of service, 1 to 3'),
            window: text('when releases may run', 'days times zone', 'MO-TH 10:00-16:00 UTC'),
          },
          positional: {
            kind: 'tuple',
            parameters: [one('id of the client: lower-case words joined by hyphens', 'client')],
          },
        },
        docs: { brief: 'Add a client that is being taken over, with its first stack' },
      }),
    },
    docs: { brief: 'Clients of the estate' },
  }),
  stack: buildRouteMap({
    routes: {
      add: buildCommand({
        loader: async () => (await import('./growth.ts')).stackAdd,
        parameters: {
          flags: {
            zone: repeatedText('zone of the stack', 'domain'),
            service: optionalText('service that production zones belong to (default: the first)', 'id'),
          },
          positional: {
            kind: 'tuple',
            parameters: [one('id of the client', 'client'), one(environments.join(', '), 'environment')],
          },
        },
        docs: { brief: 'Add a stack to a client' },
      }),
    },
    docs: { brief: 'Stacks of the estate' },
  }),
  rule: buildRouteMap({
    routes: {
      add: buildCommand({
        loader: async () => (await import('./growth.ts')).ruleAdd,
        parameters: {
          flags: {
            title: text('what the rule asks for', 'text', 'DNS answers are kept for at least five minutes'),
            why: text(
              'why it matters, for who reads its finding',
              'text',
              'Resolvers ask again for every short-lived answer.',
            ),
          },
          positional: {
            kind: 'tuple',
            parameters: [one('name: lower-case words joined by hyphens', 'name')],
          },
        },
        docs: { brief: 'Add a rule of your own, with its cases' },
      }),
    },
    docs: { brief: 'Rules of the estate' },
  }),
  person: buildRouteMap({
    routes: {
      add: buildCommand({
        loader: async () => (await import('./growth.ts')).personAdd,
        parameters: {
          flags: {
            name: requiredText('name as people say it', 'text'),
            account: requiredNumber('numeric id of the account at GitHub', 'number'),
            seat: {
              kind: 'enum',
              values: seats,
              variadic: true,
              brief: 'what they may agree to, for example cab',
            },
            client: optionalText('client that a client approver speaks for', 'client'),
            from: optionalText('first day, YYYY-MM-DD (default: today, UTC)', 'date'),
          },
          positional: {
            kind: 'tuple',
            parameters: [one('id used in records, for example r.okafor', 'person')],
          },
        },
        docs: { brief: 'Add somebody to the roster, or seats to somebody on it' },
      }),
    },
    docs: { brief: 'People who may agree' },
  }),
};
