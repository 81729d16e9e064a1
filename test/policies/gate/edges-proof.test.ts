/** The checks of the change and of its proof, one by one: what each says, and what it lets through. */
import { describe, expect, it } from 'vitest';
import { contextOf } from '../../../policies/gate/check.ts';
import { checkApprovals } from '../../../policies/gate/check-approvals.ts';
import { checkPull, checkRecord, checkTuple } from '../../../policies/gate/check-change.ts';
import { checkLedger, checkRehearsal, checkRules } from '../../../policies/gate/check-proof.ts';
import {
  changedStacks,
  guardedStacks,
  repeatedStacks,
  unexplainedStacks,
} from '../../../policies/gate/plan-state.ts';
import type { Evidence, Facts, Rehearsal } from '../../../policies/model/facts.ts';
import type { Finding } from '../../../policies/model/finding.ts';
import { aPlan } from '../../builders/plan.ts';
import { accounts, aPull, cleanPlan, cleanRecord, facts, onShow } from '../world.ts';
import { aCase, agreed } from './a-case.ts';

const verifyLedger = 'sluice ledger verify';
const nothing = () => aPlan().withoutStack('acme-production').build();
const same = { before: 'sha256:1', after: 'sha256:1' };
const untouched = () => aPlan().inStack('acme-production', { bundles: same }).build();
const settingsOnly = () => aPlan().inStack('acme-production').build();

describe('the pull request', () => {
  const pull = (parts: Parameters<typeof aPull>[0], around: Partial<Facts> = {}) =>
    checkPull(aCase({ pull: aPull(parts), ...around }));
  const merged = { at: '2026-11-23T08:30:00Z', sha: 'e'.repeat(40), tree: 'same' as const };

  it('is named when it is in order', () => {
    expect(pull({})).toEqual({
      verdict: 'allow',
      summary: 'pull request 42 into main',
      reasons: [],
      next: [],
    });
  });

  it('is missed, and at apply that is an unauthorised change', () => {
    expect(checkPull(aCase({ pull: null }))).toMatchObject({
      verdict: 'deny',
      summary: 'there is no pull request',
      reasons: ['there is no pull request'],
      next: ['sluice raise'],
    });
    expect(checkPull(aCase({ pull: null, moment: 'apply' })).summary).toBe(
      'there is no pull request for what would be applied: an unauthorised change',
    );
  });

  it.each([
    [{ commits: false }, 'not all commits of the pull request could be read'],
    [{ files: false }, 'not all files of the pull request could be read'],
    [{ reviews: false }, 'not all reviews of the pull request could be read'],
    [{ commits: false, reviews: false }, 'not all commits, reviews of the pull request could be read'],
  ])('that was read in part is undetermined: %o', (part, summary) => {
    const complete = { commits: true, files: true, reviews: true, ...part };
    expect(pull({ complete })).toMatchObject({ verdict: 'undetermined', summary });
  });

  it('is known to be wrong when something is, also when something else is not known', () => {
    const complete = { commits: false, files: true, reviews: true };
    const both = pull({ complete, fork: true });
    expect(both.verdict).toBe('deny');
    expect(both.summary).toMatch(/fork.*\(and 1 more\)$/);
    expect(both.reasons).toHaveLength(2);
  });

  it.each(['closed', 'merged'] as const)('is not merged when it is %s', (state) => {
    expect(pull({ state }).summary).toBe(`the pull request is ${state}`);
  });

  it('is applied only when it is merged, and the merge is known', () => {
    const apply = { moment: 'apply' } as const;
    expect(pull({ state: 'merged', merge: merged }, apply).verdict).toBe('allow');
    expect(pull({ state: 'merged', merge: null }, apply)).toMatchObject({ verdict: 'deny' });
    expect(pull({ state: 'open', merge: merged }, apply).summary).toBe(
      'the pull request is open, not merged',
    );
    expect(pull({ draft: true, state: 'merged', merge: merged }, apply).verdict).toBe('allow');
  });

  it('is refused when the merge holds something else, and undetermined when nobody knows', () => {
    const apply = { moment: 'apply' } as const;
    const tree = (what: 'differs' | 'unknown') =>
      pull({ state: 'merged', merge: { ...merged, tree: what } }, apply);
    expect(tree('differs')).toMatchObject({
      verdict: 'deny',
      summary: 'merge eeeeeeeeee is not a merge of the approved head: it holds something nobody approved',
    });
    expect(tree('odd' as never)).toMatchObject({
      verdict: 'deny',
      summary: 'merge tree odd is not known',
    });
    expect(tree('unknown')).toMatchObject({
      verdict: 'undetermined',
      summary: 'it is not known whether merge eeeeeeeeee holds what was approved',
      next: ['sluice gate --pr 42'],
    });
  });

  it('does not mix infrastructure with policies, of which it names three', () => {
    const changedFiles = ['a', 'b', 'c', 'd'].map((name) => `policies/${name}.yaml`);
    expect(pull({ changedFiles })).toMatchObject({
      verdict: 'deny',
      summary:
        'the pull request changes infrastructure together with policies/a.yaml, policies/b.yaml, policies/c.yaml',
    });
    expect(pull({ changedFiles }, { plan: untouched() }).verdict).toBe('allow');
  });

  it('does not change the records of others, of which it names three', () => {
    const changedFiles = ['1', '2', '3', '4'].map((n) => `changes/acme/CHG-2026-000${n}.yaml`);
    expect(pull({ changedFiles }).summary).toBe(
      'the pull request changes records that are not its own: changes/acme/CHG-2026-0001.yaml, changes/acme/CHG-2026-0002.yaml, changes/acme/CHG-2026-0003.yaml',
    );
    expect(pull({ changedFiles }, { records: [] }).verdict).toBe('allow');
  });

  it('may repair the records of others that do not read', () => {
    const [broken, sound] = ['1', '2'].map((n) => `changes/acme/CHG-2026-000${n}.yaml`);
    const fault = { file: broken ?? '', line: 1, column: 1, text: 'does not read', fix: 'repair it' };
    const proposal = { faults: [], fallback: { sha: 'f'.repeat(40), faults: [fault] } };
    const changing = (...files: readonly (string | undefined)[]) =>
      pull({ changedFiles: files.flatMap((file) => file ?? []) }, { proposal });
    expect(changing(broken).verdict).toBe('allow');
    expect(changing(broken, sound).summary).toBe(
      'the pull request changes records that are not its own: changes/acme/CHG-2026-0002.yaml',
    );
  });
});

