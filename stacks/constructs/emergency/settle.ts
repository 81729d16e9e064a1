/** After a stack was declared: what its emergency moves still need, and those that lead nowhere. */
import { EstateError } from '../checks/estate-error.ts';
import type { EmergencyMoves } from './moves.ts';
import { UnderAttackMode } from './rules.ts';
import type { EstateStack } from '../estate-stack.ts';
import { RateLimits } from '../rate-limits.ts';
import { WafCustomRules } from '../waf-custom-rules.ts';
import { Zone } from '../zone.ts';

/** Throws EstateError for a zone that the stack does not have, and for a rule to switch off that is not there. */
export function settleEmergency(stack: EstateStack): void {
  const zones = stack.node.children.filter((child) => child instanceof Zone);
  const { rules = [], limits = [], underAttack = [], off = [] } = stack.moves;
  for (const move of [...rules, ...limits, ...underAttack, ...off]) {
    if (!zones.some(({ domain }) => domain === move.zone)) {
      throw new EstateError(
        stack.node.id,
        `an emergency move is for ${move.zone}, which is not a zone of the stack`,
        `Name one of ${zones.map(({ domain }) => domain).join(', ')}`,
      );
    }
  }
  for (const zone of zones) {
    settle(zone, stack.moves);
  }
}

function settle(zone: Zone, { rules = [], limits = [], underAttack = [], off = [] }: EmergencyMoves): void {
  const isHere = (move: { readonly zone: string }): boolean => move.zone === zone.domain;
  const standing = new Set(
    zone.node.children.flatMap((child) =>
      child instanceof WafCustomRules || child instanceof RateLimits ? child.refs : [],
    ),
  );
  for (const move of off.filter(isHere)) {
    if (!standing.has(move.off)) {
      throw new EstateError(
        zone.stack.node.id,
        `${move.incident} switches off ${move.off}, which is no custom rule and no rate limit of ${zone.domain}`,
        'Take the move out: the rule is gone',
      );
    }
  }
  if (rules.some(isHere) && !has(zone, WafCustomRules)) {
    new WafCustomRules(zone, { rules: [] });
  }
  if (limits.some(isHere) && !has(zone, RateLimits)) {
    new RateLimits(zone, []);
  }
  if (underAttack.some(isHere)) {
    new UnderAttackMode(zone, underAttack.filter(isHere));
  }
}

function has(zone: Zone, construct: typeof RateLimits | typeof WafCustomRules): boolean {
  return zone.node.children.some((child) => child instanceof construct);
}
