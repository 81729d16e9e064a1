import type { Services, SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { forWhomText, stacksText } from '../../render/questions/lines.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { nextSlot, noticeDays } from '../../questions/next-slot.ts';
import { scheduleOf, type Schedule } from '../../questions/schedule.ts';
import type { Overview } from '../../questions/types.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { calendarFeed, type FeedEvent } from '../../render/questions/calendar-feed.ts';
import { renderNextSlot, renderSchedule } from '../../render/questions/schedule.ts';
import { dayMs, instantText } from '../../../policies/gate/instant.ts';
import { withSlot } from '../record/edit.ts';
import { recordInTree, saveRecord } from '../record/record-file.ts';
import { changeCalled } from './known-change.ts';

export interface ScheduleFlags {
  readonly client?: string;
  readonly days: number;
  readonly format: 'text' | 'json' | 'ics';
}

/** Two years: what is further off nobody has agreed to. */
const mostDays = 732;

/** What a calendar program shall still see of what is over. */
const feedPastDays = 28;

/** `sluice schedule`: the forward schedule of change. Reads only. */
export async function scheduleCommand(this: SluiceContext, flags: ScheduleFlags): Promise<void> {
  if (flags.days > mostDays) {
    throw new UsageError({
      what: `A schedule of ${String(flags.days)} days is too long.`,
      why: `It has every window and freeze in it: at most ${String(mostDays)} days.`,
      fix: 'Ask for fewer.',
      next: 'sluice schedule --days 90',
    });
  }
  const services = await this.services();
  const overview = await gatherOverview(services, 'without-pulls');
  const client = knownClient(flags.client, overview);
  const now = Date.parse(overview.now);
  const from = flags.format === 'ics' ? now - feedPastDays * dayMs : now;
  const schedule = scheduleOf(overview, { from, to: now + flags.days * dayMs, client });
  switch (flags.format) {
    case 'text':
      this.print(renderSchedule(schedule, { client, unknown: overview.unknown, style: this.style }));
      break;
    case 'json':
      this.print(printedJson(documentOf(schedule, overview)));
      break;
    case 'ics':
      this.print(
        calendarFeed(`Changes${client === null ? '' : ` of ${client}`}`, [
          ...(await eventsOf(services, schedule, overview)),
          ...calendarEvents(schedule, { client, now: new Date(now) }),
        ]),
      );
      break;
  }
}

function knownClient(client: string | undefined, { policy }: Overview): string | null {
  const known = policy.registers.map((register) => register.client);
  if (client !== undefined && !known.includes(client)) {
    throw new UsageError({
      what: `There is no client ${client}.`,
      why: `Registers are there for: ${known.join(', ')}.`,
      fix: 'Check the spelling.',
      next: 'sluice schedule --client <client>',
    });
  }
  return client ?? null;
}

function documentOf(schedule: Schedule, { unknown }: Overview): object {
  return {
    kind: 'sluice.schedule',
    version: 1,
    from: instantText(schedule.from),
    to: instantText(schedule.to),
    changes: schedule.changes.map(({ change, start, end, outage, status, collisions }) => ({
      id: change.record.id,
      title: change.record.title,
      client: change.record.client,
      service: change.record.service,
      start: instantText(start),
      end: instantText(end),
      status,
      state: change.state.state,
      outageSeconds: outage === null ? null : outage / 1000,
      collisions,
    })),
    services: schedule.services.map(({ client, service, outage, availability }) => ({
      client,
      service,
      outageSeconds: outage / 1000,
      availability,
    })),
    freezes: schedule.freezes,
    windows: schedule.windows.map(({ client, start, end }) => ({
      client,
      start: instantText(start),
      end: instantText(end),
    })),
    unknown,
  };
}

/** An edit of the record is a commit: their number is the sequence that a calendar program compares. */
async function eventsOf(
  { git }: Services,
  { changes }: Schedule,
  { now }: Overview,
): Promise<readonly FeedEvent[]> {
  const events: FeedEvent[] = [];
  for (const { change, start, end, status, collisions } of changes) {
    const { record, ref, file, state } = change;
    const commits = ref === null ? [] : await git.firstParents(ref, [file]);
    events.push({
      uid: `${record.id}@${record.client}.sluice`,
      sequence: Math.max(0, commits.length - 1),
      start: new Date(start),
      end: new Date(end),
      stamp: new Date(now),
      summary: `${record.id} ${record.title}`,
      description: [
        `${forWhomText(record)}: ${stacksText(record)}`,
        `${record.type}, risk ${record.risk?.declared ?? 'not declared'}, ${state.state}`,
        ...collisions.map((text) => `collides with ${text}`),
      ].join('\n'),
      status,
      isBusy: true,
    });
  }
  return events;
}

/** Freezes, and of one client its windows: those of everybody would hide what is planned. */
function calendarEvents(
  { freezes, windows }: Schedule,
  { client, now }: { readonly client: string | null; readonly now: Date },
): readonly FeedEvent[] {
  const usual = { sequence: 0, stamp: now, status: 'confirmed', isBusy: false } as const;
  return [
    ...freezes.map(({ id, kind, reason, clients, ...times }): FeedEvent => {
      const [start, end] = [new Date(times.start), new Date(times.end)];
      const whose = clients === 'all' ? 'all' : clients.join('-');
      return {
        ...usual,
        uid: `freeze-${id}-${whose}-${compact(start)}@sluice`,
        start,
        end,
        summary: `${kind} freeze ${id}`,
        description: reason,
      };
    }),
    ...windows
      .filter((window) => window.client === client)
      .map((window): FeedEvent => {
        const start = new Date(window.start);
        return {
          ...usual,
          uid: `window-${compact(start)}@${window.client}.sluice`,
          start,
          end: new Date(window.end),
          summary: `Window of ${window.client}`,
          description: 'Changes may be released',
        };
      }),
  ];
}

/** `sluice schedule next`: `undetermined` when there is no slot. Reads only, unless it is asked to write the slot down. */
export async function nextSlotCommand(
  this: SluiceContext,
  flags: { readonly format: 'text' | 'json'; readonly set: boolean },
  id: string,
): Promise<void> {
  const services = await this.services();
  const overview = await gatherOverview(services, 'without-pulls');
  const change = changeCalled(id, overview, 'schedule next');
  const next = nextSlot(change, overview, noticeDays(change, overview));
  if (typeof next === 'string') {
    throw new UsageError({
      what: `No slot can be looked for: ${next}.`,
      fix: 'Complete the record.',
      next: `sluice check --record ${change.file}`,
    });
  }
  this.print(
    flags.format === 'json'
      ? printedJson({ kind: 'sluice.next-slot', version: 1, change: id, ...next })
      : renderNextSlot(id, next, { style: this.style, isSet: flags.set }),
  );
  if (next.slot === null) {
    this.exit('undetermined');
  } else if (flags.set) {
    const file = await recordInTree(services, change);
    await saveRecord(this, { ...file, text: withSlot(file.text, next.slot) });
  }
}

/** As iCalendar writes an instant. */
function compact(at: Date): string {
  return at.toISOString().replaceAll(/[-:]|\.\d{3}/gu, '');
}
