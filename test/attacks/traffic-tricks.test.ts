/** Ways to make a WAF change look harmless to traffic: cases that go, samples that say nothing, facts that leave out. */
import { describe, expect, it } from 'vitest';
import { recordDigest } from '../../scripts/plan/digest.ts';
import { readFacts } from '../../scripts/read/facts.ts';
import { loadPolicy, type PolicySource } from '../../scripts/facts/policy.ts';
import type { ReplaySummary } from '../../scripts/waf/replay/types.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { noTraffic, type TrafficFacts } from '../../policies/model/traffic.ts';
import { decide } from '../../policies/gate.ts';
import type { Waiver } from '../../policies/model/record.ts';
import { readFileSync, readdirSync } from 'node:fs';
import { aMustPass, aReplay, aSample, someTraffic } from '../builders/traffic.ts';
import { ruleChange, aWafRule } from '../policies/rules/cases/waf-cases.ts';
import { check, decideApproved } from '../policies/gate/approved.ts';
import { aPull, cleanRecord, facts, onShow } from '../policies/world.ts';

const stacks = ['acme-production'];
const plan = ruleChange(aWafRule({ action: 'log' }), aWafRule()).build();
const digest = aReplay().digest;
const blocked = aMustPass({ after: 'block', change: 'newly-blocked' });

/** Findings of the rules about traffic, with the word for what became of each. */
function said(traffic: TrafficFacts, parts: Partial<Facts> = {}): readonly string[] {
  return decide(facts({ plan, traffic, ...parts }))
    .findings.filter(({ ruleId }) => /^waf-(?:must-pass|traffic)/.test(ruleId))
    .map(({ ruleId, subject, waivedBy }) => `${ruleId} ${subject}${waivedBy === undefined ? '' : ' waived'}`);
}

const sampled = (replay: ReplaySummary | null, problem: string | null = null): readonly string[] =>
  said(someTraffic({ stacks, replay, problem }), {
    records: [cleanRecord({ traffic: { sample: digest } })],
  });

describe('a case that is in the way', () => {
  it.each(['stacks/clients/acme/traffic/offices.yaml', 'stacks/clients/acme/traffic/new.yml'])(
    'is not deleted, altered or added together with the rule: %s',
    (path) => {
      const changedFiles = ['stacks/clients/acme/waf/rules.ts', 'changes/acme/CHG-2026-0042.yaml', path];
      const decision = decideApproved({ plan, pull: aPull({ changedFiles }) });
      expect(check(decision, 'pull').verdict).toBe('deny');
      expect(decision.findings.map(({ ruleId }) => ruleId)).toContain('policy-change-alone');
      expect(decision.approvals.openSeats).toContain('process-owner');
    },
  );

  it('is not waived, whoever signs', () => {
    const waiver: Waiver = {
      rule: 'waf-must-pass',
      subject: 'acme/office-london',
      reason: 'Agreed with the client by telephone.',
      approvedBy: 't.berg',
      expires: '2026-12-20T00:00:00Z',
    };
    const traffic = someTraffic({ stacks, mustPass: [blocked] });
    const records = [cleanRecord({ waivers: [waiver] })];
    expect(said(traffic, { records })).toEqual(['waf-must-pass acme/office-london']);
    expect(check(decideApproved({ plan, traffic, records }), 'rules').verdict).toBe('deny');
  });

  it('voids earlier approvals when it changes on the base branch', async () => {
    const digestWith = async (text: string): Promise<string> =>
      onShow({
        policy: await loadPolicy(withCase('stacks/clients/acme/traffic/offices.yaml', text)),
      }).policyDigest;
    expect(await digestWith('cases: []')).not.toBe(await digestWith('cases: [one]'));
  });

  it('counts for its own client only by its path', async () => {
    const { trafficCases } = await loadPolicy(withCase('stacks/clients/acme/traffic/deep/a.yaml', ''));
    expect(trafficCases.map(({ path }) => path)).not.toContain('stacks/clients/acme/traffic/deep/a.yaml');
  });
});

/** The policies of this repository and one file more. */
function withCase(path: string, text: string): PolicySource {
  const home = new URL('../../', import.meta.url);
  const names = readdirSync(new URL('policies', home)).filter((name) => name.endsWith('.yaml'));
  const policies = names.map((name) => ({
    path: `policies/${name}`,
    text: readFileSync(new URL(`policies/${name}`, home), 'utf8'),
  }));
  return (folder) => Promise.resolve(folder === 'policies' ? policies : [{ path, text }]);
}