describe('the record', () => {
  const record = (parts: Parameters<typeof cleanRecord>[0], around: Partial<Facts> = {}) =>
    checkRecord(aCase({ records: [cleanRecord(parts)], ...around }));

  it('is named when it is in order', () => {
    expect(record({})).toMatchObject({
      verdict: 'allow',
      summary: 'CHG-2026-0042: Point www at the new origin',
    });
  });

  it('is exactly one', () => {
    expect(checkRecord(aCase({ records: [] }))).toMatchObject({
      summary: 'the change has no change record',
      next: ['sluice new'],
    });
    const two = [cleanRecord(), cleanRecord({ id: 'CHG-2026-0043' })];
    expect(checkRecord(aCase({ records: two })).summary).toBe(
      'the pull request has 2 change records: CHG-2026-0042, CHG-2026-0043',
    );
  });

  it('is administrative exactly when nothing changes', () => {
    expect(record({ kind: 'Administrative' }, { plan: untouched() }).verdict).toBe('allow');
    expect(record({ kind: 'Administrative' }).summary).toBe(
      'CHG-2026-0042 is administrative, and the plan is not empty',
    );
    expect(record({}, { plan: untouched() }).summary).toBe(
      'CHG-2026-0042 is a change, and the plan is empty',
    );
    expect(record({ kind: 'Wish' as never }).summary).toBe('record kind Wish is not known');
  });

  it('covers every stack that changes, of its own client', () => {
    expect(record({ stacks: ['acme-staging'] }).summary).toBe(
      'stack acme-production changes and is not in `stacks` of CHG-2026-0042',
    );
    expect(record({ client: 'borough' }).summary).toBe(
      'CHG-2026-0042 is a record of borough; stack acme-production belongs to acme',
    );
    const plan = aPlan().withoutStack('acme-production').inStack('lab').creating('a.b').build();
    expect(record({ stacks: ['lab'] }, { plan }).summary).toBe('stack lab is in no service register');
  });

  it('is undetermined where another configuration shows no change', () => {
    expect(record({}, { plan: settingsOnly() })).toMatchObject({
      verdict: 'undetermined',
      summary: 'stack acme-production is another configuration, and the plan does not show what changes',
    });
  });
});

