/** Service registers: those of the estate are right and agree with the stacks; a wrong one is refused with its places. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accounts } from '../../stacks/accounts.ts';
import type { Register } from '../../policies/model/facts.ts';
import { readRegister } from '../../scripts/read/register/register.ts';
import { estate } from '../../stacks/estate.ts';
import { found, resources, synthesizeEstate } from './synthesized-estate.ts';

const root = new URL('../..', import.meta.url);
const clients = ['acme', 'borough', 'platform'] as const;
const pathOf = (client: string) => `stacks/clients/${client}/service.yaml`;
const textOf = (client: string) => readFileSync(new URL(pathOf(client), root), 'utf8');
const bundles = synthesizeEstate();

function registerOf(client: string) {
  const result = readRegister(textOf(client), pathOf(client));
  if (!result.ok) {
    throw new Error(JSON.stringify(result.diagnostics, null, 1));
  }
  return result.value;
}

/** What is wrong with the register of acme after one replacement, as `line:message (found)`. */
function problemsAfter(from: string | RegExp, to: string, file = pathOf('acme')): readonly string[] {
  const text = textOf('acme');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  const result = readRegister(changed, file);
  return result.ok ? [] : result.diagnostics.map(({ message, found: seen }) => `${message} (${seen ?? ''})`);
}

describe.each(clients)('the register of %s', (client) => {
  it('names the stacks of the estate, with the zones that are in them', () => {
    const own = estate.filter((entry) => entry.client === client);
    expect(
      registerOf(client).stacks.map(({ name, environment, zones }) => ({ name, environment, zones })),
    ).toEqual(
      own.map(({ name, environment }) => ({
        name,
        environment,
        zones: resources(found(bundles.get(name), name), 'cloudflare_zone').map(([, zone]) => zone.name),
      })),
    );
  });

  it('names the account, and points editors at the schema', () => {
    expect(textOf(client)).toContain(`cloudflareId: ${accounts[client]}`);
    expect(textOf(client).split('\n')[0]).toBe('# yaml-language-server: $schema=../service.schema.json');
  });

  it('is in service at the first tier, with a window in a known zone', () => {
    const register = registerOf(client);
    expect(register).toMatchObject({ client, tier: 1, lifecycle: 'live' });
    expect(register.windows.length).toBeGreaterThan(0);
  });
});

