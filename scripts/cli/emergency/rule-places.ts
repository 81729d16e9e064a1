/** Where the rule is that an emergency switches off: in the zones of the incident, once in a zone, and switched on. */
import type { Diagnostic } from '../../contract/errors.ts';
import { UsageError } from '../../contract/errors.ts';
import { nearestWord } from '../../plan/nearest-word.ts';
import { quantity } from '../../plan/quantity.ts';
import { shellWord } from '../../render/text/shell-word.ts';
import type { IncidentPlace } from './incident.ts';
import type { StandingRule } from './standing-rules.ts';

interface RuleInquiry {
  /** That the incident leaves; at least one. */
  readonly places: readonly IncidentPlace[];
  readonly rules: readonly StandingRule[];
  readonly incident: string;
  /** The same command, for another rule. */
  readonly commandFor: (ref: string) => string;
}

/** How many rules are named where the one that is meant is not there. */
const named = 8;

/** The places that have it; at least one. Throws UsageError. */
export function placesOfRule(ref: string, known: RuleInquiry): readonly IncidentPlace[] {
  const here = known.rules.filter((rule) => known.places.some((place) => isIn(place, rule)));
  const found = here.filter((rule) => rule.ref === ref);
  const [first] = found;
  if (first === undefined) {
    throw absent(ref, here, known);
  }
  const move = found.find(({ isMove }) => isMove);
  if (move !== undefined) {
    throw new UsageError({
      what: `${ref} is an emergency move itself.`,
      diagnostics: [placed(move)],
      why: 'What an emergency switched on is taken out, not switched off.',
      fix: 'Take it out of the file of moves.',
      next: 'sluice lift --help',
    });
  }
  const places = known.places.filter((place) => found.some((rule) => isIn(place, rule)));
  refuseTwice(ref, found, places);
  const on = places.filter((place) => found.some((rule) => isIn(place, rule) && rule.enabled));
  if (on.length === 0) {
    throw new UsageError({
      what: `The rule ${ref} is switched off already.`,
      diagnostics: found.map(placed),
      why: 'Nothing was written: it stops nobody.',
      fix: 'Look for the rule that does.',
      next: `sluice waf lint ${shellWord(first.stack)}`,
    });
  }
  return on;
}

function isIn({ stack, zone }: IncidentPlace, rule: StandingRule): boolean {
  return rule.stack === stack.name && rule.zone === zone;
}

function refuseTwice(ref: string, found: readonly StandingRule[], places: readonly IncidentPlace[]): void {
  const twice = places.find((place) => found.filter((rule) => isIn(place, rule)).length > 1);
  if (twice === undefined) {
    return;
  }
  const both = found.filter((rule) => isIn(twice, rule));
  throw new UsageError({
    what: `${twice.zone} has ${String(both.length)} rules ${ref}.`,
    diagnostics: both.map(placed),
    why: 'Which of them is meant cannot be told, and both would be switched off.',
    fix: 'Roll back the release that brought the wrong one, or give one of them another ref in a change of its own.',
    next: `sluice changes --stack ${shellWord(twice.stack.name)}`,
  });
}

function absent(ref: string, here: readonly StandingRule[], known: RuleInquiry): UsageError {
  const elsewhere = known.rules.filter((rule) => rule.ref === ref);
  return elsewhere.length > 0 ? ofAnotherZone(ref, elsewhere, known) : unknownRef(ref, here, known);
}

function zonesOf({ places }: RuleInquiry): string {
  return places.map(({ zone }) => zone).join(', ');
}

function ofAnotherZone(ref: string, elsewhere: readonly StandingRule[], known: RuleInquiry): UsageError {
  const zones = [...new Set(elsewhere.map(({ zone }) => zone))].join(', ');
  return new UsageError({
    what: `The rule ${ref} is of ${zones}, which ${known.incident} is not about.`,
    diagnostics: elsewhere.map(placed),
    why: `Its service is served by ${zonesOf(known)}.`,
    fix: 'Correct the service in the incident, or open one for that service.',
    next: `gh issue view ${known.incident.replace('INC-', '')}`,
  });
}

function unknownRef(ref: string, here: readonly StandingRule[], known: RuleInquiry): UsageError {
  const rules = here.filter(({ isMove }) => !isMove);
  const near = nearestWord(ref, new Set(rules.map((rule) => rule.ref)));
  const listed = near === null ? rules.slice(0, named) : rules.filter((rule) => rule.ref === near);
  return new UsageError({
    what: `No custom rule and no rate limit of ${zonesOf(known)} is called ${ref}.`,
    diagnostics: listed.map(placed),
    why: near === null ? `It has ${quantity(rules.length, 'rule')}.` : `The nearest is ${near}.`,
    fix: 'Give the ref of one that is there.',
    next: known.commandFor(near ?? rules[0]?.ref ?? ref),
  });
}

function placed({ stack, zone, ref, description, location }: StandingRule): Diagnostic {
  return { ...(location !== null && { location }), message: `${ref} of ${zone} (${stack}): ${description}` };
}