describe('the tuple', () => {
  it.each([
    ['headSha', 'the head of the pull request moved'],
    ['effectDigest', 'what the plan does moved'],
    ['recordDigest', 'the change record moved'],
    ['policyDigest', 'roster, policies or registers moved'],
  ] as const)('with another %s is refused, and says what moved', (part, text) => {
    const found = checkTuple(aCase({ tuple: { ...onShow(), [part]: 'sha256:0' } }));
    expect(found.reasons).toHaveLength(1);
    expect(found.summary).toContain(`${text}: ${part} is `);
    expect(found.summary).toContain('the tuple says sha256:0');
    expect(found.next).toEqual(['approve again what is on show: sluice gate --pr 42']);
  });

  it('of a change without a pull request has no head', () => {
    expect(checkTuple(aCase({ pull: null })).summary).toContain('headSha is absent, the tuple says a');
  });

  it('is the one of the facts, of which it shows the beginning', () => {
    expect(checkTuple(aCase()).summary).toMatch(/^effect sha256:[0-9a-f]{12}, record sha256:[0-9a-f]{12}$/);
    expect(checkTuple(aCase({ records: [] })).verdict).toBe('allow');
  });

  it('is of a plan that has each stack once', () => {
    const [stack] = cleanPlan().stacks;
    const plan = { ...cleanPlan(), stacks: stack === undefined ? [] : [stack, stack, stack] };
    expect(checkTuple(aCase({ plan })).reasons).toEqual([
      'the plan has stack acme-production more than once',
    ]);
  });
});

describe('stacks of a plan', () => {
  it('differ when resources or the bundle do', () => {
    const names = (plan: Facts['plan']) => changedStacks(facts({ plan })).map(({ stack }) => stack);
    expect(names(settingsOnly())).toEqual(['acme-production']);
    expect(names(untouched())).toEqual([]);
    expect(names(aPlan().inStack('acme-production', { bundles: same }).creating('a.b').build())).toEqual([
      'acme-production',
    ]);
  });

  it('are explained by their resources or by their settings', () => {
    const names = (plan: Facts['plan']) => unexplainedStacks(facts({ plan })).map(({ stack }) => stack);
    expect(names(settingsOnly())).toEqual(['acme-production']);
    expect(names(cleanPlan())).toEqual([]);
    const { before, after } = settingsOnly().stacks[0]?.settings ?? { before: null, after: null };
    const settings = { before, after: { ...after, requiredVersion: '>= 2' } } as never;
    expect(names(aPlan().inStack('acme-production', { settings }).build())).toEqual([]);
    const [stack] = settingsOnly().stacks;
    const folded = (respelled: number, recomputed: number): Facts['plan'] => ({
      ...settingsOnly(),
      stacks: stack === undefined ? [] : [{ ...stack, folded: { respelled, recomputed } }],
    });
    expect(names(folded(1, 0))).toEqual([]);
    // Values that are computed anew come from Terraform, and explain no other configuration.
    expect(names(folded(0, 1))).toEqual(['acme-production']);
  });

  it('that are repeated are named once', () => {
    const [stack] = cleanPlan().stacks;
    const stacks = stack === undefined ? [] : [stack, { ...stack, stack: 'other' }, stack, stack];
    expect(repeatedStacks(facts({ plan: { ...cleanPlan(), stacks } }))).toEqual(['acme-production']);
  });

  it('are guarded unless they are known to be staging', () => {
    const plan = aPlan().inStack('acme-staging').inStack('platform').inStack('lab').build();
    expect(guardedStacks(facts({ plan }), contextOf(aCase({ plan })).reach)).toEqual([
      'acme-production',
      'lab',
      'platform',
    ]);
  });
});