describe('readRegister', () => {
  it('returns what decisions need, and nothing else', () => {
    expect(registerOf('borough')).toEqual({
      client: 'borough',
      name: 'Borough Council',
      tier: 1,
      lifecycle: 'live',
      accountId: 'b0201194c0a7c1150f7e5fa1ce5e7700',
      services: [
        { id: 'public-site', name: 'Public site', zones: ['borough.example'] },
        { id: 'citizen-services', name: 'Services for residents', zones: ['borough-services.example'] },
      ],
      stacks: [
        {
          name: 'borough-production',
          environment: 'production',
          zones: ['borough.example', 'borough-services.example'],
        },
        { name: 'borough-staging', environment: 'staging', zones: ['staging-borough.example'] },
      ],
      windows: [
        {
          id: 'borough-evening',
          days: ['TU', 'TH'],
          start: '18:00',
          end: '22:00',
          timezone: 'Europe/London',
        },
      ],
      freezes: [
        {
          id: 'borough-elections-2027',
          reason: 'Local elections, from nominations to the count',
          kind: 'hard',
          clients: ['borough'],
          start: '2027-04-26T00:00:00Z',
          end: '2027-05-08T00:00:00Z',
          exemptionBy: 'change-manager',
        },
        {
          id: 'borough-year-end-2027',
          reason: 'Council tax bills for the new year',
          kind: 'soft',
          clients: ['borough'],
          categories: ['dns', 'tls', 'waf', 'access'],
          start: '2027-03-08T00:00:00Z',
          end: '2027-04-02T00:00:00Z',
          exemptionBy: 'service-delivery',
        },
      ],
      relations: expect.arrayContaining([
        { id: 'ci-admin-access', to: ['ci-borough-zone'] },
        { id: 'payments', to: ['citizen-services'] },
      ]) as Register['relations'],
      clientApprovalRequired: true,
      standardChanges: ['dns-verification-txt', 'access-service-token-renewal'],
      releaseTokens: [{ name: 'sluice-release-borough' }],
    });
  });

  it('gives the place, what was expected and how to put it right', () => {
    const result = readRegister(
      textOf('acme').replace('environment: staging', 'environment: test'),
      pathOf('acme'),
    );
    const line =
      textOf('acme')
        .split('\n')
        .findIndex((text) => text.includes('environment: staging')) + 1;
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [
        { location: { file: pathOf('acme'), line }, expected: 'one of production, staging, account' },
      ],
    });
  });

  const refusals: readonly (readonly [string, string | RegExp, string, RegExp])[] = [
    ['an unknown field', 'tier: 1', 'tier: 1\n  colour: red', /colour/],
    ['a tier that does not exist', '  tier: 1', '  tier: 4', /tier/],
    ['a missing block', /  escalation:[\s\S]*?\n\n/, '', /escalation/],
    ['a key that is given twice', '  tier: 1', '  tier: 1\n  tier: 2', /tier/],
    [
      'a stack of another name',
      'name: acme-staging',
      'name: acme-test',
      /not named after its client and environment \(acme-test\)/,
    ],
    [
      'a zone in two stacks',
      'zones: [staging-shop.example]',
      'zones: [staging-shop.example, shop.example]',
      /the zone is in two stacks \(shop\.example\)/,
    ],
    [
      'a production zone of no service',
      'zones: [shop.example, shop-static.example]\n      owner',
      'zones: [shop.example]\n      owner',
      /the zone belongs to no service \(shop-static\.example\)/,
    ],
    [
      'a service of an unknown zone',
      'zones: [shop-trade.example]\n',
      'zones: [shop-trade.example, ghost.example]\n',
      /the zone is in no production stack \(ghost\.example\)/,
    ],
    ['a window without length', 'end: "23:00"', 'end: "20:00"', /the window has no length/],
    ['a time that is none', 'end: "23:00"', 'end: "25:00"', /end/],
    [
      'a time zone that does not exist',
      'timezone: Europe/London',
      'timezone: Europe/Atlantis',
      /the time zone is not known/,
    ],
    [
      'a window id that is used twice',
      'id: acme-sunday',
      'id: acme-weeknight',
      /the same id is used twice \(acme-weeknight\)/,
    ],
    [
      'a freeze that ends before it starts',
      /rrule: FREQ=YEARLY[^]*?timezone: Europe\/London/,
      'start: "2027-01-04T00:00:00Z"\n      end: "2025-01-04T00:00:00Z"',
      /freeze acme-black-friday ends before it starts/,
    ],
    [
      'a freeze of a year that has no such day',
      /rrule: FREQ=YEARLY.*/,
      'rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      /the rule falls on no date in the 40 years after its start/,
    ],
    ['a rule without a length', 'duration: P4D', 'note: long', /duration/],
    ['a rule with an end', 'duration: P4D', 'duration: P4D\n      end: "2027-01-04T00:00:00Z"', /end/],
    ['a length without a rule', /rrule: FREQ=YEARLY.*/, 'end: "2027-01-04T00:00:00Z"', /duration/],
    [
      'an owner who is not listed',
      'owner: a.marsh\n  tier',
      'owner: x.nobody\n  tier',
      /the person is not in spec\.people \(x\.nobody\)/,
    ],
    ['an escalation out of order', 'level: 2', 'level: 7', /the escalation levels are not in order/],
    [
      'a relation that leads nowhere',
      'relations: [ci-shop-zone]',
      'relations: [ci-ghost]',
      /the id leads nowhere \(ci-ghost\)/,
    ],
  ];
  it.each(refusals)('refuses %s', (_, from, to, message) => {
    expect(problemsAfter(from, to).join('\n')).toMatch(message);
  });

  it("refuses a file that lies in another client's folder, but not one that lies elsewhere", () => {
    const result = readRegister(textOf('acme'), pathOf('borough'));
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [{ expected: pathOf('acme'), found: pathOf('borough') }],
    });
    expect(readRegister(textOf('acme'), '/somewhere/register.yaml').ok).toBe(true);
  });

  it('reports every problem at once', () => {
    const text = textOf('acme')
      .replace('name: acme-staging', 'name: acme-test')
      .replace('level: 2', 'level: 7');
    const result = readRegister(text, pathOf('acme'));
    expect(result.ok ? 0 : result.diagnostics.length).toBe(2);
  });
});
