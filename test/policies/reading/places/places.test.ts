/** What lies where, and what only looks as if it did. */
import { expect, it } from 'vitest';
import {
  clientAt,
  isDecisionData,
  placeOf,
  policyFileAt,
  recordIdAt,
} from '../../../../policies/reading/places/places.ts';

it.each([
  ['changes/acme/CHG-2026-0042.yaml', 'record', true],
  ['policies/roster.yaml', 'policy', true],
  ['policies/emergency-changes.yaml', 'policy', true],
  ['stacks/clients/acme/service.yaml', 'register', true],
  ['stacks/clients/acme/traffic/shop.yaml', 'trafficCases', true],
  ['changes/acme/evidence/mail.pdf', 'evidence', false],
  ['stacks/clients/acme/production.ts', 'clientStack', false],
  ['stacks/base.ts', 'sharedStack', false],
  ['package.json', 'packages', false],
  ['.npmrc', 'packages', false],
  ['docs/how to.md', 'documentation', false],
  ['test/stacks/acme.ts', 'expectation', false],
  ['scripts/cli/main.ts', 'other', false],
  ['changes/list.yaml', 'other', false],
  ['x/policies/roster.yaml', 'other', false],
  ['policies/roster.yaml.json', 'other', false],
  ['policies/Roster.yaml', 'other', false],
  ['package.json5', 'other', false],
  ['.npmrc.old', 'other', false],
])('%s is %s, data that decides: %s', (path, place, decides) => {
  expect(placeOf(path)).toBe(place);
  expect(isDecisionData(path)).toBe(decides);
});

it.each([
  ['changes/acme/CHG-2026-0042.yaml', null, 'CHG-2026-0042'],
  ['policies/roster.yaml', 'roster.yaml', null],
  ['stacks/clients/acme/service.yaml', null, null],
])('%s: policy file %s, record %s', (path, file, id) => {
  expect(policyFileAt(path)).toBe(file);
  expect(recordIdAt(path)).toBe(id);
});

it('a client is found where it is looked for', () => {
  expect(clientAt('changes/acme/CHG-2026-0042.yaml', 'record')).toBe('acme');
  expect(clientAt('changes/acme/CHG-2026-0042.yaml', 'register')).toBeNull();
  expect(clientAt('policies/roster.yaml', 'policy')).toBeNull();
  expect(clientAt('scripts/cli/main.ts', 'other')).toBeNull();
});
