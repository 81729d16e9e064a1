/**
 * The slow oracle: who has agreed, worked out from the events themselves, with rules written down once more in the
 * plainest way. It knows nothing of reviews, digests or flows; it tries every way of seating people.
 */
import { begin, dismissible, minuteMs, novakEnds, play } from './history.ts';
import type { Event } from './history.ts';
import type { Who } from '../world.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';

type Role =
  | 'engineer'
  | 'change-manager'
  | 'cab'
  | 'ecab'
  | 'security'
  | 'service-delivery'
  | 'client'
  | 'process-owner';

const ownRoles: Readonly<Record<string, readonly Role[]>> = {
  okafor: ['engineer'],
  lind: ['engineer'],
  haddad: ['change-manager', 'cab'],
  novak: ['cab'],
  iyer: ['cab', 'ecab'],
  berg: ['security'],
  marsh: ['service-delivery'],
  dunne: ['engineer', 'ecab'],
  ortiz: ['client'],
  quist: ['process-owner'],
  osei: ['engineer'],
};

const lifetimeHours: Readonly<Record<RiskLevel, number>> = { low: 336, medium: 168, high: 120, critical: 72 };

/** One of the people, whatever the account. */
function personOf(who: Who): string {
  return who === 'oseiSecond' ? 'osei' : who;
}

function rolesAt(person: string, ms: number): readonly Role[] {
  return person === 'novak' && ms >= Date.parse(`${novakEnds}T00:00:00Z`) ? [] : (ownRoles[person] ?? []);
}

interface Said {
  readonly person: string;
  readonly says: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  readonly at: number;
  /** What was approved: the head, and counters of what a digest stands for. */
  readonly head: number;
  readonly content: string;
  readonly typed: boolean;
  state: string;
  dismissal: { readonly person: string; readonly reason: boolean } | null;
}

export interface World {
  readonly said: Said[];
  readonly tookPart: Set<string>;
  head: number;
  headAt: number;
  now: number;
  content: string;
}

/** Replays the events. Time and content are taken from the same history that the facts are made of. */
export function replay(events: readonly Event[]): World {
  const shown = begin();
  const world: World = {
    said: [],
    tookPart: new Set(['okafor', 'lind']),
    head: 0,
    headAt: shown.headMs,
    now: shown.nowMs,
    content: '',
  };
  for (const event of events) {
    play(shown, event);
    const { effect = 0, record = 0 } = shown.heads[shown.head] ?? {};
    world.now = shown.nowMs;
    world.content = `${effect}/${record}/${shown.policy}`;
    note(world, event, shown.head);
  }
  return world;
}

function note(world: World, event: Event, head: number): void {
  switch (event.kind) {
    case 'push':
    case 'push-back':
    case 'edit-record':
      world.tookPart.add(personOf(event.by));
      world.head = head;
      world.headAt = world.now;
      break;
    case 'review':
      world.said.push({
        person: personOf(event.by),
        says: event.says,
        at: world.now,
        head,
        content: world.content,
        typed: event.typed,
        state: event.says,
        dismissal: null,
      });
      break;
    case 'dismiss': {
      const said = world.said[dismissible(world.said, event.of)];
      if (said !== undefined) {
        said.state = 'DISMISSED';
        said.dismissal = { person: personOf(event.by), reason: event.reason };
      }
      break;
    }
    case 'change-policy':
    case 'wait':
      break;
  }
}

/** Whether the change may go ahead, by the rules alone. */
export function mayGo(world: World, level: RiskLevel): boolean {
  const latest = new Map<string, Said>();
  for (const said of world.said) {
    if (said.says !== 'COMMENTED') {
      latest.set(said.person, said);
    }
  }
  if ([...latest.values()].some((said) => isStandingVeto(said, world))) {
    return false;
  }
  const agreed = [...latest.values()].filter((said) => isGoodApproval(said, world, level));
  return canSeat(seatsFor(world, level), agreed, world.now);
}

function isStandingVeto(said: Said, world: World): boolean {
  const hadSeat = rolesAt(said.person, said.at).length > 0 || rolesAt(said.person, world.now).length > 0;
  if (said.says !== 'CHANGES_REQUESTED' || !hadSeat) {
    return false;
  }
  if (said.dismissal === null) {
    return true;
  }
  const { person, reason } = said.dismissal;
  // Dara Quist is the change manager's deputy.
  const isChair = (person === 'haddad' || person === 'quist') && !world.tookPart.has(person);
  return !(person === said.person || (isChair && reason));
}

function isGoodApproval(said: Said, world: World, level: RiskLevel): boolean {
  const hours = (world.now - said.at) / (60 * minuteMs);
  const isSameHead = said.head === world.head;
  const isTimely = isSameHead ? said.at > world.headAt : level === 'low';
  return (
    said.state === 'APPROVED' &&
    !world.tookPart.has(said.person) &&
    said.content === world.content &&
    isTimely &&
    hours <= lifetimeHours[level] &&
    (level !== 'critical' || said.typed)
  );
}

type Seat = Role | 'peer';

function seatsFor(world: World, level: RiskLevel): readonly Seat[] {
  const board = ['haddad', 'novak', 'iyer'].filter(
    (person) => !world.tookPart.has(person) && rolesAt(person, world.now).length > 0,
  );
  const twoThirds = Math.max(3, board.length - Math.floor(board.length / 3));
  const seats: Readonly<Record<RiskLevel, readonly Seat[]>> = {
    low: ['engineer'],
    medium: ['cab', 'peer'],
    high: ['change-manager', 'cab', 'peer'],
    critical: [...Array.from({ length: twoThirds }, (): Seat => 'cab'), 'service-delivery', 'client'],
  };
  return seats[level];
}

/** Tries every person in every seat, never one twice, and never Samir Haddad's seat by him and by his deputy. */
function canSeat(seats: readonly Seat[], agreed: readonly Said[], now: number): boolean {
  const [seat, ...others] = seats;
  if (seat === undefined) {
    return true;
  }
  return agreed.some((said) => {
    const own = rolesAt(said.person, said.at).length > 0 ? rolesAt(said.person, now) : [];
    const roles: readonly Role[] = said.person === 'quist' ? [...own, 'change-manager'] : own;
    const isPeer = own.some((role) =>
      ['engineer', 'change-manager', 'cab', 'ecab', 'security'].includes(role),
    );
    const fits = seat === 'peer' ? isPeer : roles.includes(seat);
    return (
      fits &&
      canSeat(
        others,
        agreed.filter((other) => other !== said),
        now,
      )
    );
  });
}
