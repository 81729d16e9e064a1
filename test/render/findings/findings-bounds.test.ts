import { describe, expect, it } from 'vitest';

import type { Finding, RuleReport } from '../../../policies/model/finding.ts';
import { renderCheckJson } from '../../../scripts/render/decision/check-json.ts';
import { renderFindingsText } from '../../../scripts/render/decision/check-text.ts';
import type { CheckReport } from '../../../scripts/render/decision/check-text.ts';
import { renderSarif } from '../../../scripts/render/findings/sarif.ts';
import { beyondText, visibleFindings } from '../../../scripts/render/findings/visible-findings.ts';
import { plainStyle } from '../../../scripts/render/text/style.ts';
import { noTraffic } from '../../../policies/model/traffic.ts';
import { planOf, record, withRecords } from '../../plan/configurations.ts';

const finding = (ruleId: string, at: number, more: Partial<Finding> = {}): Finding => ({
  ruleId,
  severity: 'deny',
  subject: `edge/cloudflare_dns_record.r${String(at).padStart(5, '0')}`,
  seen: 'seen',
  required: 'required',
  why: 'why',
  fix: 'fix',
  ...more,
});

const many = (ruleId: string, count: number, more: Partial<Finding> = {}): readonly Finding[] =>
  Array.from({ length: count }, (_, at) => finding(ruleId, at, more));

const report = (findings: readonly Finding[]): RuleReport => ({ outcomes: [], findings, verdict: 'deny' });

describe('very many findings', () => {
  const rare = finding('zone-authoritative', 99_999);
  const all = [
    ...many('dns-proxied-kept', 50_000),
    rare,
    ...many('plan-reviewed-types', 7, { severity: 'warn' }),
  ];

  it('show every rule that found something, the rarest refusal first, and count the rest by rule', () => {
    const { visible: shown, beyond } = visibleFindings(all, 100);
    expect(shown).toHaveLength(100);
    expect(shown[0]).toBe(rare);
    expect(new Set(shown.map(({ ruleId }) => ruleId)).size).toBe(3);
    const counted = beyond.reduce((sum, { count }) => sum + count, 0);
    expect(counted + shown.length).toBe(all.length);
    expect(beyond.map(beyondText)).toContain('and 49908 more refusals by dns-proxied-kept');
  });

  it('are all shown, in their order, where they fit', () => {
    const few = all.slice(-8);
    expect(visibleFindings(few, 8)).toEqual({ visible: few, beyond: [] });
  });

  it('keep what is waived behind what is not', () => {
    const waivedBy = { approvedBy: 'a', reason: 'b', expires: '2030-01-01' };
    const { visible: shown, beyond } = visibleFindings([...many('x', 3, { waivedBy }), ...many('y', 40)], 10);
    expect(shown.findLastIndex(({ ruleId }) => ruleId === 'y')).toBeLessThan(
      shown.findIndex(({ ruleId }) => ruleId === 'x'),
    );
    expect(beyond.map(beyondText)).toEqual(['and 33 more refusals by y']);
  });

  it('take few lines of a terminal, with their whole number', () => {
    const text = renderFindingsText(report(all), plainStyle);
    expect(text.split('\n').length).toBeLessThan(500);
    expect(text).toContain('50008 finding(s)');
    expect(text).toContain('zone-authoritative');
    expect(text).toContain('more refusals by dns-proxied-kept');
  });

  it('are at most as many in SARIF as GitHub shows, with a note about the rest', () => {
    const log = JSON.parse(renderSarif(report(all), [])) as {
      runs: {
        results: { ruleId: string }[];
        invocations: { toolExecutionNotifications: { message: { text: string } }[] }[];
      }[];
    };
    const [run] = log.runs;
    expect(run?.results).toHaveLength(5000);
    expect(run?.results[0]?.ruleId).toBe('zone-authoritative');
    const notes = run?.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text);
    expect(notes).toEqual(['and 45008 more refusals by dns-proxied-kept']);
  });

  it('are bounded in JSON together with the changes, and what a finding names is among those', () => {
    const records = Object.fromEntries(
      Array.from({ length: 6000 }, (_, at) => [
        `r${String(at).padStart(5, '0')}`,
        record({ name: `r${at}` }),
      ]),
    );
    const later = Object.fromEntries(
      Object.entries(records).map(([name, body]) => [name, { ...body, content: '192.0.2.77' }]),
    );
    const plan = planOf(withRecords(records), withRecords(later));
    const [stack = ''] = plan.stacks.map((one) => one.stack);
    const named = finding('x', 0, { subject: `${stack}/cloudflare_dns_record.r05999#proxied` });
    const result: CheckReport = {
      plan,
      record: null,
      state: null,
      risk: { effective: 'high', declared: null, computed: 'high', needsSecurityReview: false, reasons: [] },
      report: report([named]),
      notTaken: [],
      own: false,
      traffic: noTraffic,
      hosts: [],
      waves: [],
      untracked: [],
    };
    const parsed = JSON.parse(renderCheckJson(result, 'denied')) as {
      plan: { stacks: { changes: { address: string }[] }[] };
      beyond: { changes: object[] };
    };
    const changes = parsed.plan.stacks[0]?.changes ?? [];
    expect(changes).toHaveLength(5000);
    expect(changes[0]?.address).toBe('cloudflare_dns_record.r05999');
    expect(parsed.beyond.changes).toEqual([{ stack, counts: { update: 1000 } }]);
  });
});

describe('what is not a finding of a foreign configuration', () => {
  it('is noted in SARIF too', () => {
    const log = renderSarif(
      report([]),
      [],
      [{ ruleId: 'plan-known-stacks', subject: 'x/y', seen: 'no stack' }],
    );
    expect(log).toContain('Not judged: this is not a stack of the estate');
    expect(log).toContain('plan-known-stacks');
    expect(renderSarif(report([]), [])).not.toContain('toolExecutionNotifications');
  });
});
