/** Ways round the policies: an emergency that ends its own clock, rules written unusually, types that no rule knows. */
import { describe, expect, it } from 'vitest';
import { planProblems } from '../../policies/catalogue/scope.ts';
import { ratificationOf } from '../../policies/emergency/ratification.ts';
import { decide } from '../../policies/gate.ts';
import type { CatalogueEntry, Facts, PastEmergency } from '../../policies/model/facts.ts';
import { openEmergencies } from '../../scripts/facts/emergencies.ts';
import { secretPaths } from '../../scripts/plan/secrets.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import { anIncident, aPastRelease, aRuleInput } from '../builders/facts.ts';
import { aPlan } from '../builders/plan.ts';
import { aRegister } from '../builders/policy.ts';
import { anEmergency } from '../builders/record.ts';
import { check, decideApproved } from '../policies/gate/approved.ts';
import { aPull, cleanPlan, cleanRecord, facts, review, showing } from '../policies/world.ts';
import { LedgerBuilder, recordsBundle } from '../release/ledger-builder.ts';
import { aRecordOf, bundleWith, decisionOn, moved, planTo, stack, stoppedBy, zoneId } from './estate.ts';

const www = aRecordOf('www', '192.0.2.10');

describe('files that a pull request may not touch', () => {
  const ours = ['stacks/clients/acme/production.ts', 'changes/acme/CHG-2026-0042.yaml'];
  it('is not the case for its own', () => {
    expect(decideApproved({ pull: aPull({ changedFiles: ours }) }).verdict).toBe('allow');
  });

  it.each([
    '.sluice/work/acme-production/x.tf',
    '.sluice/rehearsals/x/acme-production.json',
    'changes/notes.yaml',
    'changes/borough/CHG-2026-0009.yaml',
    'changes/acme/CHG-2026-0009.yaml',
    'changes/acme/CHG-2026-0042.yml',
    'changes/acme/old/CHG-2026-0042.yaml',
    'stacks/clients/acme/service.yml',
  ])('%s', (path) => {
    const decision = decideApproved({ pull: aPull({ changedFiles: [...ours, path] }) });
    expect(check(decision, 'pull').verdict).toBe('deny');
  });

  it('nor alone: a list that nobody knows needs the process owner', () => {
    const pull = aPull({ changedFiles: ['changes/notes.yaml'] });
    const decision = decideApproved({ pull, plan: planTo(bundleWith(www)) });
    expect(decision.approvals.openSeats).toContain('process-owner');
  });
});

const emergency = (
  closedBy: string,
  closedAt = '2026-11-24T10:00:00Z',
  parts: Parameters<typeof cleanRecord>[0] = {},
  tookPart?: readonly string[],
): readonly PastEmergency[] => {
  const builder = new LedgerBuilder();
  builder.release({ bundle: recordsBundle(stack, { a: '1' }), changeId: 'CHG-2026-0042' });
  const ledger = builder.read();
  const folders = ledger.folders.map((folder) =>
    folder.entry === null ? folder : { ...folder, entry: { ...folder.entry, type: 'emergency' as const } },
  );
  const outcome = { result: 'successful' as const, closedBy, closedAt, registerUpdated: true };
  const record = cleanRecord({ outcome, backupImplementer: 'j.novak', ...parts });
  const files = new Map(
    [...ledger.files].map(([path, text]) => [
      path,
      tookPart !== undefined && path.endsWith('/decision.json')
        ? JSON.stringify({ ...(JSON.parse(text) as object), tookPart })
        : text,
    ]),
  );
  return openEmergencies({ ...ledger, folders, files }, [record], { headSha: 'f'.repeat(40) });
};

const stateOf = (given: readonly PastEmergency[]) =>
  given.map((each) => ratificationOf(each, facts({ now: '2026-12-20T09:00:00Z' })).kind);

const late = (by: string): Partial<Facts> => ({
  emergencies: emergency(by, '2026-11-18T03:00:00Z').map((each) => ({
    ...each,
    appliedAt: '2026-11-18T02:00:00Z',
  })),
});

