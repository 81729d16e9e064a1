/** Writes iCalendar (RFC 5545) through a library: folding, escaping and line ends are its business. */
import ical, { ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from 'ical-generator';

export interface FeedEvent {
  /** The same for ever: a calendar program finds its copy by it. */
  readonly uid: string;
  /** Grows with every edit. */
  readonly sequence: number;
  readonly start: Date;
  readonly end: Date;
  readonly stamp: Date;
  readonly summary: string;
  readonly description: string;
  readonly status: 'tentative' | 'confirmed' | 'cancelled';
  /** Whether it takes somebody's time: a window or a freeze does not. */
  readonly isBusy: boolean;
}

const statuses = {
  tentative: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
} as const;

/** The text of a calendar with these events, times in UTC. */
export function calendarFeed(name: string, events: readonly FeedEvent[]): string {
  const calendar = ical({
    name,
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: 'Sluice', product: 'Change schedule', language: 'EN' },
  });
  for (const { uid, status, isBusy, ...event } of events) {
    calendar.createEvent({
      ...event,
      id: uid,
      status: statuses[status],
      transparency: isBusy ? ICalEventTransparency.OPAQUE : ICalEventTransparency.TRANSPARENT,
    });
  }
  return `${calendar.toString()}\r\n`;
}
