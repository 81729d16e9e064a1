/** What an author may leave out of a record, and what is read in its place. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import { recordDigest } from '../../../scripts/plan/digest.ts';
import type { RuleInput } from '../../../policies/model/facts.ts';
import type { CompleteRecord, LocatedRecord } from '../../../policies/model/record.ts';
import { computedText } from '../../../policies/model/decision.ts';
import { asWritten, completeRecord } from '../../../policies/record/complete.ts';
import { knownRecord } from '../../../policies/record/known.ts';
import { neededFields } from '../../../policies/record/needed.ts';
import { readRecord } from '../../../scripts/read/record/record.ts';
import { aPastRelease, aRuleInput } from '../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import { aBoroughRegister, aPolicySet, aRegister } from '../../builders/policy.ts';
import { facts } from '../world.ts';

const probe = { name: 'home', url: 'https://www.shop.example/', expectStatus: 200 };
const text = `apiVersion: sluice/v1
kind: Change
id: CHG-2026-0042
title: Point www at the new origin
client: acme
type: normal
reason: The old origin is switched off at the end of the month.
requester: r.okafor
owner: s.haddad
implementer: m.lind
schedule: { plannedStart: "2026-12-07T20:00:00Z" }
`;

function short(more = ''): LocatedRecord {
  const read = readRecord(`${text}${more}`, 'changes/acme/CHG-2026-0042.yaml');
  if (!read.ok) {
    throw new Error(read.diagnostics.map(({ message }) => message).join('\n'));
  }
  return read.value;
}

const plan = aPlan().updating('cloudflare_dns_record.www').build();
function complete(located: LocatedRecord, parts: Partial<RuleInput> = {}): CompleteRecord {
  return completeRecord(located, aRuleInput({ plan, ...parts }));
}
const fieldsOf = ({ computed }: CompleteRecord): readonly string[] => computed.map(({ field }) => field);

describe('a short record', () => {
  it('has at most fifteen lines and says what the plan cannot', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    const { record } = complete(short());
    expect(record).toMatchObject({
      service: 'storefront',
      category: 'dns',
      model: 'dns-change',
      stacks: ['acme-production'],
      schedule: { plannedEnd: '2026-12-07T20:20:00Z', window: 'acme-weeknight' },
      rollback: {
        strategy: 'revert',
        steps: ['sluice rollback acme-production'],
        maxDurationMin: 10,
        decider: 'm.lind',
      },
      plan: { steps: [{ n: 1, action: 'Release acme-production', actor: 'm.lind', durationMin: 10 }] },
      securityImpact: { assessed: true },
    });
  });

  it('fits, with its rollback, into the time that is computed for it', () => {
    const { findings } = decide(facts({ plan, records: [short()] }));
    expect(findings.map(({ ruleId }) => ruleId)).not.toContain('record-rollback-fits');
  });

  it('says of every field that it was computed, and from what', () => {
    const complete1 = complete(short());
    expect(fieldsOf(complete1)).toEqual(
      expect.arrayContaining(['stacks', 'category', 'model', 'schedule.window', 'rollback.steps', 'plan']),
    );
    expect(complete1.computed.every(({ from }) => from.length > 3)).toBe(true);
    const { computed } = decide(facts({ plan, records: [short()] }));
    expect(computed).toEqual(complete1.computed);
    expect(complete1.computed.map(computedText).every((shown) => shown !== '')).toBe(true);
  });

  it('keeps what is written, as a claim', () => {
    const written = complete(short('category: waf\nstacks: [acme-staging]\nmodel: my-own\n'));
    expect(written.record).toMatchObject({ category: 'waf', stacks: ['acme-staging'], model: 'my-own' });
    expect(fieldsOf(written)).not.toContain('category');
    const { findings } = decide(facts({ plan, records: [short('category: waf\nstacks: [acme-staging]\n')] }));
    const ids = findings.map(({ ruleId }) => ruleId);
    expect(ids).toEqual(expect.arrayContaining(['record-category-match', 'record-stacks-match']));
  });

  it('is digested as it is written, so that history voids no approval', () => {
    const located = short();
    const again = complete(located);
    expect(recordDigest(asWritten(again).record)).toBe(recordDigest(located.record));
    expect(completeRecord(again, aRuleInput({ plan: aPlan().build() }))).toBe(again);
  });

  it('takes as long as such releases and rehearsals took, with a margin', () => {
    const changed = ['cloudflare_dns_record'];
    const took = { releaseSeconds: 1200, rollbackSeconds: 900 };
    const { record } = complete(short(), { history: [aPastRelease({ changed, took })] });
    expect(record.schedule?.plannedEnd).toBe('2026-12-07T20:55:00Z');
    expect(record.rollback.maxDurationMin).toBe(25);
    const other = complete(short(), { history: [aPastRelease({ changed: ['cloudflare_list'], took })] });
    expect(other.record.rollback.maxDurationMin).toBe(10);
  });

  it('runs the probes of its service', () => {
    const [storefront, ...rest] = aRegister().services;
    const services = [{ ...storefront, probes: [probe] } as (typeof rest)[number], ...rest];
    const policy = aPolicySet({ registers: [aRegister({ services }), aBoroughRegister()] });
    expect(complete(short(), { policy }).record.test.probes).toEqual([probe]);
    const own = `test:\n  probes: [{ name: own, url: "https://www.shop.example/own", expectStatus: 204 }]\n`;
    expect(complete(short(own), { policy }).record.test.probes).toMatchObject([{ name: 'own' }]);
  });

  it('of several categories is of the one that asks for most care, and worst action', () => {
    const several = aPlan()
      .updating('cloudflare_dns_record.www')
      .deleting('cloudflare_zero_trust_access_policy.staff')
      .build();
    expect(complete(short(), { plan: several }).record).toMatchObject({
      category: 'access',
      model: 'access-remove',
      securityImpact: { assessed: false },
    });
  });

  it('has no service where the plan does not say which, and the gate asks', () => {
    const services = [
      { id: 'shop', name: 'Shop', zones: ['shop.example'] },
      { id: 'press', name: 'Press', zones: ['shop-static.example'] },
    ];
    const policy = aPolicySet({ registers: [aRegister({ services }), aBoroughRegister()] });
    const two = aPlan()
      .updating('cloudflare_dns_record.www')
      .inZone('shop-static.example')
      .updating('cloudflare_dns_record.static')
      .build();
    expect(complete(short(), { policy, plan: two }).record.service).toBe('');
    const { findings } = decide(facts({ policy, plan: two, records: [short()] }));
    expect(findings.map(({ ruleId }) => ruleId)).toContain('record-client-match');
  });

  it('makes nothing smaller: what an author leaves out is no lower risk than what they could claim', () => {
    const gone = aPlan()
      .deleting('cloudflare_dns_record.mx', aDnsRecord({ type: 'MX' }))
      .build();
    const written = decide(facts({ plan: gone }));
    const unsaid = decide(facts({ plan: gone, records: [short()] }));
    expect(unsaid.risk.effective).toBe(written.risk.effective);
    expect(unsaid.verdict).toBe('deny');
  });
});

describe('a record without a plan at hand', () => {
  const basis = aRuleInput();

  it('says nothing of what only a plan says', () => {
    const known = knownRecord(short(), basis, []);
    expect(known).not.toHaveProperty('stacks');
    expect(known).not.toHaveProperty('category');
    expect(known.schedule).toMatchObject({ window: 'acme-weeknight' });
  });

  it('has what the ledger says was computed', () => {
    const { computed } = complete(short());
    expect(knownRecord(short(), basis, computed)).toMatchObject({
      stacks: ['acme-production'],
      category: 'dns',
      rollback: { maxDurationMin: 10 },
    });
    expect(knownRecord(short('stacks: [acme-staging]\n'), basis, computed).stacks).toEqual(['acme-staging']);
  });
});

describe('changes/README.md', () => {
  const readme = readFileSync(new URL('../../../changes/README.md', import.meta.url), 'utf8');

  it('says from which risk upward each field is asked', () => {
    const rows = (['medium', 'high', 'critical'] as const).flatMap((level) =>
      [false, true].flatMap((isOfNormal) => {
        const names = neededFields
          .filter((field) => field.from === level && (field.isOfNormal === true) === isOfNormal)
          .map(({ field }) => `\`${field}\``);
        const who = isOfNormal ? `normal, ${level} risk or more` : `${level} risk or more`;
        return names.length === 0
          ? []
          : [`| ${names.join(', ')} | ${level === 'critical' ? who.replace(' or more', '') : who} |`];
      }),
    );
    expect(readme).toContain(`\n${rows.join('\n')}\n`);
  });

  it('shows a short record that reads, in at most fifteen lines', () => {
    const shown = /```yaml\n(# yaml-language-server[\s\S]*?)```/u.exec(readme)?.[1] ?? '';
    expect(shown.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    expect(readRecord(shown, 'changes/borough/CHG-2026-0101.yaml')).toMatchObject({ ok: true });
  });
});
