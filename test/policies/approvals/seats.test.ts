/** Who can fill which seat, by whose voice. */
import { describe, expect, it } from 'vitest';
import type { Voice } from '../../../policies/approvals/people.ts';
import { fillSeats } from '../../../policies/approvals/seats.ts';
import type { SeatSlot } from '../../../policies/approvals/seats.ts';
import type { Seat } from '../../../policies/model/seat.ts';

const peer: SeatSlot = { seat: 'peer', client: null };
const voice = (principal: string, seat: Seat, client: string | null = null): Voice => ({
  principal,
  seat,
  client,
});
const voter = (personId: string, ...voices: readonly Voice[]) => ({ personId, voices });
const filled = (slots: readonly SeatSlot[], ...voters: readonly ReturnType<typeof voter>[]) =>
  [...fillSeats(slots, voters).assigned].map(
    ([id, { slot, voice: by }]) => `${id} ${slot.seat} as ${by.seat} of ${by.principal}`,
  );

describe('a peer', () => {
  it('is heard by the first of their own seats in the team', () => {
    expect(filled([peer], voter('a', voice('a', 'engineer'), voice('a', 'ecab')))).toEqual([
      'a peer as engineer of a',
    ]);
    expect(filled([peer], voter('a', voice('b', 'security'), voice('a', 'cab')))).toEqual([
      'a peer as cab of a',
    ]);
  });

  it.each<[string, readonly Voice[]]>([
    ['a deputy, by what they stand in for', [voice('b', 'engineer')]],
    ['a client', [voice('a', 'client-approver', 'acme')]],
    ['the process owner', [voice('a', 'process-owner')]],
    ['who has no seat', []],
  ])('is not %s', (_name, voices) => {
    expect(fillSeats([peer], [voter('a', ...voices)]).open).toEqual([peer]);
  });
});

describe('a voice', () => {
  const cab: SeatSlot = { seat: 'cab', client: null };

  it('is heard once, from its holder or from their deputy', () => {
    const [holder, deputy] = [voter('a', voice('a', 'cab')), voter('b', voice('a', 'cab'))];
    expect(filled([cab, cab], holder, deputy)).toHaveLength(1);
    expect(filled([cab, cab], holder, voter('b', voice('b', 'cab')))).toHaveLength(2);
  });

  it('is for its own client', () => {
    const seat = (client: string): SeatSlot => ({ seat: 'client-approver', client });
    const acme = voter('a', voice('a', 'client-approver', 'acme'));
    expect(fillSeats([seat('acme')], [acme]).open).toEqual([]);
    expect(fillSeats([seat('borough')], [acme]).open).toEqual([seat('borough')]);
  });
});
