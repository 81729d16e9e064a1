/** Questions about changes: nothing is published or asked of anybody, and nothing but a slot is written. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import {
  changeId,
  changeOrRelease,
  choice,
  optionalChoice,
  optionalText,
  toggle,
  wholeNumberOr,
} from '../flags.ts';

const format = choice(['text', 'json'] as const, 'text', 'how to print the answer');
const person = 'person id of the roster';

const states = [
  'draft',
  'submitted',
  'assessed',
  'authorised',
  'scheduled',
  'implementing',
  'review',
  'closed',
  'rejected',
  'on-hold',
  'cancelled',
  'aborted',
] as const;

export const questionRoutes = {
  status: buildCommand({
    loader: async () => (await import('./status.ts')).statusCommand,
    parameters: {
      flags: {
        mine: toggle('only what you answer for or are asked to review (by the account of the token)'),
        person: optionalText(`the same for somebody else: ${person}`, 'person'),
        format,
      },
    },
    docs: { brief: 'What is open, for whom it waits, what is overdue, which window is next' },
  }),
  changes: buildCommand({
    loader: async () => (await import('./changes.ts')).changesCommand,
    parameters: {
      flags: {
        client: optionalText('only of this client', 'client'),
        stack: optionalText('only those that touch this stack', 'stack'),
        state: optionalChoice(states, 'only in this state'),
        since: optionalText('made or planned at or after this date', 'time'),
        until: optionalText('made or planned before this date', 'time'),
        by: optionalText(`requester, owner, implementer or backup: ${person}`, 'person'),
        model: optionalText('only of this change model', 'model'),
        format,
      },
    },
    docs: { brief: 'List changes by client, stack, state, time, person or model' },
  }),
  show: buildCommand({
    loader: async () => (await import('./show.ts')).showCommand,
    parameters: { flags: { format }, positional: changeOrRelease },
    docs: { brief: 'Everything about one change or release' },
  }),
  whoCan: buildCommand({
    loader: async () => (await import('./who-can.ts')).whoCanCommand,
    parameters: { flags: { format }, positional: changeId },
    docs: { brief: 'Who may approve a change, who may not, and why' },
  }),
  due: buildCommand({
    loader: async () => (await import('./due.ts')).dueCommand,
    parameters: { flags: { format } },
    docs: { brief: 'What is merged and waits for its release: now, later, or past its slot' },
  }),
  schedule: buildRouteMap({
    routes: {
      show: buildCommand({
        loader: async () => (await import('./schedule.ts')).scheduleCommand,
        parameters: {
          flags: {
            client: optionalText(
              'only of this client: a calendar program gets one feed per client',
              'client',
            ),
            days: wholeNumberOr(28, 'how many days ahead'),
            format: choice(
              ['text', 'json', 'ics'] as const,
              'text',
              'how to print it; ics is for calendar programs',
            ),
          },
        },
        docs: { brief: 'What is planned when, what collides, and the loss of service that follows' },
      }),
      next: buildCommand({
        loader: async () => (await import('./schedule.ts')).nextSlotCommand,
        parameters: {
          flags: { format, set: toggle('write the slot into the record') },
          positional: changeId,
        },
        docs: { brief: 'The earliest slot for a change, and why not earlier' },
      }),
    },
    defaultCommand: 'show',
    docs: { brief: 'The forward schedule of change, also as a calendar' },
  }),
};