describe('an emergency is not closed by its own author', () => {
  it('is still there once its record is closed', () => {
    expect(emergency('r.okafor')).toHaveLength(1);
  });

  it.each([
    ['its requester', 'r.okafor'],
    ['a member of the CAB who took part', 'j.novak'],
    ['an engineer who took no part', 'b.osei'],
    ['somebody who does not exist', 'x.nobody'],
  ])('%s does not end its clock', (_, by) => {
    expect(stateOf(emergency(by))).toEqual(['pending']);
  });

  it.each([
    ['before it was applied', '2026-11-23T09:00:00Z'],
    ['in the future', '2027-01-01T09:00:00Z'],
    ['at no time', 'soon'],
  ])('nor does a change manager %s', (_, at) => {
    expect(stateOf(emergency('s.haddad', at))).toEqual(['pending']);
  });

  it('a change manager who took no part does', () => {
    expect(stateOf(emergency('s.haddad'))).toEqual(['ratified']);
    expect(stateOf(emergency('p.iyer'))).toEqual(['ratified']);
  });

  it.each<[string, Parameters<typeof cleanRecord>[0]]>([
    ['of another client', { client: 'borough' }],
    ['that is a note', { kind: 'Administrative' }],
  ])('nor does a record of the same id %s', (_, parts) => {
    expect(stateOf(emergency('s.haddad', undefined, parts))).toEqual(['pending']);
  });

  it('knows who took part from the decision, whatever the record says by now', () => {
    const { tookPart } = decideApproved({ records: [cleanRecord({ backupImplementer: 'j.novak' })] });
    expect(tookPart).toEqual(expect.arrayContaining(['j.novak', 'r.okafor']));
    const [found] = emergency('s.haddad', undefined, { owner: 'b.osei' }, ['s.haddad']);
    expect(found?.involved).toContain('s.haddad');
    expect(found?.involved).not.toContain('b.osei');
    expect(stateOf(found === undefined ? [] : [found])).toEqual(['pending']);
  });

  it('stops ordinary changes once it is overdue', () => {
    expect(check(decideApproved(late('r.okafor')), 'emergency').verdict).toBe('deny');
    expect(check(decideApproved(late('s.haddad')), 'emergency').verdict).toBe('allow');
  });
});

describe('an emergency', () => {
  const incidents = [anIncident()] as const;
  const declared = {
    declaredBy: 'r.okafor',
    declaredAt: '2026-11-23T08:30:00Z',
    severity: 'P1',
    incident: 'INC-2026-0007',
    relaxations: ['window', 'lead-time', 'quorum'],
  } as const;
  const record = (parts: Parameters<typeof anEmergency>[0] = {}) =>
    anEmergency({
      owner: 'm.lind',
      schedule: { plannedStart: '2026-11-23T09:00:00Z', plannedEnd: '2026-11-23T10:00:00Z' },
      emergency: declared,
      ...parts,
    });
  const decided = (parts: Partial<Facts>) => {
    const given = { incidents, records: [record()], ...parts };
    return decide(facts({ ...given, reviews: showing(given, [review('dunne')]) }));
  };
  const inZone = (zone: string | null) => {
    const plan = cleanPlan();
    const stacks = plan.stacks.map((each) => ({
      ...each,
      changes: each.changes.map((change) => ({ ...change, zone })),
    }));
    return decided({ plan: { ...plan, stacks } });
  };

  it('is allowed where its incident is', () => {
    expect(inZone('shop.example').verdict).toBe('allow');
    expect(stoppedBy(inZone('shop-static.example'))).toEqual([]);
    expect(stoppedBy(inZone(null))).toContain('record-emergency-incident');
  });

  const made = (type: string, values: Readonly<Record<string, Json>>, services = ['storefront']) => {
    const plan = aPlan()
      .inStack('acme-production')
      .inZone('zone_id' in values ? 'shop.example' : null)
      .creating(`${type}.x`, values)
      .withZoneTotals('shop.example', 60)
      .build();
    return stoppedBy(decided({ plan, incidents: incidents.map((one) => ({ ...one, services })) }));
  };
  const account = { account_id: aRegister().accountId };
  const application = (domain: string) => ({ ...account, name: 'x', type: 'self_hosted', domain });
  const access = 'cloudflare_zero_trust_access_application';
  const inShop = { zone_id: '${cloudflare_zone.shop.id}', script: 'x' };

  it.each<[string, string, Readonly<Record<string, Json>>]>([
    ['an Access application of another host', access, application('admin.shop-trade.example')],
    ['an Access application of every host', access, application('*')],
    [
      'a route of another host',
      'cloudflare_workers_route',
      { ...inShop, pattern: 'www.shop-trade.example/*' },
    ],
    [
      'a script of the account',
      'cloudflare_workers_script',
      { ...account, script_name: 'edge', content: '' },
    ],
    ['all of the account', 'cloudflare_zero_trust_organization', { ...account, name: 'x' }],
  ])('of the storefront does not bring along %s; one of the client does', (_, type, values) => {
    expect(made(type, values)).toContain('record-emergency-incident');
    expect(made(type, values, ['acme'])).not.toContain('record-emergency-incident');
  });

  it('brings along what names only hosts of its services', () => {
    expect(made(access, application('admin.shop.example'))).not.toContain('record-emergency-incident');
    const route = { ...inShop, pattern: 'www.shop.example/*' };
    expect(made('cloudflare_workers_route', route)).not.toContain('record-emergency-incident');
  });

  it.each(['shop-trade.example', 'borough.example', 'b0ecc17f0000000000000000000000aa'])(
    'of the storefront does not cover %s',
    (zone) => {
      expect(stoppedBy(inZone(zone))).toContain('record-emergency-incident');
    },
  );

  it('does not bring along that somebody closed it', () => {
    const outcome = {
      result: 'successful' as const,
      closedBy: 's.haddad',
      closedAt: '2026-11-23T12:00:00Z',
      registerUpdated: true,
    };
    expect(check(decided({ records: [record({ outcome })] }), 'emergency').verdict).toBe('deny');
  });
});

