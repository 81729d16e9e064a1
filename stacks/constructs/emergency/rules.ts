/**
 * Emergency moves: what somebody switches on at night, in one file of its own for each stack, apart from what the stack
 * always has. Each says when it ends, in the rule's own description. The constructs of the zone take them up; what no
 * construct of the zone took gets one of its own.
 */
import { Construct } from 'constructs';
import { isCalendarDate } from '../checks/calendar-date.ts';
import { EstateError } from '../checks/estate-error.ts';
import type { MoveEnd, UnderAttack } from './moves.ts';
import { declareZoneRuleset, placeOfRuleset } from '../zone-ruleset.ts';
import type { Zone } from '../zone.ts';

/** `Sign-in from AS64496; expires 2026-12-07, INC-41`; without the end where a change keeps it. */
export function emergencyDescription(
  place: string,
  text: string,
  { expires, keptBy, incident }: MoveEnd,
): string {
  if ((expires === undefined) === (keptBy === undefined)) {
    throw new EstateError(
      place,
      `the move for ${incident} has ${expires === undefined ? 'no end' : 'an end, and a change that keeps it'}`,
      'Give it expires, or keptBy with the change by which it stays',
    );
  }
  if (expires === undefined) {
    return text;
  }
  if (!isCalendarDate(expires)) {
    throw new EstateError(place, `"${expires}" is not a date`, 'Write it as YYYY-MM-DD');
  }
  return `${text}; expires ${expires}, ${incident}`;
}

/** The rules as they are written, with those that an emergency switched off. */
export function switchedOff<T extends { readonly ref: string; readonly description: string }>(
  zone: Zone,
  rules: readonly T[],
): readonly T[] {
  const off = zone.stack.moves.off?.filter((move) => move.zone === zone.domain) ?? [];
  return rules.map((rule) => {
    const move = off.find((each) => each.off === rule.ref);
    return move === undefined
      ? rule
      : {
          ...rule,
          enabled: false,
          description: emergencyDescription(rule.ref, `${rule.description}; switched off`, move),
        };
  });
}

/** One configuration ruleset: Under Attack mode as a rule, which has a description and an end, and a zone setting has neither. */
export class UnderAttackMode extends Construct {
  constructor(zone: Zone, moves: readonly UnderAttack[]) {
    super(zone, 'under-attack');
    const place = placeOfRuleset(zone, 'under_attack');
    declareZoneRuleset(this, zone, {
      subject: 'under_attack',
      phase: 'http_config_settings',
      description: `Under Attack mode of ${zone.domain}`,
      rules: moves.map((move) => ({
        ref: move.ref,
        description: emergencyDescription(`${place}#${move.ref}`, move.description, move),
        expression:
          move.host === undefined
            ? `(http.host eq "${zone.domain}" or ends_with(http.host, ".${zone.domain}"))`
            : `(http.host eq "${move.host}")`,
        action: 'set_config',
        enabled: true,
        actionParameters: { securityLevel: 'under_attack' },
      })),
    });
  }
}
