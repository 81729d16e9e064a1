/** The checks of the change itself: its pull request, its record, its digests. */
import { effectDigest, policyDigest, recordDigest } from '../../scripts/plan/digest.ts';
import { onlyRecord } from '../approvals/level.ts';
import { otherRecords } from '../reading/places/control-files.ts';
import { namedClients } from '../reading/clients.ts';
import { registerOfStack } from '../reading/estate-context.ts';
import { rulesVersion } from '../registry.ts';
import type { DigestTuple, Facts, Pull } from '../model/facts.ts';
import type { ChangeRecord } from '../model/record.ts';
import { closedRecord, outcomeProblems, wasReleased } from './closing.ts';
import { gateCommand, judged, refused } from './check.ts';
import type { CheckAnswer, CheckInput, Problem } from './check.ts';
import { changedStacks, repeatedStacks, unexplainedStacks } from './plan-state.ts';
import { repairedFiles } from './check-proposal.ts';
import { separateFiles } from './policy-files.ts';
import { policyParts } from './policy-scope.ts';

/** The pull request is one that may be merged (or was merged as approved), read in full, and of one kind. */
export function checkPull(given: CheckInput): CheckAnswer {
  const { pull, moment } = given.facts;
  if (pull === null) {
    const text =
      moment === 'apply'
        ? 'there is no pull request for what would be applied: an unauthorised change'
        : 'there is no pull request';
    return refused([{ text, next: 'sluice raise' }]);
  }
  const problems = [
    ...shapeProblems(pull),
    ...(moment === 'merge' ? mergeProblems(pull) : applyProblems(pull)),
  ];
  return judged(`pull request ${pull.number} into ${pull.baseBranch}`, [
    ...problems,
    ...mixedProblems(given, pull),
  ]);
}

function shapeProblems(pull: Pull): readonly Problem[] {
  const problems: Problem[] = [];
  if (pull.fork) {
    problems.push({
      text: 'the pull request comes from a fork: its head belongs to somebody else',
      next: 'push the branch to this repository: sluice raise',
    });
  }
  if (pull.baseBranch !== pull.defaultBranch) {
    problems.push({
      text: `the pull request goes into ${pull.baseBranch}; releases are made from ${pull.defaultBranch}`,
      next: `set its base branch to ${pull.defaultBranch}`,
    });
  }
  const { commits, files, reviews } = pull.complete;
  if (!commits || !files || !reviews) {
    const lists = [commits ? '' : 'commits', files ? '' : 'files', reviews ? '' : 'reviews'].filter(
      (name) => name !== '',
    );
    problems.push({
      text: `not all ${lists.join(', ')} of the pull request could be read`,
      next: 'make the pull request smaller, or run the gate again',
      isUnknown: true,
    });
  }
  return problems;
}

function mergeProblems(pull: Pull): readonly Problem[] {
  if (pull.state !== 'open') {
    return [{ text: `the pull request is ${pull.state}`, next: 'sluice raise' }];
  }
  return [
    ...(pull.draft ? [{ text: 'the pull request is a draft', next: 'mark it as ready for review' }] : []),
    ...sharedProblems(pull),
  ];
}

/**
 * GitHub shows a check of the commit on every pull request that has it as its head, so an allow for one would let the other
 * be merged. Once merged, nothing is let in by a check any more: a pull request that somebody opens then holds nothing back.
 */
function sharedProblems({ number, sharesHeadWith }: Pull): readonly Problem[] {
  const others = sharesHeadWith.map(String).join(', ');
  return others === ''
    ? []
    : [
        {
          text: `its head is also the head of pull request ${others}: a verdict on the commit would count for both`,
          next: `close one of ${String(number)} and ${others}`,
        },
      ];
}

function applyProblems(pull: Pull): readonly Problem[] {
  if (pull.state !== 'merged' || pull.merge === null) {
    return [
      {
        text: `the pull request is ${pull.state}, not merged`,
        next: `merge pull request ${pull.number} first`,
      },
    ];
  }
  switch (pull.merge.tree) {
    case 'same':
      return [];
    case 'differs':
      return [
        {
          text: `merge ${pull.merge.sha.slice(0, 10)} is not a merge of the approved head: it holds something nobody approved`,
          next: 'revert the merge and raise the change again: sluice raise',
        },
      ];
    case 'unknown':
      return [
        {
          text: `it is not known whether merge ${pull.merge.sha.slice(0, 10)} holds what was approved`,
          next: `sluice gate --pr ${pull.number}`,
          isUnknown: true,
        },
      ];
    default:
      return [
        { text: `merge tree ${String(pull.merge.tree satisfies never)} is not known`, next: 'sluice raise' },
      ];
  }
}

function mixedProblems(given: CheckInput, pull: Pull): readonly Problem[] {
  const files = separateFiles(pull.changedFiles);
  const repaired = repairedFiles(given.facts);
  const others =
    given.record === null
      ? []
      : otherRecords(pull.changedFiles, given.record).filter((path) => !repaired.has(path));
  return [
    ...(files.length === 0 || changedStacks(given.facts).length === 0
      ? []
      : [
          {
            text: `the pull request changes infrastructure together with ${files.slice(0, 3).join(', ')}`,
            next: 'move policies, workflows, registers and the tool into a pull request of their own',
          },
        ]),
    ...(others.length === 0
      ? []
      : [
          {
            text: `the pull request changes records that are not its own: ${others.slice(0, 3).join(', ')}`,
            next: 'leave the records of other changes as they are on the base branch',
          },
        ]),
  ];
}

