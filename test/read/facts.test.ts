/** A facts document is read whole and strictly, or not at all. */
import { anIncident } from '../builders/facts.ts';
import { describe, expect, it } from 'vitest';
import { readFacts, readLocatedFacts } from '../../scripts/read/facts.ts';
import { readJson } from '../../scripts/read/json/json.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { aMustPass, aReplay, aSample, someTraffic } from '../builders/traffic.ts';
import { accounts, aPull, facts, onShow, review, says } from '../policies/world.ts';

const complete = (): Facts =>
  facts({
    pull: aPull({
      state: 'merged',
      merge: { at: '2026-11-23T08:30:00Z', sha: 'e'.repeat(40), tree: 'same' },
    }),
    reviews: [
      review('novak'),
      review('osei', {
        state: 'DISMISSED',
        stateBeforeDismissal: 'APPROVED',
        dismissedBy: { accountId: 1003, at: '2026-11-23T08:10:00Z', reason: 'stale' },
      }),
      review('iyer', { accountId: null, isBot: null, baseBranch: null, fingerprint: 'abc', commitId: null }),
    ],
    statements: [
      says('haddad', { kind: 'waive-commit', sha: 'a'.repeat(40) }),
      says('haddad', { kind: 'freeze-exemption', freeze: 'christmas-2026' }),
      says('haddad', { kind: 'reclassify', to: 'normal' }),
      says('iyer', { kind: 'condition', condition: 'C1', closer: 'm.lind' }),
      says('lind', { kind: 'condition-closed', condition: 'C1' }, { tuple: null }),
    ],
    evidence: [
      {
        kind: 'client-approval',
        client: 'acme',
        path: 'evidence/mail.eml',
        recordedDigest: `sha256:${'4'.repeat(64)}`,
        actualDigest: null,
        enteredById: accounts.dunne,
        enteredAt: '2026-11-23T08:30:00Z',
        tuple: onShow(),
      },
    ],
    emergencies: [
      {
        changeId: 'CHG-2026-0030',
        client: 'acme',
        risk: 'high',
        appliedAt: '2026-11-18T02:00:00Z',
        breakGlass: true,
        touched: [],
        involved: ['m.lind'],
        ratifications: [{ accountId: accounts.novak, at: '2026-11-18T09:00:00Z', decision: 'ratified' }],
      },
    ],
    incidents: [anIncident()],
    prerequisites: [
      { changeId: 'CHG-2026-0031', stacks: [{ stack: 'acme-production', state: 'rolled-back' }] },
      { changeId: 'CHG-2026-0032', stacks: null },
    ],
    breakGlass: {
      accountId: accounts.lind,
      at: '2026-11-23T08:50:00Z',
      reason: 'nobody',
      pagedAt: null,
      tuple: onShow(),
    },
    applyStartedAt: '2026-11-23T08:55:00Z',
    unchanged: [
      {
        stack: 'acme-production',
        address: 'cloudflare_list.office',
        type: 'cloudflare_list',
        zone: null,
        values: { name: 'office', items: [] },
      },
    ],
    traffic: someTraffic({
      stacks: ['acme-production'],
      mustPass: [aMustPass({ reasons: ['block-admin of custom'], newlyChecked: ['limit of rates'] })],
      withoutCases: ['borough'],
      replay: aReplay(
        { 'newly-blocked': 1 },
        {
          rules: [{ change: 'newly-blocked', rule: 'a', ruleset: 'b', count: 1, samples: [aSample()] }],
          breakdowns: [
            { change: 'newly-blocked', dimension: 'asn', values: [{ value: '3320', count: 1 }], rest: 0 },
          ],
          missing: [{ field: 'cf.waf.score', column: null, count: 1 }],
          protectionLost: [{ value: 'managed#execute', count: 3 }],
          calibration: {
            compared: 2,
            agreed: 1,
            disagreements: [{ recorded: 'block', replayed: 'pass', count: 1, samples: ['ray'] }],
          },
        },
      ),
      problem: 'not everything was replayed',
    }),
  });