describe('the ledger', () => {
  const ledger = (state: Facts['ledger'], around: Partial<Facts> = {}) =>
    checkLedger(aCase({ ledger: state, ...around }));
  const head = 'c'.repeat(40);

  it('is verified up to its head', () => {
    expect(ledger({ head, state: 'verified' })).toMatchObject({
      verdict: 'allow',
      summary: 'ledger verified up to cccccccccc',
    });
  });

  it('is refused when it is broken, in doubt when it could not be verified, with the reason if there is one', () => {
    expect(ledger({ head, state: 'broken' })).toMatchObject({
      verdict: 'deny',
      summary: 'the chain of the ledger is broken',
      next: [verifyLedger],
    });
    expect(ledger({ head, state: 'unverified', reason: 'no key' })).toMatchObject({
      verdict: 'undetermined',
      summary: 'the ledger could not be verified: no key',
      next: [verifyLedger],
    });
    expect(ledger({ head, state: 'odd' as never }).summary).toBe('ledger state odd is not known');
  });

  it('may be empty before the merge of the very first change only', () => {
    const empty: Facts['ledger'] = { head: null, state: 'verified' };
    const first = aPlan()
      .inStack('acme-production', { bundles: { before: null, after: 'sha256:1' } })
      .build();
    expect(ledger(empty, { plan: first, history: [] })).toMatchObject({
      verdict: 'allow',
      summary: 'the ledger is empty',
    });
    expect(ledger(empty, { plan: first }).verdict).toBe('undetermined');
    expect(ledger(empty, { history: [] }).verdict).toBe('undetermined');
    expect(ledger(empty, { plan: first, history: [], moment: 'apply' }).verdict).toBe('undetermined');
    const half = aPlan()
      .inStack('acme-production', { bundles: { before: null, after: 'sha256:1' } })
      .inStack('acme-staging')
      .build();
    expect(ledger(empty, { plan: half, history: [] }).verdict).toBe('undetermined');
  });

  it('has no other release of the change, unless nothing is released', () => {
    const uses = [
      { stack: 'acme-production', release: 'acme-production-0008', became: 'rolled-back', by: 'R9' },
    ] as const;
    expect(ledger({ head, state: 'verified' }, { uses }).summary).toBe(
      'CHG-2026-0042 was released to acme-production as acme-production-0008 and rolled back by R9: its approvals are used up',
    );
    expect(ledger({ head, state: 'verified' }, { uses, plan: untouched() }).verdict).toBe('allow');
  });

  it('holds evidence whose files are what was recorded', () => {
    const file = (actualDigest: string | null): Evidence => ({
      kind: 'other',
      client: null,
      path: 'e/test.log',
      recordedDigest: 'sha256:1',
      actualDigest,
      enteredById: 1008,
      enteredAt: '2026-11-23T08:30:00Z',
      tuple: null,
    });
    const held = (actual: string | null) => ledger({ head, state: 'verified' }, { evidence: [file(actual)] });
    expect(held('sha256:1').verdict).toBe('allow');
    expect(held('sha256:2').summary).toBe(
      'evidence e/test.log is not the file that was recorded: a security incident',
    );
    expect(held(null).summary).toBe('evidence e/test.log cannot be read: a security incident');
  });
});

const finding = (parts: Partial<Finding> = {}): Finding =>
  ({
    ruleId: 'spf-kept',
    subject: 'acme-production/x.y',
    severity: 'deny',
    seen: 'gone',
    required: 'kept',
    fix: 'keep it',
    ...parts,
  }) as Finding;

const waivedBy = { approvedBy: 't.berg', reason: 'r', expires: '2026-12-20T00:00:00Z' };