/** There is exactly one record, it covers what changes, and it is about one client. */
export function checkRecord(given: CheckInput): CheckAnswer {
  const { facts, record } = given;
  if (record === null) {
    const count = facts.records.length;
    return refused([
      count === 0
        ? { text: 'the change has no change record', next: 'sluice new' }
        : {
            text: `the pull request has ${count} change records: ${facts.records.map((each) => each.record.id).join(', ')}`,
            next: 'keep one record in this pull request and move the others into their own',
          },
    ]);
  }
  const problems = [
    ...kindProblems(given, record),
    ...stackProblems(given, record),
    ...unexplainedProblems(facts),
  ];
  return judged(`${record.id}: ${record.title}`, problems);
}

function kindProblems(given: CheckInput, record: ChangeRecord): readonly Problem[] {
  const isEmpty = changedStacks(given.facts).length === 0;
  const closed = closedRecord(given.facts);
  if (closed !== null) {
    return outcomeProblems(closed, given.facts);
  }
  switch (record.kind) {
    case 'Administrative':
      return administrativeProblems(given.facts, record, isEmpty);
    case 'Change':
      return isEmpty
        ? [
            {
              text: `${record.id} is a change, and the plan is empty`,
              next: 'change what it says, or make it `kind: Administrative`; to close it, change nothing in the record but `outcome`: sluice plan',
            },
          ]
        : endedProblems(record);
    default:
      return [
        { text: `record kind ${String(record.kind satisfies never)} is not known`, next: 'sluice check' },
      ];
  }
}

/** A change that was released stays one: its record says who took part in it, and its end is judged. */
function administrativeProblems(facts: Facts, { id }: ChangeRecord, isEmpty: boolean): readonly Problem[] {
  if (!isEmpty) {
    return [
      {
        text: `${id} is administrative, and the plan is not empty`,
        next: 'make it a `kind: Change`: sluice new',
      },
    ];
  }
  return wasReleased(facts, id)
    ? [
        {
          text: `${id} is administrative, and the ledger has a release of it: it is a change`,
          next: 'leave its record as it was released; to close it, change nothing in it but `outcome`; for anything else: sluice new',
        },
      ]
    : [];
}

/** Nothing has ended before it is released: an outcome that comes along would be judged by nobody. */
function endedProblems({ id, outcome }: ChangeRecord): readonly Problem[] {
  return outcome === undefined
    ? []
    : [
        {
          text: `${id} has an \`outcome\`, and the plan is not empty`,
          next: 'leave `outcome` out; it is written by a pull request of its own, after the release',
        },
      ];
}

function stackProblems(given: CheckInput, record: ChangeRecord): readonly Problem[] {
  return changedStacks(given.facts).flatMap(({ stack }): readonly Problem[] => {
    const register = registerOfStack(given.facts.policy, stack);
    if (register === null) {
      return [
        {
          text: `stack ${stack} is in no service register`,
          next: 'add it to the register of its client first',
        },
      ];
    }
    if (!namedClients(record).includes(register.client)) {
      return [
        {
          text: `${record.id} is a record of ${namedClients(record).join(', ')}; stack ${stack} belongs to ${register.client}`,
          next: `name ${register.client} in \`clients\`, or give it a record and a pull request of its own: sluice new`,
        },
      ];
    }
    return record.stacks.includes(stack)
      ? []
      : [
          {
            text: `stack ${stack} changes and is not in \`stacks\` of ${record.id}`,
            next: 'add it, then sluice check',
          },
        ];
  });
}

function unexplainedProblems(facts: Facts): readonly Problem[] {
  return unexplainedStacks(facts).map(({ stack }) => ({
    text: `stack ${stack} is another configuration, and the plan does not show what changes`,
    next: 'take out what the plan does not show: sluice plan',
    isUnknown: true,
  }));
}

/** The digests on show are those of these very facts: what was approved is what is decided on. */
export function checkTuple(given: CheckInput): CheckAnswer {
  const { facts } = given;
  const actual: DigestTuple = {
    headSha: facts.pull?.headSha ?? '',
    effectDigest: effectDigest(facts.plan),
    recordDigest: recordDigest(onlyRecord(given.facts) ?? {}),
    policyDigest: policyDigest(policyParts(facts), rulesVersion),
  };
  const names = {
    headSha: 'the head of the pull request',
    effectDigest: 'what the plan does',
    recordDigest: 'the change record',
    policyDigest: 'roster, policies or registers',
  } as const;
  const repeated = repeatedStacks(facts).map((stack) => ({
    text: `the plan has stack ${stack} more than once`,
    next: gateCommand(facts),
  }));
  const moved = (['headSha', 'effectDigest', 'recordDigest', 'policyDigest'] as const)
    .filter((part) => facts.tuple[part] !== actual[part])
    .map((part) => ({
      text: `${names[part]} moved: ${part} is ${actual[part] || 'absent'}, the tuple says ${facts.tuple[part]}`,
      next: `approve again what is on show: ${gateCommand(facts)}`,
    }));
  const problems = [...repeated, ...moved];
  return judged(
    `effect ${actual.effectDigest.slice(0, 19)}, record ${actual.recordDigest.slice(0, 19)}`,
    problems,
  );
}