const ruleset = (phase: string, rule: JsonObject) => ({
  cloudflare_ruleset: {
    waf: {
      zone_id: zoneId,
      kind: 'zone',
      phase,
      name: 'c',
      rules: [{ ref: 's', description: 'x until 2026-12-31', enabled: true, ...rule }],
    },
  },
});

const skip = (expression: string) =>
  ruleset('http_request_firewall_custom', {
    action: 'skip',
    expression,
    action_parameters: { ruleset: 'current' },
  });

const stopped = (resources: JsonObject, category: string) =>
  stoppedBy(decisionOn(planTo(bundleWith(www, resources)), category));

describe('a rule written unusually', () => {
  it('is not one that is confined', () => {
    expect(stopped(skip('(http.request.uri.path eq "/healthz" and ip.src in $probes)'), 'waf')).not.toContain(
      'waf-skip-scope',
    );
  });

  it.each([
    '(http.host ne "nope.example")',
    'not (http.host eq "x.invalid")',
    '(http.request.uri.path ne "/zzz")',
    '(starts_with(http.request.uri.path, "/"))',
    '(ip.src in {0.0.0.0/1 128.0.0.0/1 ::/0})',
    '(http.host contains ".")',
    '(ends_with(http.host, "shop.example"))',
  ])('skip %s', (expression) => {
    expect(stopped(skip(expression), 'waf')).toContain('waf-skip-scope');
  });

  it.each([
    ['redirect', 'http_request_dynamic_redirect'],
    ['route', 'http_request_origin'],
    ['set_config', 'http_config_settings'],
  ])('%s everything but nothing', (action, phase) => {
    const rule = ruleset(phase, { action, expression: '(http.host ne "nope.example")' });
    expect(stopped(rule, 'rules')).toContain('traffic-rule-scope');
  });

  it('requests sent to somebody else’s origin', () => {
    const rule = ruleset('http_request_origin', {
      action: 'route',
      expression: '(http.host eq "www.shop.example")',
      action_parameters: { origin: { host: 'collector.evil.example' } },
    });
    expect(stopped(rule, 'rules')).toEqual(['origin-route-kept']);
  });
});

describe('a resource type that no rule was written for', () => {
  it.each<[string, string, JsonObject]>([
    [
      'cloudflare_page_rule',
      'rules',
      {
        target: '*shop.example/*',
        priority: 1,
        status: 'active',
        actions: { disable_security: true, ssl: 'off', waf: 'off' },
      },
    ],
    ['cloudflare_firewall_rule', 'waf', { action: { mode: 'bypass' }, filter: { expression: 'true' } }],
    ['cloudflare_workers_route', 'workers', { pattern: '*shop.example/*', script: 'anything' }],
    [
      'cloudflare_zone_lockdown',
      'waf',
      { urls: ['*shop.example/*'], configurations: [{ target: 'ip', value: '192.0.2.1' }] },
    ],
    ['cloudflare_snippet_rules', 'rules', { rules: [{ expression: 'true', snippet_name: 'x' }] }],
  ])('%s asks for the security seat and is a high risk', (type, category, body) => {
    const plan = planTo(bundleWith(www, { [type]: { x: { zone_id: zoneId, ...body } } }));
    const { risk, verdict } = decisionOn(plan, category);
    expect(risk.needsSecurityReview).toBe(true);
    expect(['high', 'critical']).toContain(risk.effective);
    expect(verdict).not.toBe('allow');
  });

  it('is none of those that the estate uses', () => {
    expect(decisionOn(planTo(bundleWith(moved))).risk.needsSecurityReview).toBe(false);
  });
});