describe('the report of the rules', () => {
  const rules = (parts: Partial<ReturnType<typeof aCase>['rules']>, approvers: readonly string[] = []) =>
    checkRules(
      aCase(
        {},
        {
          rules: { outcomes: [], findings: [], verdict: 'allow', ...parts },
          approvers: new Set(approvers),
        },
      ),
    );

  it('lets through what no rule denies, warnings included', () => {
    const outcomes = [{ ruleId: 'spf-kept', kind: 'passed' as const }];
    expect(rules({ outcomes, findings: [finding({ severity: 'warn' })] })).toMatchObject({
      verdict: 'allow',
      summary: '1 rule, nothing that denies',
    });
  });

  it('quotes what a rule denies, and how to put it right', () => {
    expect(rules({ findings: [finding()], verdict: 'deny' })).toEqual({
      verdict: 'deny',
      summary: 'spf-kept on acme-production/x.y: gone; required: kept',
      reasons: ['spf-kept on acme-production/x.y: gone; required: kept'],
      next: ['keep it'],
    });
  });

  it('is in doubt where a rule is', () => {
    const outcomes = [{ ruleId: 'spf-kept', kind: 'undetermined' as const }];
    expect(rules({ outcomes, verdict: 'undetermined' })).toMatchObject({
      verdict: 'undetermined',
      summary: 'spf-kept cannot tell: no reason given',
    });
  });

  it('believes a waiver whose approver approves this change, whatever the severity', () => {
    expect(rules({ findings: [finding({ waivedBy })] }, ['t.berg']).verdict).toBe('allow');
    const waived = [finding({ waivedBy }), finding({ waivedBy, severity: 'warn' })];
    expect(rules({ findings: waived })).toMatchObject({
      verdict: 'deny',
      reasons: ['a waiver names t.berg, who has not approved this change'],
      next: ['ask t.berg to approve it'],
    });
  });

  it('of a change of a control, wherever it stands, is not reviewed by who pushed it', () => {
    const reviewed = (plan: Facts['plan'], reviewer: string) =>
      checkRules(
        aCase({
          plan,
          records: [cleanRecord({ securityImpact: { assessed: true, summary: 'x', reviewer } })],
          pull: aPull({ pusherIds: [accounts.berg] }),
        }),
      ).reasons;
    const both = aPlan()
      .updating('cloudflare_dns_record.www')
      .updating('cloudflare_ruleset.waf')
      .inStack('acme-staging')
      .updating('cloudflare_dns_record.www')
      .build();
    expect(reviewed(both, 't.berg')).toEqual(['the security reviewer t.berg pushed to the branch']);
    expect(reviewed(both, 'p.iyer')).toEqual([]);
    expect(reviewed(cleanPlan(), 't.berg')).toEqual([]);
  });

  it('stops when its verdict says so, though nothing is listed', () => {
    expect(rules({ verdict: 'deny' })).toMatchObject({ verdict: 'deny', summary: 'the rules say deny' });
    expect(rules({ findings: [finding()], verdict: 'deny' }).reasons).toHaveLength(1);
  });
});

describe('the rehearsal', () => {
  const effectDigest = onShow().effectDigest;
  const rehearsed = (...parts: readonly Partial<Rehearsal>[]) =>
    checkRehearsal(
      aCase({
        rehearsals: parts.map((each) => ({
          stack: 'acme-production',
          effectDigest,
          result: 'proven',
          rollbackSeconds: 4,
          ...each,
        })),
      }),
    );

  it('is for the stack and the effect, and takes no longer than the record promises', () => {
    expect(rehearsed({})).toMatchObject({
      verdict: 'allow',
      summary: 'rollback rehearsed for acme-production',
    });
    expect(rehearsed({ rollbackSeconds: 900 }).verdict).toBe('allow');
    expect(rehearsed({ rollbackSeconds: 901 }).summary).toBe(
      'the rollback of acme-production took 901 s; the record promises 15 min',
    );
  });

  it('takes its slowest run of each stack, and all stacks together, for its time', () => {
    expect(rehearsed({ rollbackSeconds: 4 }, { rollbackSeconds: 901 }).verdict).toBe('deny');
    expect(rehearsed({ rollbackSeconds: 450 }, { rollbackSeconds: 900 }).verdict).toBe('allow');
    const plan = aPlan()
      .updating('cloudflare_dns_record.www')
      .inStack('acme-staging')
      .updating('cloudflare_dns_record.www')
      .build();
    const both = (...seconds: readonly number[]) =>
      checkRehearsal(
        aCase({
          plan,
          rehearsals: ['acme-production', 'acme-staging'].map((stack, index) => ({
            stack,
            effectDigest: facts({ plan }).tuple.effectDigest,
            result: 'proven',
            rollbackSeconds: seconds[index] ?? 0,
          })),
        }),
      );
    expect(both(450, 450).verdict).toBe('allow');
    expect(both(450, 451).summary).toContain('took 901 s; the record promises 15 min');
  });

  it('keeps no promise that was not measured', () => {
    const [proven] = facts().rehearsals;
    const { rollbackSeconds: _, ...unmeasured } = proven ?? { stack: '', effectDigest, result: 'proven' };
    expect(checkRehearsal(aCase({ rehearsals: [unmeasured] }))).toMatchObject({
      verdict: 'undetermined',
      summary: 'the rehearsal of acme-production does not say how long its rollback took',
      next: ['sluice rehearse acme-production, then sluice gate --pr 42'],
    });
  });

  it.each<[string, Partial<Rehearsal>]>([
    ['was not rehearsed', { stack: 'acme-staging' }],
    ['was rehearsed for another plan only', { effectDigest: 'sha256:0' }],
  ])('is missed: the rollback %s', (text, parts) => {
    expect(rehearsed(parts)).toMatchObject({
      verdict: 'deny',
      summary: `the rollback of acme-production ${text}`,
      next: ['sluice rehearse acme-production, then sluice gate --pr 42'],
    });
  });

  it('of another plan or another stack says nothing about the time of this one', () => {
    expect(rehearsed({}, { effectDigest: 'sha256:0', rollbackSeconds: 901 }).verdict).toBe('allow');
    expect(rehearsed({}, { stack: 'acme-staging', rollbackSeconds: 901 }).verdict).toBe('allow');
  });

  it('that failed is named for that alone, however long it took, and the first of several', () => {
    const slow = { result: 'failed', reason: 'drift', rollbackSeconds: 901 } as const;
    expect(rehearsed(slow, { ...slow, reason: 'no key' }).reasons).toEqual([
      'the rehearsal of acme-production failed: drift',
    ]);
  });

  it('that failed or did not run counts, also beside one that passed', () => {
    expect(rehearsed({}, { result: 'failed', reason: 'drift' }).summary).toBe(
      'the rehearsal of acme-production failed: drift',
    );
    expect(rehearsed({ result: 'skipped' as never }).summary).toBe(
      'the rehearsal of acme-production did not run: no reason given',
    );
  });

  it('is not needed where no resource changes', () => {
    const summary = 'no resource changes, so none has to be rolled back';
    expect(checkRehearsal(aCase({ plan: settingsOnly(), rehearsals: [] }))).toMatchObject({
      verdict: 'allow',
      summary,
    });
    expect(checkRehearsal(aCase({ plan: nothing() })).summary).toBe(summary);
  });

  it('is not needed where no rollback is possible, if the record says why', () => {
    const because = (irreversibleReason?: string) =>
      checkRehearsal(
        aCase({
          rehearsals: [],
          records: [
            cleanRecord({
              rollback: {
                strategy: 'not-possible',
                steps: [],
                triggers: [],
                ...(irreversibleReason === undefined ? {} : { irreversibleReason }),
              },
            }),
          ],
        }),
      );
    expect(because('the key is destroyed')).toMatchObject({
      verdict: 'allow',
      summary: 'no rollback is possible, as the record says',
      reasons: ['the key is destroyed'],
    });
    expect(because(' ').summary).toBe('the record says that no rollback is possible, and not why');
    expect(because().verdict).toBe('deny');
  });
});