describe('facts that leave out', () => {
  it('the stack whose rules change deny', () => {
    expect(said(noTraffic)).toEqual(['waf-must-pass acme-production']);
  });

  it('cannot be read from a document without them', () => {
    const { traffic: _traffic, ...rest } = facts({ plan });
    const parsed = readFacts(JSON.parse(JSON.stringify(rest)));
    expect(parsed.ok ? [] : parsed.diagnostics.map(({ message }) => message).join()).toContain('traffic');
    expect(decide(rest as Facts).findings.map(({ ruleId }) => ruleId)).toContain('rule-error/waf-must-pass');
  });
});

describe('a sample that says nothing', () => {
  it.each([
    ['of another zone', aReplay({}, { requests: 0, otherHosts: 100_000, calibration: null })],
    ['of ten requests', aReplay({}, { requests: 10 })],
    ['of no request at all', aReplay({}, { requests: 0, calibration: null })],
  ])('%s is too small', (_, replay) => {
    expect(sampled(replay)).toContain('waf-traffic-limits traffic/requests');
  });

  it('of requests that nobody can tell for is not one of requests that pass', () => {
    expect(sampled(aReplay({ undecidable: 9999 }))).toEqual(['waf-traffic-limits traffic/undecidable']);
  });

  it('whose undecidable requests are left out of the sum is refused', () => {
    const counts = { ...aReplay().counts, unchanged: 1 };
    expect(sampled(aReplay({}, { counts }))).toEqual(['waf-traffic-limits traffic/counts']);
  });

  it('of lines that cannot be read is refused', () => {
    expect(sampled(aReplay({}, { badLines: 90_000 }))).toEqual(['waf-traffic-limits traffic/bad-lines']);
  });

  it('that does not say what happened, or that says otherwise, is refused', () => {
    expect(sampled(aReplay({}, { calibration: null }))).toEqual(['waf-traffic-limits traffic/agreement']);
    expect(
      sampled(aReplay({}, { calibration: { compared: 10_000, agreed: 10, disagreements: [] } })),
    ).toEqual(['waf-traffic-limits traffic/agreement']);
  });

  it('of one of two stacks that change is refused', () => {
    const traffic = someTraffic({ stacks: [...stacks, 'acme-staging'], replay: aReplay() });
    const records = [cleanRecord({ traffic: { sample: digest } })];
    expect(said(traffic, { records })).toEqual(['waf-traffic-limits traffic/stacks']);
  });

  it.each([
    ['that is another than the one named', aReplay({}, { digest: `sha256:${'9'.repeat(64)}` }), null],
    ['that is not there', null, 'the sample is not in .sluice/traffic'],
    ['that was not replayed', null, null],
  ])('%s is refused', (_, replay, problem) => {
    expect(sampled(replay, problem)).toEqual(['waf-traffic-sample record']);
  });

  it('is not exchanged after the approvals: the record digest is of its name', () => {
    const named = (sample: string) => recordDigest(cleanRecord({ traffic: { sample } }).record);
    expect(named(digest)).not.toBe(named(`sha256:${'9'.repeat(64)}`));
    expect(named(digest)).not.toBe(recordDigest(cleanRecord().record));
  });
});

describe('text in a sample', () => {
  it('does not get into findings without bound', () => {
    const path = `/${'<img src=x>'.repeat(50_000)}`;
    const decision = decide(
      facts({
        plan,
        records: [cleanRecord({ traffic: { sample: digest } })],
        traffic: someTraffic({
          stacks,
          replay: aReplay(
            { 'newly-blocked': 5000 },
            {
              rules: [
                {
                  change: 'newly-blocked',
                  rule: 'r',
                  ruleset: 's',
                  count: 5000,
                  samples: [aSample({ path })],
                },
              ],
              breakdowns: [
                {
                  change: 'newly-blocked',
                  dimension: 'path',
                  values: [{ value: path, count: 5000 }],
                  rest: 0,
                },
              ],
            },
          ),
        }),
      }),
    );
    const found = decision.findings.find(({ subject }) => subject === 'traffic/newly-blocked');
    expect(found?.seen.length).toBeLessThan(400);
  });
});