const addresses = (...ips: readonly string[]) =>
  bundleWith(www, {
    cloudflare_list: {
      x: { account_id: 'a', kind: 'ip', name: 'allow', items: ips.map((ip) => ({ ip })) },
    },
  });

describe('a standard change', () => {
  it('of one IPv4 address is not one of an IPv6 /32', () => {
    const scope = {
      resourceTypes: ['cloudflare_list'],
      actions: ['update'],
      attributes: ['items[]'],
      maxChanges: 5,
      environments: ['production'],
      values: { 'items[].ip': '*.*.*.*/32' },
      providerPatch: false,
    };
    const entry = { scope } as unknown as CatalogueEntry;
    const problems = (...ips: readonly string[]) =>
      planProblems(
        entry,
        aRuleInput({ plan: planTo(addresses('192.0.2.1/32', ...ips), addresses('192.0.2.1/32')) }),
      );
    expect(problems('192.0.2.2/32')).toEqual([]);
    expect(problems('2000::0.0.0.0/32')).not.toEqual([]);
  });
});

describe('a secret under the key of a header', () => {
  it.each<[string, Json]>([
    [
      'the scheme before it',
      { Authorization: { operation: 'set', value: 'Basic dXNlcjpwYXNzd29yZDEyMw==' } },
    ],
    ['a key of an API', { 'X-Api-Key': { operation: 'set', value: 'q9VnM2xTz7LpW4sKd8Rf' } }],
    ['a list of sets', [{ 'X-Api-Key': { value: 'q9VnM2xTz7LpW4sKd8Rf' } }]],
  ])('%s', (_, headers) => {
    expect(secretPaths(headers, 'headers')).toHaveLength(1);
  });

  it.each<[string, Json]>([
    ['an ordinary header', { 'X-Frame-Options': { operation: 'set', value: 'SAMEORIGIN1' } }],
    ['a reference', { Authorization: { value: '${var.origin_credential}' } }],
    ['an operation', { 'X-Api-Key': { operation: 'remove-1234567' } }],
    ['prose', { Authorization: { value: 'Basic authentication is off' } }],
  ])('not %s', (_, headers) => {
    expect(secretPaths(headers, 'headers')).toEqual([]);
  });
});

const given = (): Facts => facts({ plan: planTo(bundleWith(moved)) });

describe('a plan that does not show what changes', () => {
  const decidedOn = (edit: (stacks: Facts['plan']['stacks']) => Facts['plan']['stacks']) => {
    const { plan } = given();
    return decideApproved({ plan: { ...plan, stacks: edit(plan.stacks) } });
  };

  it('is not the honest one', () => {
    expect(decidedOn((stacks) => stacks).verdict).toBe('allow');
  });

  it('has the changes of a stack left out', () => {
    const decision = decidedOn((stacks) => stacks.map((each) => ({ ...each, changes: [] })));
    expect(check(decision, 'record').verdict).toBe('undetermined');
  });

  it('has a stack twice', () => {
    expect(
      check(
        decidedOn((stacks) => [...stacks, ...stacks]),
        'tuple',
      ).verdict,
    ).toBe('deny');
  });
});

const lists = (count: number) =>
  bundleWith(www, {
    cloudflare_list: Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`l${at}`, { account_id: 'a', kind: 'ip', name: `l${at}` }]),
    ),
  });

describe('deletions of the account, spread over releases', () => {
  it('count together', () => {
    const plan = planTo(lists(80), lists(100));
    const before = aPastRelease({
      at: '2026-11-22T21:00:00Z',
      zones: [{ zone: `${stack}/account`, deleted: 100, updated: 0 }],
    });
    const ids = (history: Facts['history']) => stoppedBy(decisionOn(plan, 'rules', { history }));
    expect(ids([aPastRelease()])).not.toContain('plan-delete-share');
    expect(ids([before])).toContain('plan-delete-share');
  });
});
