/**
 * Random histories of one pull request as an account of who did what when. What GitHub would show of it is made in
 * `shown.ts`, and what is right is worked out in `oracle.ts`: the two share nothing but this account.
 */
import type { Who } from '../world.ts';
import { rulebooks, withRoster } from './rulebook.ts';
import type { RosterChange, Rulebook } from './rulebook.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';

/** What does not change while a history runs. */
export interface Setting {
  readonly level: RiskLevel;
  readonly type: 'normal' | 'emergency' | 'standard';
  /** Security has to look at it. */
  readonly flagged: boolean;
  /** The pull request changes policy files as well. */
  readonly policyFiles: boolean;
  /** The client wants to be asked about every change. */
  readonly clientAsked: boolean;
  readonly fork: boolean;
  /** A bot for nobody that is known, or for Ann Marsh. */
  readonly opener: 'okafor' | 'bot' | 'bot for marsh';
  /** The roster that the history begins with. */
  readonly roster: keyof typeof rulebooks;
}

export type Says = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';

export type Deed =
  | {
      readonly kind: 'push';
      readonly by: Who;
      readonly author: Who | null;
      readonly committer: Who;
      readonly coAuthor: Who | null;
      /** Null leaves it as it is. */
      readonly effect: number | null;
      readonly record: number | null;
    }
  /** The same patches once more with new commits, or squashed into one of an author. */
  | { readonly kind: 'force-push'; readonly by: Who; readonly squashedBy: Who | null }
  | { readonly kind: 'push-back'; readonly by: Who; readonly to: number }
  | { readonly kind: 'review'; readonly by: Who; readonly says: Says; readonly typed: boolean }
  | { readonly kind: 'dismiss'; readonly of: number; readonly by: Who | null; readonly reason: boolean }
  | { readonly kind: 'edit-review'; readonly of: number }
  | { readonly kind: 'roster'; readonly next: RosterChange }
  | { readonly kind: 'rules'; readonly what: 'edition' | 'catalogue' | 'undo' }
  | { readonly kind: 'wait'; readonly hours: number }
  /** Until about the end of a lifetime of a review, or about midnight, when seats begin and end. */
  | { readonly kind: 'wait-for-age'; readonly of: number; readonly hours: number; readonly off: number }
  | { readonly kind: 'wait-for-midnight'; readonly off: number }
  | { readonly kind: 'draft'; readonly on: boolean }
  | { readonly kind: 'retarget'; readonly to: 'main' | 'next' }
  | { readonly kind: 'waive'; readonly by: Who; readonly reason: boolean }
  | { readonly kind: 'reclassify'; readonly by: Who; readonly reason: boolean };

/** `after` is the time since the event before, in minutes: two things may happen in the same second. */
export type Event = Deed & { readonly after: number };

export interface Commit {
  readonly id: number;
  readonly author: Who | null;
  readonly committer: Who;
  readonly coAuthor: Who | null;
}

export interface Head {
  readonly effect: number;
  readonly record: number;
  readonly commits: readonly Commit[];
}

/** What somebody looked at when they said something: numbers that stand for the same thing when they are equal. */
export interface Sight {
  readonly head: number;
  readonly effect: number;
  readonly record: number;
  readonly rules: number;
}

export interface Said extends Sight {
  readonly by: Who;
  readonly says: Says;
  readonly typed: boolean;
  readonly at: number;
  readonly base: string;
  editedAt: number | null;
  dismissed: { readonly by: Who | null; readonly at: number; readonly reason: boolean } | null;
}

/** What somebody permitted beside reviewing, with or without a reason. */
export interface Grant {
  readonly by: Who;
  readonly at: number;
  readonly reason: boolean;
}

/** All that has happened. Times in milliseconds. */
export interface Account {
  now: number;
  readonly heads: Head[];
  head: number;
  headAt: number;
  readonly pushers: Set<Who>;
  readonly said: Said[];
  /** Each rulebook there was, once; `rules` is the present one, `rulesBefore` what an undo goes back through. */
  readonly rulebooks: Rulebook[];
  readonly rulesBefore: number[];
  rules: number;
  base: 'main' | 'next';
  draft: boolean;
  readonly waived: (Sight & Grant & { readonly commit: number })[];
  readonly reclassified: Grant[];
}

const startMs = Date.parse('2026-11-23T07:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Ruth Okafor has pushed one commit. */
export function begin({ roster }: Setting): Account {
  const commits = [{ id: 0, author: 'okafor', committer: 'okafor', coAuthor: null } as const];
  return {
    now: startMs,
    heads: [{ effect: 0, record: 0, commits }],
    head: 0,
    headAt: startMs,
    pushers: new Set<Who>(['okafor']),
    said: [],
    rulebooks: [rulebooks[roster]],
    rulesBefore: [],
    rules: 0,
    base: 'main',
    draft: false,
    waived: [],
    reclassified: [],
  };
}

export function headOf(account: Account): Head {
  return at(account.heads, account.head);
}

export function rulebookOf(account: Account): Rulebook {
  return at(account.rulebooks, account.rules);
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) {
    throw new Error(`nothing at ${index}`);
  }
  return found;
}