describe('the approvals', () => {
  const approvals = (parts: Partial<typeof agreed>, around: Partial<Facts> = {}) =>
    checkApprovals(aCase(around, { approvals: { ...agreed, ...parts } }));

  it('are counted', () => {
    expect(approvals({})).toEqual({
      verdict: 'allow',
      summary: '2 of 2 approvals (medium)',
      reasons: [],
      next: [],
    });
  });

  it('that are missing are named with what to do, then the gate', () => {
    const reasons = [
      'missing: 1 x cab',
      'unsatisfiable: x',
      'veto: y',
      'condition C1',
      'commit a',
      'because',
    ];
    const denied = approvals({
      verdict: 'deny',
      given: 0,
      openSeats: ['cab', 'engineer'],
      vetoes: [
        { personId: null, login: 'a', text: '' },
        { personId: null, login: 'b', text: '' },
      ],
      reasons,
    });
    expect(denied).toEqual({
      verdict: 'deny',
      summary: '0 of 2 approvals (medium); open: cab, engineer; veto of a, b',
      reasons,
      next: [...reasons.slice(0, 5), 'sluice gate --pr 42'],
    });
    expect(approvals({ verdict: 'undetermined' })).toMatchObject({
      verdict: 'undetermined',
      summary: '2 of 2 approvals (medium)',
    });
  });

  it('that are missing after the merge make it an unauthorised change', () => {
    const merged = aPull({ state: 'merged' });
    const text = 'unauthorised change: merged without valid approvals. 2 of 2 approvals (medium)';
    const denied = { verdict: 'deny' } as const;
    expect(approvals(denied, { moment: 'apply', pull: merged }).summary).toBe(text);
    expect(approvals(denied, { pull: merged }).summary).toBe('2 of 2 approvals (medium)');
    expect(approvals(denied, { moment: 'apply' }).summary).toBe('2 of 2 approvals (medium)');
    expect(approvals(denied, { moment: 'apply', pull: null }).next).toEqual(['sluice raise']);
  });
});
