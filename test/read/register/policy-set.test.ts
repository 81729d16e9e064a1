/** The shipped policy files are valid, and every way to get one wrong is shown at its place. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policyFiles, readPolicySet } from '../../../scripts/read/register/policy-set.ts';

const shipped = new Map(
  policyFiles.map((name) => [
    name,
    readFileSync(new URL(`../../../policies/${name}`, import.meta.url), 'utf8'),
  ]),
);

/** The shipped files with one text replaced; fails when the text to replace is not there. */
function withEdit(file: string, from: string, to: string): ReadonlyMap<string, string> {
  const text = shipped.get(file as (typeof policyFiles)[number]);
  expect(text).toContain(from);
  return new Map<string, string>([...shipped, [file, (text ?? '').replace(from, to)]]);
}

function problemsOf(files: ReadonlyMap<string, string>) {
  const parsed = readPolicySet(files);
  expect(parsed.ok).toBe(false);
  return parsed.ok ? [] : parsed.diagnostics;
}

describe('the shipped policy set', () => {
  const parsed = readPolicySet(shipped);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.diagnostics, null, 2));
  }
  const policy = parsed.value;

  it('has a person for every seat, and the deputy of the change manager', () => {
    const seats = new Set(policy.roster.people.flatMap((person) => person.seats.map(({ seat }) => seat)));
    expect([...seats].toSorted()).toEqual([
      'cab',
      'change-manager',
      'client-approver',
      'ecab',
      'engineer',
      'process-owner',
      'security',
      'service-delivery',
    ]);
    expect(policy.roster.people.find(({ id }) => id === 's.haddad')?.delegations?.[0]?.to).toBe('p.iyer');
  });

  it('has the risk lookup, which is asymmetric towards impact', () => {
    expect(policy.matrix).toEqual([
      ['low', 'low', 'low', 'medium'],
      ['low', 'low', 'medium', 'medium'],
      ['medium', 'medium', 'high', 'high'],
      ['high', 'high', 'critical', 'critical'],
    ]);
  });

  it('freezes production hard over Christmas and New Year', () => {
    expect(policy.calendar.freezes[0]).toMatchObject({
      id: 'christmas-2026',
      kind: 'hard',
      clients: 'all',
      start: '2026-12-18T00:00:00Z',
      end: '2027-01-04T00:00:00Z',
    });
  });

  it('has at least four standard changes, each approved by the board and none for more than a year', () => {
    expect(policy.catalogue.entries.length).toBeGreaterThanOrEqual(4);
  });
});

