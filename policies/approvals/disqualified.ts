/**
 * Who may not judge this change because they took part in it: the author, every authenticated pusher, every author,
 * committer and co-author of every commit, the requester, implementer and owner of the record, who declared its
 * emergency, and whoever a bot's pull request was ever assigned to. Commit identity is forgeable, so it only ever
 * disqualifies; it never entitles anyone to anything.
 */
import { isReason } from '../../scripts/plan/visible.ts';
import { isSameTuple } from './freshness.ts';
import type { Commit, Facts, Pull, Roster } from '../model/facts.ts';
import { isFreeChair, ownersOfAccount } from './people.ts';

export interface Disqualified {
  /** Person id to what they did, for the reviewer's line. */
  readonly people: ReadonlyMap<string, string>;
  /** Commits whose author or committer is nobody: someone may have taken part whom the gate cannot exclude. */
  readonly unattributed: readonly Commit[];
  /** What is not known about who took part; each blocks. */
  readonly unknown: readonly string[];
}

/** Walks the pull request and the records. A pull request that is absent leaves everyone unknown, which blocks. */
export function readDisqualified(facts: Facts): Disqualified {
  const people = new Map<string, string>();
  const { roster } = facts.policy;
  const add = (id: string | undefined, what: string): void => {
    if (id !== undefined && !people.has(id)) {
      people.set(id, what);
    }
  };
  const addAccount = (account: number | null, what: string): void => {
    for (const owner of account === null ? [] : ownersOfAccount(roster, account)) {
      add(owner.id, what);
    }
  };
  const { pull } = facts;
  if (pull === null) {
    return { people, unattributed: [], unknown: ['there is no pull request, so nobody knows who took part'] };
  }
  addAccount(pull.authorId, 'opened the pull request');
  for (const account of pull.commissionerIds) {
    addAccount(account, 'was assigned the pull request of a bot');
  }
  for (const commit of pull.commits) {
    const sha = commit.sha.slice(0, 10);
    addAccount(commit.authorId, `wrote commit ${sha}`);
    addAccount(commit.committerId, `committed ${sha}`);
    for (const account of commit.coAuthorIds) {
      addAccount(account, `is co-author of commit ${sha}`);
    }
  }
  for (const account of pull.pusherIds) {
    addAccount(account, 'pushed to the branch');
  }
  for (const { record } of facts.records) {
    add(record.requester, `is the requester of ${record.id}`);
    add(record.implementer, `is the implementer of ${record.id}`);
    add(record.owner, `is the owner of ${record.id}`);
    add(record.emergency?.declaredBy, `declared the emergency of ${record.id}`);
  }
  const ids = new Set(people.keys());
  const unattributed = pull.commits.filter(
    (commit) => isUnattributed(commit) && !isWaived(commit, facts, ids),
  );
  return { people, unattributed, unknown: unknownPeople(pull, roster) };
}

function isUnattributed(commit: Commit): boolean {
  return commit.authorId === null || commit.committerId === null || commit.coAuthorIds.includes(null);
}

/** The change manager may take a commit of nobody on themselves, by its SHA, for the digests on show, with a reason. */
function isWaived(commit: Commit, facts: Facts, disqualified: ReadonlySet<string>): boolean {
  return facts.statements.some(
    (statement) =>
      statement.kind === 'waive-commit' &&
      statement.sha === commit.sha &&
      isReason(statement.reason) &&
      isSameTuple(statement.tuple, facts.tuple) &&
      isFreeChair(facts, statement, disqualified),
  );
}

function unknownPeople(pull: Pull, roster: Roster): readonly string[] {
  const unknown: string[] = [];
  if (pull.pusherIds.length === 0) {
    unknown.push('who pushed the branch is not known');
  }
  if (pull.commits.length === 0) {
    unknown.push('the commits of the pull request are not known');
  }
  const strangers = pull.commissionerIds.filter(
    (account) => account === null || ownersOfAccount(roster, account).length === 0,
  );
  if (strangers.length > 0) {
    unknown.push(
      `who asked the bot for the pull request is not known: it is or was assigned to ${strangers.map((id) => `account ${String(id ?? '(gone)')}`).join(', ')}, which is not on the roster; close it and raise the change again`,
    );
  }
  return unknown;
}
