/** Which rule an emergency may switch off, where the estate has several of that name, or one that does nothing already. */
import { describe, expect, it } from 'vitest';
import type { IncidentPlace } from '../../scripts/cli/emergency/incident.ts';
import { placesOfRule } from '../../scripts/cli/emergency/rule-places.ts';
import type { StandingRule } from '../../scripts/cli/emergency/standing-rules.ts';
import { UsageError } from '../../scripts/contract/errors.ts';

const place = (zone: string): IncidentPlace =>
  ({ stack: { name: 'acme-production' }, zone }) as unknown as IncidentPlace;
const rule = (given: Partial<StandingRule> = {}): StandingRule => ({
  stack: 'acme-production',
  zone: 'shop.example',
  ref: 'block-admin',
  description: 'The admin area',
  enabled: true,
  isMove: false,
  location: { file: 'stacks/clients/acme/waf.ts', line: 3, column: 5 },
  ...given,
});

function ending(...rules: readonly StandingRule[]): unknown {
  try {
    const places = [place('shop.example'), place('trade.example')];
    const commandFor = (ref: string): string => `sluice emergency 'disable rule ${ref}' --incident 1`;
    return placesOfRule('block-admin', { places, rules, incident: 'INC-1', commandFor }).map(
      ({ zone }) => zone,
    );
  } catch (error) {
    return error instanceof UsageError ? error.parts : error;
  }
}

describe('a rule to switch off', () => {
  it('is the one of its zone, and of each zone that has one switched on', () => {
    expect(ending(rule())).toEqual(['shop.example']);
    expect(ending(rule(), rule({ zone: 'trade.example', enabled: false }))).toEqual(['shop.example']);
    expect(ending(rule(), rule({ zone: 'trade.example' }))).toEqual(['shop.example', 'trade.example']);
  });

  it('is refused where a zone has two of that name, with the place of both', () => {
    expect(ending(rule(), rule({ enabled: false }))).toMatchObject({
      what: 'shop.example has 2 rules block-admin.',
      diagnostics: [{ location: { line: 3 } }, { location: { line: 3 } }],
    });
  });

  it('is refused where it is off already', () => {
    expect(ending(rule({ enabled: false }))).toMatchObject({
      what: 'The rule block-admin is switched off already.',
      diagnostics: [{ location: { line: 3 } }],
    });
  });

  it('is refused where it is an emergency move itself: that is lifted', () => {
    expect(ending(rule({ isMove: true }))).toMatchObject({
      what: 'block-admin is an emergency move itself.',
      next: 'sluice lift --help',
    });
  });
});
