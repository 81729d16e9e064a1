/** What a pull request would make of the default branch: refused when it would not read, or repairs more than what does not. */
import { describe, expect, it } from 'vitest';
import { checkProposal, repairedFiles } from '../../../policies/gate/check-proposal.ts';
import type { Pull } from '../../../policies/model/facts.ts';
import type { PolicyFallback, ProposalFault } from '../../../policies/model/proposal.ts';
import { aPull, facts } from '../world.ts';
import { aCase } from './a-case.ts';

const fault = (file: string): ProposalFault => ({
  file,
  line: 3,
  column: 7,
  text: 'is not a mapping',
  fix: `correct ${file}`,
});

const fallback = (...faults: readonly ProposalFault[]): PolicyFallback => ({ sha: 'f'.repeat(40), faults });

const judge = (
  faults: readonly ProposalFault[],
  old: PolicyFallback | null = null,
  pull: Partial<Pull> | null = {},
) => checkProposal(aCase({ proposal: { faults, fallback: old }, pull: pull === null ? null : aPull(pull) }));

describe('what would be merged', () => {
  it('is allowed when it reads', () => {
    expect(judge([])).toEqual({
      verdict: 'allow',
      summary: 'what would be merged reads, and leaves no seat empty',
      reasons: [],
      next: [],
    });
  });

  it('is refused with the place and the fix of everything that does not', () => {
    expect(judge([fault('policies/quorum.yaml'), fault('policies/roster.yaml')])).toEqual({
      verdict: 'deny',
      summary: 'policies/quorum.yaml:3:7 is not a mapping (and 1 more)',
      reasons: ['policies/quorum.yaml:3:7 is not a mapping', 'policies/roster.yaml:3:7 is not a mapping'],
      next: ['correct policies/quorum.yaml', 'correct policies/roster.yaml'],
    });
  });
});

describe('while the policy data of the default branch does not read', () => {
  const old = fallback(fault('policies/quorum.yaml'), fault('policies/calendar.yaml'));
  const repair = { changedFiles: ['policies/quorum.yaml', 'changes/acme/CHG-2026-0042.yaml'] };

  it('a pull request that changes nothing but such data is decided with the last that did', () => {
    expect(judge([], old, repair)).toEqual({
      verdict: 'allow',
      summary: `repairs the policy data, which does not read: decided with that of ${old.sha}, the last that did`,
      reasons: ['policies/quorum.yaml:3:7 is not a mapping', 'policies/calendar.yaml:3:7 is not a mapping'],
      next: [],
    });
  });

  it('one that leaves it unreadable is refused', () => {
    expect(judge([fault('policies/quorum.yaml')], old, repair)).toMatchObject({
      verdict: 'deny',
      reasons: ['policies/quorum.yaml:3:7 is not a mapping'],
    });
  });

  it.each<readonly [string, Partial<Pull> | null, string]>([
    ['changes something else', { baseBranch: 'release' }, 'release'],
    [
      'changes something else along with it',
      { changedFiles: [...repair.changedFiles, 'package.json'] },
      'main',
    ],
    ['changes nothing', { changedFiles: [] }, 'main'],
    ['is not there', null, 'the default branch'],
  ])('one that %s is not decided', (_name, pull, branch) => {
    expect(judge([], old, pull)).toEqual({
      verdict: 'deny',
      summary: `the policy data of ${branch} does not read: policies/quorum.yaml:3:7 is not a mapping. Until it does, only a pull request that changes nothing but policies, registers, cases and records is decided, with those of ${old.sha}`,
      reasons: [expect.stringContaining(`with those of ${old.sha}`)],
      next: [
        `repair it in a pull request of its own: git diff ${old.sha} -- policies stacks/clients changes`,
      ],
    });
  });

  it('says so also when nobody knows what does not read', () => {
    expect(judge([], fallback(), null).summary).toContain('the default branch does not read. Until it does');
  });

  it('the files that do not read are there to be repaired, and no others', () => {
    expect([...repairedFiles(facts({ proposal: { faults: [], fallback: old } }))]).toEqual([
      'policies/quorum.yaml',
      'policies/calendar.yaml',
    ]);
    expect([...repairedFiles(facts())]).toEqual([]);
  });
});