describe('a policy set with a mistake', () => {
  it.each([
    ['roster.yaml', 'id: h.frost', 'id: c.ortiz', /c\.ortiz is on the roster twice/u],
    ['roster.yaml', '[1012, 1013]', '[1012, 1001]', /account 1001 belongs to two people/u],
    ['roster.yaml', 'to: p.iyer', 'to: n.body', /delegates to n\.body/u],
    ['roster.yaml', 'to: p.iyer', 'to: s.haddad', /delegates to s\.haddad/u],
    ['roster.yaml', 'until: "2027-01-04"', 'until: "2026-12-21"', /delegation of s\.haddad ends before/u],
    ['roster.yaml', 'to: p.iyer, seat: change-manager', 'to: p.iyer, seat: security', /not theirs/u],
    [
      'roster.yaml',
      'until: "2027-01-04" }',
      'until: "2027-01-04" }\n      - { to: j.novak, seat: change-manager, from: "2027-01-01", until: "2027-02-01" }',
      /two people at once/u,
    ],
    ['roster.yaml', 'seat: security, from: "2025-01-06"', 'seat: chair, from: "2025-01-06"', /chair/u],
    [
      'roster.yaml',
      'seat: security, from: "2025-01-06"',
      'seat: security, from: "2025-01-06", to: "2024-01-06"',
      /ends before it starts/u,
    ],
    ['roster.yaml', ', client: acme', '', /client/u],
    ['roster.yaml', 'seat: security, ', 'seat: security, client: acme, ', /client/u],
    ['quorum.yaml', 'approvals: 2', 'approvals: 0', /fewer approvals than it has seats/u],
    ['quorum.yaml', 'approvals: 1', 'approvals: 3', /medium risk needs fewer approvals than low/u],
    ['quorum.yaml', 'numerator: 2', 'numerator: 4', /more than the whole CAB/u],
    ['quorum.yaml', 'seats: [ecab]', 'seats: [night-shift]', /night-shift/u],
    ['risk-matrix.yaml', '  - [low, low, low, medium]\n', '', /./u],
    ['risk-matrix.yaml', '[low, low, low, medium]', '[low, low, low]', /./u],
    ['risk-matrix.yaml', '[low, low, low, medium]', '[low, low, low, none]', /./u],
    ['thresholds.yaml', 'deleteShare: 0.3', 'deleteShare: 30', /./u],
    ['thresholds.yaml', 'logModeHours: 24', 'logModeHour: 24', /./u],
    [
      'calendar.yaml',
      'end: "2027-01-04T00:00:00Z"',
      'end: "2026-01-04T00:00:00Z"',
      /freeze christmas-2026 ends/u,
    ],
    ['calendar.yaml', 'id: registrar-move-2027', 'id: christmas-2026', /christmas-2026 is defined twice/u],
    ['calendar.yaml', 'start: "2026-12-18T00:00:00Z"', 'start: "18 December"', /./u],
    ['catalogue.yaml', 'expiresAt: "2027-09-01', 'expiresAt: "2028-09-01', /within a year/u],
    ['catalogue.yaml', 'approvedBy: s.haddad', 'approvedBy: r.okafor', /not approved by someone of the CAB/u],
    ['catalogue.yaml', 'owner: r.okafor', 'owner: n.body', /owner .* not on the roster/u],
    ['catalogue.yaml', 'id: bulk-redirect-entry', 'id: dns-verification-txt', /defined twice/u],
    ['catalogue.yaml', 'resourceTypes: [cloudflare_dns_record]', 'resourceTypes: []', /allows nothing/u],
    ['catalogue.yaml', ', name: "{zone}"', '', /what its attributes may be name$/u],
    ['catalogue.yaml', 'free: [client_secret_version]', 'free: []', /may be client_secret_version/u],
    [
      'catalogue.yaml',
      'attributes: [client_secret_version, previous_client_secret_expires_at]',
      'attributes: []',
      /may be no attributes/u,
    ],
    ['catalogue.yaml', '"{zone}"', '"{zones}"', /./u],
    ['catalogue.yaml', '"{within 7d}"', '"until {within 7d}"', /./u],
  ])('%s: %s -> %s', (file, from, to, message) => {
    const problems = problemsOf(withEdit(file, from, to));
    expect(problems.map((problem) => `${problem.message} ${problem.found ?? ''}`).join('\n')).toMatch(
      message,
    );
    for (const problem of problems) {
      expect(problem.location?.file).toBe(`policies/${file}`);
      expect(problem.fix).toBeTruthy();
    }
  });

  it('names a file that is missing, and one that nobody reads', () => {
    const files = new Map<string, string>([...shipped, ['rooster.yaml', 'people: []']]);
    files.delete('calendar.yaml');
    expect(problemsOf(files).map(({ message }) => message)).toEqual([
      'policies/rooster.yaml is not a policy file that Sluice knows',
      'policies/calendar.yaml is missing',
    ]);
  });

  it('shows the problems of all files at once', () => {
    const files = new Map<string, string>(withEdit('roster.yaml', 'id: h.frost', 'id: c.ortiz'));
    files.set('quorum.yaml', 'low: [');
    const places = new Set(problemsOf(files).map(({ location }) => location?.file));
    expect(places).toEqual(new Set(['policies/quorum.yaml', 'policies/roster.yaml']));
  });
});
