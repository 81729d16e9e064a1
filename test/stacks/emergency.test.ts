/** What an emergency switched on, where the stack does not have what it is about any more. */
import { describe, expect, it } from 'vitest';
import type { EmergencyMoves } from '../../stacks/constructs/emergency/moves.ts';
import { settleEmergency } from '../../stacks/constructs/emergency/settle.ts';
import { WafCustomRules } from '../../stacks/constructs/waf-custom-rules.ts';
import { Zone } from '../../stacks/constructs/zone.ts';
import { synthesizeStack } from './synthesized-estate.ts';

const end = { zone: 'shop.example', incident: 'INC-41', expires: '2026-12-07' };

function stackIn(moves: EmergencyMoves) {
  return synthesizeStack((stack) => {
    stack.inEmergency(moves);
    const zone = new Zone(stack, { key: 'shop', domain: 'shop.example' });
    const rule = {
      ref: 'block-x',
      description: 'Blocks what it should',
      action: 'block',
      expression: 'ssl',
    } as const;
    const custom = new WafCustomRules(zone, { rules: [rule] });
    expect(custom.refs).toEqual(['block-x']);
    settleEmergency(stack);
  });
}

describe('a rule that is switched off', () => {
  it('is off, and says until when', () => {
    expect(JSON.stringify(stackIn({ off: [{ ...end, off: 'block-x' }] }))).toContain(
      'Blocks what it should; switched off; expires 2026-12-07, INC-41',
    );
  });

  it('is refused where the zone has none of that name any more', () => {
    expect(() => stackIn({ off: [{ ...end, off: 'block-y' }] })).toThrow(
      'INC-41 switches off block-y, which is no custom rule and no rate limit of shop.example',
    );
  });

  it('is refused where the stack has no such zone', () => {
    expect(() => stackIn({ off: [{ ...end, zone: 'trade.example', off: 'block-x' }] })).toThrow(
      'an emergency move is for trade.example, which is not a zone of the stack',
    );
  });

  it('is refused where it ends on no day', () => {
    expect(() => stackIn({ off: [{ ...end, expires: '2026-02-30', off: 'block-x' }] })).toThrow(
      '"2026-02-30" is not a date',
    );
  });

  it('stays off without an end where a change keeps it so', () => {
    const { expires: _, ...kept } = { ...end, keptBy: 'CHG-2026-0007', off: 'block-x' };
    expect(JSON.stringify(stackIn({ off: [kept] }))).toContain('"Blocks what it should; switched off"');
  });

  it('is refused where it has no end and no change keeps it, or both', () => {
    const { expires: _, ...open } = { ...end, off: 'block-x' };
    expect(() => stackIn({ off: [open] })).toThrow('the move for INC-41 has no end');
    expect(() => stackIn({ off: [{ ...end, off: 'block-x', keptBy: 'CHG-2026-0007' }] })).toThrow(
      'the move for INC-41 has an end, and a change that keeps it',
    );
  });
});