/** The document as JSON carries it. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function problems(change: (document: Record<string, unknown>) => void): string {
  const document = asJson(complete()) as Record<string, unknown>;
  change(document);
  const parsed = readFacts(document);
  expect(parsed.ok).toBe(false);
  return parsed.ok
    ? ''
    : parsed.diagnostics.map(({ message, found }) => `${message} ${found ?? ''}`).join('\n');
}

function at(document: unknown, ...path: readonly (string | number)[]): Record<string, unknown> {
  return path.reduce<unknown>(
    (here, key) => (here as Record<string | number, unknown>)[key],
    document,
  ) as Record<string, unknown>;
}

describe('a facts document', () => {
  it('comes back as it was written', () => {
    const document = asJson(complete());
    expect(readFacts(document)).toEqual({ ok: true, value: document });
  });

  it.each(Object.keys(complete()))('is refused without %s: an absent fact is not a fact', (key) => {
    expect(
      problems((document) => {
        delete document[key];
      }),
    ).toMatch(/./u);
  });

  it.each<[string, readonly (string | number)[]]>([
    ['a title', ['pull']],
    ['a label', ['reviews', 0]],
    ['a verdict', []],
    ['a hint', ['statements', 0]],
    ['a hint', ['policy', 'roster', 'people', 0]],
    ['a hint', ['records', 0, 'record']],
    ['a hint', ['tuple']],
    ['a hint', ['plan', 'stacks', 0]],
  ])('is refused with %s at %j that nobody reads', (name, path) => {
    expect(
      problems((document) => {
        at(document, ...path)[name.replace('a ', '')] = 'allow';
      }),
    ).toMatch(/./u);
  });

  it.each<[string, readonly (string | number)[], string, unknown]>([
    ['another version', [], 'version', 2],
    ['another kind', [], 'kind', 'sluice.plan'],
    ['an unknown moment', [], 'moment', 'whenever'],
    ['a time without an offset', [], 'now', '2026-11-23T09:00:00'],
    ['an unknown review state', ['reviews', 0], 'state', 'LGTM'],
    ['an account that is a name', ['reviews', 0], 'accountId', 'novak'],
    ['a digest that is none', ['tuple'], 'effectDigest', 'sha256:1'],
    ['an unknown statement', ['statements', 0], 'kind', 'waive-everything'],
    ['a plan of a newer format', ['plan'], 'version', 2],
    ['a ledger of an unknown state', ['ledger'], 'state', 'fine'],
    ['an unknown client of a register', ['policy', 'registers', 0], 'tier', 4],
  ])('is refused with %s', (_name, path, key, value) => {
    expect(
      problems((document) => {
        at(document, ...path)[key] = value;
      }),
    ).toMatch(/./u);
  });

  it('is refused when its policy breaks the rules of policy files', () => {
    expect(
      problems((document) => {
        at(document, 'policy', 'roster', 'people', 1)['accounts'] = [accounts.okafor];
      }),
    ).toContain('account 1001 belongs to two people');
  });

  it('is refused when it is not a document at all', () => {
    for (const document of [null, [], 'allow', 7, undefined]) {
      expect(readFacts(document).ok).toBe(false);
    }
  });

  it('shows problems at their line when it is read from a file', () => {
    const text = JSON.stringify({ ...complete(), moment: 'whenever' }, null, 2);
    const document = readJson(text, 'facts.json');
    const parsed = document.ok ? readLocatedFacts(document.value) : document;
    expect(parsed.ok).toBe(false);
    const line = text.split('\n').findIndex((each) => each.includes('"moment"')) + 1;
    expect(parsed.ok ? [] : parsed.diagnostics.map(({ location }) => location)).toContainEqual(
      expect.objectContaining({ file: 'facts.json', line }),
    );
  });
});