/** Writes one event down. What cannot be done, such as the dismissal of a comment, leaves only the time gone by. */
export function play(account: Account, event: Event): void {
  account.now += event.after * minuteMs;
  (plays[event.kind] as (account: Account, deed: Deed) => void)(account, event);
}

const plays: {
  readonly [Kind in Deed['kind']]: (account: Account, deed: Deed & { readonly kind: Kind }) => void;
} = {
  push,
  'force-push': push,
  'push-back': push,
  review: (account, { by, says, typed }) => {
    const { now, base } = account;
    const sight = sightOf(account);
    account.said.push({ ...sight, by, says, typed, at: now, base, editedAt: null, dismissed: null });
  },
  dismiss,
  'edit-review': (account, { of }) => {
    const said = account.said[of % Math.max(1, account.said.length)];
    if (said !== undefined && account.now > said.at) {
      said.editedAt = account.now;
    }
  },
  roster: amend,
  rules: amend,
  wait,
  'wait-for-age': wait,
  'wait-for-midnight': wait,
  draft: (account, { on }) => {
    account.draft = on;
  },
  retarget: (account, { to }) => {
    account.base = to;
  },
  waive: (account, { by, reason }) => {
    for (const { id, author } of headOf(account).commits) {
      const grant = { ...sightOf(account), by, at: account.now, reason, commit: id };
      account.waived.push(...(author === null ? [grant] : []));
    }
  },
  reclassify: (account, { by, reason }) => {
    account.reclassified.push({ by, at: account.now, reason });
  },
};

function sightOf(account: Account): Sight {
  const { effect, record } = headOf(account);
  return { head: account.head, effect, record, rules: account.rules };
}

function push(account: Account, event: Deed & { readonly kind: 'push' | 'force-push' | 'push-back' }): void {
  const old = headOf(account);
  if (event.kind === 'push-back') {
    account.head = event.to % account.heads.length;
  } else {
    account.head = account.heads.length;
    const id = account.heads.length;
    account.heads.push(event.kind === 'push' ? pushed(old, event, id) : rewritten(old, event, id));
  }
  account.headAt = account.now;
  account.pushers.add(event.by);
}

function pushed(old: Head, event: Deed & { readonly kind: 'push' }, id: number): Head {
  const { author, committer, coAuthor } = event;
  return {
    effect: event.effect ?? old.effect,
    record: event.record ?? old.record,
    commits: [...old.commits, { id, author, committer, coAuthor }],
  };
}

/** A rebase keeps the authors and makes who rebased the committer. */
function rewritten(old: Head, event: Deed & { readonly kind: 'force-push' }, id: number): Head {
  const { by, squashedBy } = event;
  const rebased = old.commits.map((commit, index) => ({
    ...commit,
    id: id * 1000 + index,
    committer: by,
  }));
  const squashed = [{ id: id * 1000, author: squashedBy, committer: by, coAuthor: null }];
  return { ...old, commits: squashedBy === null ? rebased : squashed };
}

/** Only what says something and stands can be dismissed. */
function dismiss(account: Account, event: Deed & { readonly kind: 'dismiss' }): void {
  const candidates = account.said.filter((said) => said.says !== 'COMMENTED' && said.dismissed === null);
  const said = candidates[event.of % Math.max(1, candidates.length)];
  if (said !== undefined) {
    said.dismissed = { by: event.by, at: account.now, reason: event.reason };
  }
}

/** A rulebook that reads like an earlier one is the earlier one: its digest is the same. */
function amend(account: Account, event: Deed & { readonly kind: 'roster' | 'rules' }): void {
  const book = rulebookOf(account);
  if (event.kind === 'rules' && event.what === 'undo') {
    account.rules = account.rulesBefore.pop() ?? account.rules;
    return;
  }
  account.rulesBefore.push(account.rules);
  const next =
    event.kind === 'roster'
      ? withRoster(book, event.next, account.now, at(account.rulebooks, 0))
      : otherwise(book, event.what);
  const text = JSON.stringify(next);
  const same = account.rulebooks.findIndex((each) => JSON.stringify(each) === text);
  account.rules = same === -1 ? account.rulebooks.push(next) - 1 : same;
}

function otherwise(book: Rulebook, what: string): Rulebook {
  return what === 'catalogue'
    ? { ...book, entryActive: !book.entryActive }
    : { ...book, edition: book.edition + 1 };
}

function wait(account: Account, event: Deed & { readonly kind: `wait${string}` }): void {
  if (event.kind === 'wait') {
    account.now += event.hours * hourMs;
    return;
  }
  const midnight = (Math.floor(account.now / dayMs) + 1) * dayMs;
  const said =
    event.kind === 'wait-for-age' ? account.said[event.of % Math.max(1, account.said.length)] : undefined;
  const until = event.kind === 'wait-for-age' ? (said?.at ?? account.now) + event.hours * hourMs : midnight;
  account.now = Math.max(account.now, until + event.off * minuteMs);
}
