/**
 * Random histories of pushes, reviews, dismissals, roster changes and time. Safety: the gate never allows what the slow
 * oracle does not, after any event. Liveness: it never refuses what the oracle allows, and a fresh full quorum of people
 * who took no part always unblocks. `npm run test:properties` plays 50,000 histories, `npm test` a few hundred; the seed is
 * fixed, and fast-check prints the history that fails.
 */
import { assert, property } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluateApprovals } from '../../../policies/approvals.ts';
import { decide } from '../../../policies/gate.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import { policyForBench } from '../../bench/policy.ts';
import { aRisk } from '../world.ts';
import { begin, play } from './history.ts';
import type { Account, Event, Setting } from './history.ts';
import { hasCommitOfNobody, mayGo, mayMerge, quorumExists } from './oracle.ts';
import { viewer } from './as-github-reports.ts';
import { everybodyApproves, histories, settings } from './stories.ts';

const runs = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? '120');
const options = { numRuns: runs, seed: 20261123 };
const { quorum } = await policyForBench();
const show = viewer(quorum);

const kinds = ['critical', 'emergency', 'high', 'low', 'medium', 'standard'];
const report: string[] = [];
afterAll(() => {
  process.stdout.write(`\n${report.join('\n')}\n`);
});

function judge(facts: Facts, setting: Setting): ReturnType<typeof evaluateApprovals> {
  return evaluateApprovals(facts, aRisk(setting.level, { needsSecurityReview: setting.flagged }));
}

function playAll(account: Account, events: readonly Event[]): Account {
  events.forEach((event) => play(account, event));
  return account;
}

describe('any history of a pull request', () => {
  it('is allowed exactly when the oracle allows it, after every event', () => {
    const seen = { sequences: 0, events: 0, allowed: 0, allowedAtEnd: 0, lost: 0 };
    const reached = new Map<string, number>();
    assert(
      property(histories, settings, (events, setting) => {
        const account = begin(setting);
        let [before, ever] = [false, false];
        events.forEach((event, index) => {
          play(account, event);
          const expected = mayGo(account, setting);
          const { verdict } = judge(show(account, setting), setting);
          if ((verdict === 'allow') !== expected) {
            throw new Error(
              `after event ${index + 1} the code says ${verdict}, the oracle ${expected ? 'allow' : 'deny'}`,
            );
          }
          seen.allowed += expected ? 1 : 0;
          seen.lost += before && !expected ? 1 : 0;
          [before, ever] = [expected, ever || expected];
        });
        seen.sequences += 1;
        seen.events += events.length;
        seen.allowedAtEnd += before ? 1 : 0;
        const kind = setting.type === 'normal' ? setting.level : setting.type;
        reached.set(kind, (reached.get(kind) ?? 0) + (ever ? 1 : 0));
      }),
      options,
    );
    const each = [...reached].map(([kind, count]) => `${kind} ${count}`);
    report.push(
      `safety:     ${seen.sequences} sequences, ${seen.events} events, each one judged; allowed after ${seen.allowed} of them`,
      `            in so many sequences: ${each.join(', ')}; at the end of ${seen.allowedAtEnd}; lost again ${seen.lost} times`,
    );
    // A generator that never reaches a quorum, or never loses one, would prove nothing.
    expect([...reached.keys()].toSorted()).toEqual(kinds);
    expect([...reached].filter(([, count]) => count < seen.sequences / 250)).toEqual([]);
    expect(seen.lost / seen.sequences).toBeGreaterThan(0.15);
  }, 7_200_000);

  it('is unblocked by a fresh full quorum of people who took no part, wherever there is one', () => {
    const seen = { sequences: 0, blocked: 0, unblocked: 0 };
    assert(
      property(histories, settings, (events, setting) => {
        const account = playAll(begin(setting), events);
        const wasAllowed = mayGo(account, setting);
        playAll(account, everybodyApproves);
        const exists = quorumExists(account, setting);
        const { verdict, reasons } = judge(show(account, setting), setting);
        expect(verdict).toBe(exists && !hasCommitOfNobody(account, setting) ? 'allow' : 'deny');
        expect(reasons.some((reason) => reason.startsWith('unsatisfiable'))).toBe(!exists);
        seen.sequences += 1;
        seen.blocked += wasAllowed ? 0 : 1;
        seen.unblocked += !wasAllowed && verdict === 'allow' ? 1 : 0;
      }),
      options,
    );
    report.push(
      `liveness:   ${seen.sequences} sequences, ${seen.blocked} blocked at their end; a full quorum unblocked ${seen.unblocked}`,
    );
    expect(seen.unblocked / seen.blocked).toBeGreaterThan(0.2);
  }, 7_200_000);

  it('is never allowed by the whole gate without a quorum, ready and for the base branch', () => {
    const seen = { sequences: 0, allowed: 0 };
    assert(
      property(histories, settings, (events, drawn) => {
        const decision = (account: Account) => decide(show(account, drawn));
        const before = playAll(begin(drawn), events);
        const after = playAll(structuredClone(before), everybodyApproves);
        for (const account of [before, after]) {
          const { verdict, checks, risk } = decision(account);
          // The gate works the risk out by itself; the oracle is asked about that one.
          const setting = { ...drawn, level: risk.effective, flagged: risk.needsSecurityReview };
          const says = (id: string) => checks.find((check) => check.id === id)?.verdict === 'allow';
          expect({ quorum: says('approvals'), pull: says('pull'), tuple: says('tuple') }).toEqual({
            quorum: mayGo(account, setting),
            pull: mayMerge(account, setting),
            tuple: true,
          });
          expect(verdict === 'allow' && !(says('approvals') && says('pull'))).toBe(false);
          seen.allowed += verdict === 'allow' ? 1 : 0;
        }
        seen.sequences += 1;
      }),
      { ...options, numRuns: Math.ceil(runs / 10) },
    );
    report.push(
      `whole gate: ${2 * seen.sequences} decisions after ${seen.sequences} sequences, ${seen.allowed} allowed`,
    );
    expect(seen.allowed / seen.sequences).toBeGreaterThan(0.05);
  }, 7_200_000);
});
