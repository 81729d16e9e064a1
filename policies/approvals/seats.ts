/**
 * Filling seats: which approvals fill which seats so that as many seats as possible are filled.
 *
 * A person fills one seat, a voice (somebody's seat, given by them or by their deputy) is heard once, and a seat takes as
 * many as are asked for. That is a maximum flow person -> voice -> seat with capacities of one; taking people in any
 * fixed order instead could let someone with two seats block a quorum that exists.
 */
import type { Seat } from '../model/seat.ts';
import { UnitFlow } from './flow.ts';
import { voiceKey } from './people.ts';
import type { Voice } from './people.ts';

/** `peer` is any seat of the team itself; the others are filled by their holders only. */
export interface SeatSlot {
  readonly seat: Seat | 'peer';
  readonly client: string | null;
}

export interface Voter {
  readonly personId: string;
  readonly voices: readonly Voice[];
}

export interface Filling {
  /** Person id to the seat they fill and on whose behalf. */
  readonly assigned: ReadonlyMap<string, { readonly slot: SeatSlot; readonly voice: Voice }>;
  readonly open: readonly SeatSlot[];
}

/** Seats whose holders can judge a change as a peer. Clients and process owners speak for something else. */
const peerSeats: ReadonlySet<Seat> = new Set(['engineer', 'change-manager', 'cab', 'ecab', 'security']);

/** One way in which a voter can be heard: a voice, and the slots it can fill. */
interface SeatWay {
  readonly voter: Voter;
  readonly voice: Voice;
  /** Ways with the same key are the same voice, whoever gives it: it is heard once. */
  readonly key: string;
  readonly slots: readonly number[];
}

/**
 * Fills the slots from the voters. The number of filled slots is the largest possible; earlier slots and earlier voters
 * are served first where there is a choice.
 */
export function fillSeats(slots: readonly SeatSlot[], voters: readonly Voter[]): Filling {
  const flow = new UnitFlow();
  const source = flow.addNode();
  const sink = flow.addNode();
  const slotNodes = slots.map(() => flow.addNode());
  const voiceExits = new Map<string, readonly number[]>();
  const entries: { readonly way: SeatWay; readonly edge: number }[] = [];
  for (const voter of voters) {
    const person = flow.addNode();
    flow.addEdge(source, person);
    for (const way of waysOf(voter, slots)) {
      const voice = flow.addNode();
      entries.push({ way, edge: flow.addEdge(person, voice) });
      voiceExits.set(way.key, [...(voiceExits.get(way.key) ?? []), voice]);
    }
  }
  const exits = [...voiceExits].flatMap(([key, nodes]) =>
    connectVoice(flow, { key, nodes, slotNodes, entries }),
  );
  for (const node of slotNodes) {
    flow.addEdge(node, sink);
    flow.augment(source, sink);
  }
  return readFilling(slots, flow, entries, exits);
}

interface Exit {
  readonly key: string;
  readonly slot: number;
  readonly edge: number;
}

/** A voice passes through one edge of capacity one, so that a principal and their deputy do not both fill a seat with it. */
function connectVoice(
  flow: UnitFlow,
  voice: {
    readonly key: string;
    readonly nodes: readonly number[];
    readonly slotNodes: readonly number[];
    readonly entries: readonly { readonly way: SeatWay }[];
  },
): readonly Exit[] {
  const [into, out] = [flow.addNode(), flow.addNode()];
  for (const node of voice.nodes) {
    flow.addEdge(node, into);
  }
  flow.addEdge(into, out);
  const reach = voice.entries.find(({ way }) => way.key === voice.key)?.way.slots ?? [];
  return reach.flatMap((slot) => {
    const node = voice.slotNodes[slot];
    return node === undefined ? [] : [{ key: voice.key, slot, edge: flow.addEdge(out, node) }];
  });
}

function readFilling(
  slots: readonly SeatSlot[],
  flow: UnitFlow,
  entries: readonly { readonly way: SeatWay; readonly edge: number }[],
  exits: readonly Exit[],
): Filling {
  const assigned = new Map<string, { readonly slot: SeatSlot; readonly voice: Voice }>();
  const filled = new Set<number>();
  for (const { way } of entries.filter((entry) => flow.isUsed(entry.edge))) {
    const exit = exits.find((each) => each.key === way.key && flow.isUsed(each.edge));
    const slot = exit === undefined ? undefined : slots[exit.slot];
    if (exit !== undefined && slot !== undefined) {
      assigned.set(way.voter.personId, { slot, voice: way.voice });
      filled.add(exit.slot);
    }
  }
  return { assigned, open: slots.filter((_, index) => !filled.has(index)) };
}

function waysOf(voter: Voter, slots: readonly SeatSlot[]): readonly SeatWay[] {
  const seats = voter.voices.map((voice) => ({
    voter,
    voice,
    key: voiceKey(voice),
    slots: indexesOf(slots, (slot) => slot.seat === voice.seat && slot.client === voice.client),
  }));
  // Only one's own seat makes a peer: a deputy is a peer by their own seats or not at all.
  const own = voter.voices.find(({ principal, seat }) => principal === voter.personId && peerSeats.has(seat));
  const peer =
    own === undefined
      ? []
      : [{ voter, voice: own, key: `peer ${voter.personId}`, slots: indexesOf(slots, isPeer) }];
  return [...seats, ...peer];
}

function isPeer(slot: SeatSlot): boolean {
  return slot.seat === 'peer';
}

function indexesOf(slots: readonly SeatSlot[], wanted: (slot: SeatSlot) => boolean): readonly number[] {
  return slots.flatMap((slot, index) => (wanted(slot) ? [index] : []));
}
