/** Arithmetic of the four risk levels. */
import type { RiskLevel } from '../model/record.ts';

const levels = ['low', 'medium', 'high', 'critical'] as const satisfies readonly RiskLevel[];

/** The worst of the given levels; `low` when there are none. */
export function worst(given: readonly RiskLevel[]): RiskLevel {
  return levels.findLast((level) => given.includes(level)) ?? 'low';
}

/** One level up, but not above `most`; a level that is already above `most` stays. */
export function raised(level: RiskLevel, most: RiskLevel = 'critical'): RiskLevel {
  const at = levels.indexOf(level);
  const limit = Math.max(at, levels.indexOf(most));
  return levels[Math.min(at + 1, limit)] ?? 'critical';
}
