/**
 * What the commands need from the outside world, named after the need. Adapters implement these; tests use small
 * fakes that pass the same contract suites. No port has an optional method: an absent check is not a passed check.
 */
import type { GitSingles, TreeEntry } from './git-singles.ts';
import type { JsonObject } from '../plan/types.ts';
import type { DigestTuple, Pull, Review } from '../../policies/model/facts.ts';
import type { IncidentReport } from '../../policies/model/incident.ts';
import type { ProposedEntry } from '../../policies/model/proposal.ts';
import type { Probe } from '../../policies/model/record.ts';

export interface Clock {
  /** RFC 3339, UTC. */
  now(): string;
  /** Milliseconds of a monotonic clock, for durations only. */
  monotonicMs(): number;
  /** Lets so many milliseconds go by. */
  wait(ms: number): Promise<void>;
}

/** Progress goes to stderr: a live line on a terminal, plain lines in CI. Results never go through here. */
export interface Reporter {
  info(text: string): void;
  warn(text: string): void;
  /** Runs `work`, showing `name` while it lasts and its duration after it. */
  step<T>(name: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** One process, told from all others that have or had its id. */
export interface ProcessMark {
  readonly pid: number;
  readonly host: string;
  /** Null where the system does not say when a process began. */
  readonly started: string | null;
}

export interface Processes {
  self(): ProcessMark;
  /** `elsewhere`: it is of another machine, and nothing can be said from here. */
  state(mark: ProcessMark): 'running' | 'ended' | 'elsewhere';
}

/** The editor of the person at the terminal. */
export interface Editor {
  /** Returns when it is closed: null, or why it did not end well. */
  open(path: string): Promise<string | null>;
}

export interface Files {
  /** Refuses files over `maxBytes` and anything that is not a regular file. */
  readText(path: string, maxBytes?: number): Promise<string>;
  exists(path: string): Promise<boolean>;
  /** Atomic: written beside and renamed. Creates parent folders. */
  writeText(path: string, text: string): Promise<void>;
  /** Regular files below `folder`, relative, sorted; never follows links. */
  list(folder: string): Promise<readonly string[]>;
  /**
   * A text of any size as parts of whole lines, in constant memory; gzip (by its first bytes) is unpacked. Refuses what is no
   * regular file and a compressed file that is damaged.
   */
  readChunks(path: string): AsyncIterable<TextChunk>;
  /**
   * Writes a compressed text of any size, in constant memory, under the digest of its bytes before compression:
   * `<folder>/<sha256>.ndjson.gz`. Atomic, as `writeText`.
   */
  writeByDigest(
    folder: string,
    parts: AsyncIterable<string>,
  ): Promise<{ readonly path: string; readonly sha256: string }>;
  makeTempDir(prefix: string): Promise<string>;
  /** Makes a folder anew: empty, and readable by its owner only. */
  makePrivateFolder(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** Whole lines of a text; a line that is longer than some megabytes is cut. */
export interface TextChunk {
  readonly text: string;
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  /** `sha256:…` of all bytes of the text, uncompressed: with the last part, which may be empty; null before it. */
  readonly sha256: string | null;
}

export interface GitFile {
  readonly path: string;
  readonly text: string;
}

/** What a commit is called: its message, and the tag that it gets; a tag that is there already is never moved. */
interface CommitMark {
  readonly message: string;
  readonly tag: string | null;
  /** A reference of this clone's own that moves with the branch, whatever becomes of branches and tags. */
  readonly seen?: string;
  /** Files of the commit that may be there already: what they say follows from the others. */
  readonly derived?: readonly GitFile[];
}

export interface OnOrigin {
  readonly tip: string | null;
  /** `ahead`: HEAD has everything of it and more. `diverged`: it has commits that HEAD does not have, and the other way round. */
  readonly head: 'new' | 'same' | 'ahead' | 'behind' | 'diverged';
}

export interface Git extends GitSingles {
  root(): Promise<string>;
  headSha(): Promise<string>;
  resolve(ref: string): Promise<string>;
  branch(): Promise<string | null>;
  isShallow(): Promise<boolean>;
  /** Paths with uncommitted changes. */
  dirtyPaths(): Promise<readonly string[]>;
  /** Text of a file at a ref; null when it is not there. */
  fileAt(ref: string, path: string): Promise<string | null>;
  /** `sha256:…` of the bytes of a file at a ref, text or not; null when it is not there. */
  digestAt(ref: string, path: string): Promise<string | null>;
  /** Files below `folder` at a ref, or in a tree by its id: those that are `wanted`, all when left away. */
  filesAt(ref: string, folder: string, wanted?: (path: string) => boolean): Promise<readonly GitFile[]>;
  /** Paths below `folder` at a ref, without their text. */
  pathsAt(ref: string, folder: string): Promise<readonly string[]>;
  /** Every entry of the tree of a ref, or of a tree by its id, with its mode. */
  entriesAt(ref: string): Promise<readonly ProposedEntry[]>;
  /** The same for the working tree as it would be committed: tracked files and new ones that are not ignored. */
  workingEntries(): Promise<readonly ProposedEntry[]>;
  /** Id of the tree that merging `head` onto `base` gives; null when they do not merge by themselves. */
  mergedTree(base: string, head: string): Promise<string | null>;
  /** Commits on the first-parent line of `ref` that changed something below `folders`, newest first. */
  firstParents(ref: string, folders: readonly string[]): Promise<readonly string[]>;
  /** The whole tree of a ref without texts: links and submodules are in it as well. */
  wholeTree(ref: string): Promise<readonly TreeEntry[]>;
  /** Every commit that can be reached from a ref. */
  commitsOf(ref: string): Promise<ReadonlySet<string>>;
  /** Files of the working tree that git neither tracks nor ignores: no commit carries them before they are added. */
  untracked(): Promise<readonly string[]>;
  /** The newest commit that both have. */
  mergeBase(one: string, other: string): Promise<string>;
  /** Paths that differ between two commits: merge base of both against `head`. */
  changedBetween(base: string, head: string): Promise<readonly string[]>;
  /** Paths that differ between the merge base with `base` and the working tree; `untracked` ones are among them. */
  changedSince(base: string): Promise<readonly string[]>;
  /** Whether commit `merge` has exactly the tree that merging `head` onto its first parent gives. */
  compareMerge(merge: string, head: string): Promise<'same' | 'differs' | 'unknown'>;
  /** A detached checkout of `ref` in a temporary folder; the caller releases it. */
  checkout(ref: string): Promise<{ readonly path: string; readonly release: () => Promise<void> }>;
  /** Whether `older` is `newer` or reached from it. A commit that this clone does not have is not. */
  isAncestor(older: string, newer: string): Promise<boolean>;
  /** All refs, local and remote, with their commits. */
  refs(): Promise<readonly { readonly ref: string; readonly sha: string }[]>;
  /**
   * Adds a commit to `branch` (created as an orphan when absent) with `files` on top of its tree, without touching the
   * working tree. Branch and tag move together or not at all. Fails when the branch is not at `expectedTip` any more.
   */
  appendCommit(
    branch: string,
    expectedTip: string | null,
    mark: CommitMark,
    files: readonly GitFile[],
  ): Promise<string>;
  /** The same, with commit and tag on `origin` before the local branch moves. Throws StaleError when origin's branch has moved. */
  publishCommit(
    branch: string,
    expectedTip: string | null,
    mark: CommitMark,
    files: readonly GitFile[],
  ): Promise<string>;
  /**
   * Brings a local branch, and the tags below `tags`, to where `origin` has them; nothing is ever moved back. Throws InputError
   * where origin does not continue what is here: another history, a moved tag, or no branch any more.
   */
  fetchBranch(branch: string, tags: string | null): Promise<void>;
  /** Brings all branches of `origin`, so that commits that were pushed since are here. Moves no branch of this clone. */
  fetchBranches(): Promise<void>;
  /** Keeps a commit under a reference of this clone's own, whatever becomes of branches and tags. */
  remember(reference: string, commit: string): Promise<void>;
  tip(branch: string): Promise<string | null>;
  /** Name and address of who commits here, as git is set up: a claim. Null where nobody is. */
  identity(): Promise<{ readonly name: string; readonly email: string } | null>;
  /** Address of the remote called origin, without credentials; null when there is none. */
  origin(): Promise<string | null>;
  /**
   * Begins `branch` at HEAD and commits these paths as the working tree has them, as whoever git is set up for. Throws
   * ExternalError, in git's words, where git has nobody set up or the branch is there.
   */
  commitOn(branch: string, message: string, paths: readonly string[]): Promise<void>;
  /** Where origin has `branch`, and how HEAD stands to that. */
  onOrigin(branch: string): Promise<OnOrigin>;
  /** Makes `branch` on origin what HEAD is, if it is still at `expected`; nobody's commits are overwritten unseen. */
  pushHead(branch: string, expected: string | null): Promise<void>;
  /** Every commit reachable from `ref`, oldest first, with what it changed against its first parent. */
  history(ref: string): Promise<
    readonly {
      readonly sha: string;
      readonly parents: number;
      readonly changes: readonly { readonly status: string; readonly path: string }[];
    }[]
  >;
  /** Ends what was kept running for quick answers; a question after that starts it again. */
  close(): Promise<void>;
}

/** A key that signs: the private half stays behind it. */
export interface SigningKey {
  /** SubjectPublicKeyInfo, DER, base64. */
  readonly publicKey: string;
  /** Ed25519, base64. */
  readonly sign: (message: Uint8Array) => string;
}

/** Ed25519 keys. No method gives out a private half. */
export interface KeyStore {
  /** The key of the environment (`SLUICE_LEDGER_KEY`); null when none is set. Throws UsageError for what is no such key. */
  fromEnvironment(): SigningKey | null;
  /** The key in a file; null when there is none. Throws DeniedError for a file that others may read. */
  fromFile(path: string): Promise<SigningKey | null>;
  /** Where a file of this name comes to lie, all links on the way followed. */
  landing(path: string): Promise<string>;
  /** Makes a key and writes its private half to a new file that only its owner may read; gives the public half. */
  create(path: string): Promise<string>;
}

export interface TerraformVersion {
  readonly product: 'terraform' | 'opentofu';
  readonly version: string;
}

export interface AppliedResult {
  readonly ok: boolean;
  /** Addresses in the order Terraform reported them complete, with the action. */
  readonly completed: readonly {
    readonly address: string;
    readonly action: string;
    readonly seconds: number;
  }[];
  readonly errors: readonly {
    readonly address: string | null;
    readonly summary: string;
    readonly detail: string;
  }[];
}

export interface AppliedSoFar {
  readonly process: ProcessMark;
  readonly result: AppliedResult;
}

/** What Terraform tells states apart by: `lineage` is given once, `serial` grows with each write. */
export interface StateMark {
  readonly serial: number;
  readonly lineage: string;
}

/** One working folder with one stack's configuration. All of it through `-json` or `show -json`: prose is never matched. */
export interface Terraform {
  version(): Promise<TerraformVersion>;
  init(folder: string): Promise<void>;
  /** Writes `planFile` and returns `terraform show -json` of it. */
  plan(folder: string, planFile: string): Promise<JsonObject>;
  /**
   * Goes on when this process dies: it writes to files beside the plan file, which `appliedSoFar` reads.
   */
  apply(folder: string, planFile: string, onEvent: (text: string) => void): Promise<AppliedResult>;
  /** What an apply of this plan file has reported so far, and its process; null when none was started here. */
  appliedSoFar(planFile: string): Promise<AppliedSoFar | null>;
  /** Brings an object that exists into the state, under an address of the configuration. */
  adopt(folder: string, address: string, importId: string): Promise<void>;
  /** `terraform show -json` of the state. */
  state(folder: string): Promise<JsonObject>;
  /** Which state it is, and how often it was written; null while there is none. */
  stateMark(folder: string): Promise<StateMark | null>;
  /**
   * Reads these objects anew and changes neither them nor the state: `terraform show -json` of the plan, whose `resource_drift`
   * says what is live otherwise than the state has it. The plan file is removed.
   */
  refresh(folder: string, planFile: string, addresses: readonly string[]): Promise<JsonObject>;
}

/** A list of Cloudflare's API: its path below the base, and what narrows it down. A `limit` is the size of its pages. */
export interface LiveListing {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Cloudflare's API, for reading only. An answer that is not complete is an error, never a shorter answer. */
export interface CloudflareReader {
  list(listing: LiveListing): Promise<readonly JsonObject[]>;
  /** The same page by page, for a list that is not held in memory; one that is not there is an error. */
  pages(listing: LiveListing): AsyncIterable<readonly JsonObject[]>;
  /** One object; null when the answer is none. */
  read(path: string): Promise<JsonObject | null>;
}

/** Turns stack code into bundles by running it in a child process without secrets. */
export interface Synthesizer {
  /** Canonical stack name to the parsed `cdk.tf.json`; `folder` is a checkout of the repository. */
  synth(folder: string): Promise<ReadonlyMap<string, JsonObject>>;
}

/**
 * The same for what stays on this machine or is decided on: it may answer with what the same sources gave before. What
 * Cloudflare gets, and what a job hands over as bundles, comes of a `Synthesizer`, which runs the code each time.
 */
export interface LocalSynthesizer {
  synthCached(folder: string): Promise<ReadonlyMap<string, JsonObject>>;
}

export interface ProbeResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** From the first question to the last answer. */
  readonly ms: number;
  /** It was not made: it goes to an address that probes do not go to. */
  readonly refused?: true;
}

/** Where probes may go, and what stands in for a host. */
export interface ProbeReach {
  /** Host to base address on this machine, for probes that must not leave it. */
  readonly resolve: ReadonlyMap<string, string>;
  /** Addresses and networks that are asked although they are not public. */
  readonly allowed: readonly string[];
}

export interface Prober {
  probe(probe: Probe): Promise<ProbeResult>;
}

/** A comment of a pull request, as the server has it. */
export interface Comment {
  /** A review is read for its text only, which should hold no statement. */
  readonly source: 'comment' | 'review';
  readonly id: number;
  /** Null for a deleted account. */
  readonly accountId: number | null;
  readonly login: string;
  readonly isBot: boolean;
  /** Written by Sluice itself. */
  readonly isOwn: boolean;
  readonly at: string;
  readonly text: string;
  /** Who edited it last; null when nobody did. An editor whose account is gone has no id. */
  readonly edited: { readonly accountId: number | null; readonly login: string } | null;
  /** What was on show when it was written; null when unknown. */
  readonly tuple: DigestTuple | null;
}

/** A comment that is not there any more. Its text is gone; who wrote and who deleted it is not. */
export interface DeletedComment {
  readonly id: number;
  readonly at: string;
  readonly ofAccountId: number | null;
  readonly ofLogin: string;
  readonly byAccountId: number | null;
  readonly byLogin: string;
}

/** What the synth job left for a commit. `reason` is one sentence; all but `files` is nothing to decide from. */
export type SynthBundles =
  | { readonly kind: 'pending' | 'missing' | 'failed' | 'foreign' | 'refused'; readonly reason: string }
  | { readonly kind: 'files'; readonly files: readonly GitFile[] };

/** The head of a pull request, in the branch that it was pushed to. */
export interface RunHead {
  readonly sha: string;
  readonly branch: string;
}

export interface SynthRuns {
  /**
   * The head whose runs are of this pull request, or why that cannot be told (`foreign`): a run names its commit and not the
   * base branch that its workflow came from.
   */
  headOf(
    number: number,
    headSha: string,
  ): Promise<RunHead | Exclude<SynthBundles, { readonly kind: 'files' }>>;
  /** Of the newest run for exactly this head, unpacked within limits; what is in the files is not checked yet. */
  bundlesOf(head: RunHead): Promise<SynthBundles>;
  /** Of the run of the workflow that this process is part of, with the commit that their name says they are of. */
  bundlesOfThisRun(): Promise<
    | Exclude<SynthBundles, { readonly kind: 'files' }>
    | { readonly kind: 'files'; readonly files: readonly GitFile[]; readonly commit: string }
  >;
}

/** Where a pull request stands right now. */
export interface PullHead {
  readonly number: number;
  readonly title: string;
  readonly headSha: string;
  readonly baseBranch: string;
  readonly baseSha: string;
  readonly isOpen: boolean;
}

/** An open pull request in the list of them. */
export interface OpenPull extends PullHead {
  readonly draft: boolean;
  /** Accounts whose review was requested and not given yet. */
  readonly requestedIds: readonly number[];
}

/** What people see of a verdict; null when there is none. */
export interface OnShow {
  readonly conclusion: string;
  readonly title: string;
  readonly summary: string;
  readonly comment: string;
  readonly tuple: DigestTuple;
}

export interface PullFacts {
  /** The server's clock when it was asked, RFC 3339. */
  readonly serverTime: string;
  readonly pull: Pull;
  /** Where the base branch is now. `pull.baseSha` is where it was when the branch was pushed last. */
  readonly baseTip: string;
  readonly reviews: readonly Review[];
  /** The same reviews as the API gave them, for the evidence. */
  readonly rawReviews: readonly JsonObject[];
  readonly comments: readonly Comment[];
  readonly deletedComments: readonly DeletedComment[];
  /** What stands in the reviews, beside what their states say. */
  readonly reviewTexts: readonly Comment[];
}

/** A note at lines of a file of the repository, within GitHub's limits. */
export interface Annotation {
  readonly path: string;
  /** From 1. */
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

export interface PublishedVerdict {
  /** Carries the base branch, so that a retargeted pull request has no verdict. */
  readonly checkName: string;
  readonly headSha: string;
  readonly conclusion: 'success' | 'failure' | 'action_required';
  readonly title: string;
  /** Markdown; everything from records, plans and people in it is already escaped. */
  readonly summary: string;
  /** Notes at lines of files, gravest first; plain text, escaped for one. */
  readonly annotations: readonly Annotation[];
  /** What approvals given from now on are for. Null when nothing was decided: what was on show stays on show. */
  readonly tuple: DigestTuple | null;
  /** RFC 3339; shown below the verdict. */
  readonly lookedAt: string;
}

/** What the gate needs from GitHub. An answer that is not complete is an error, never a shorter answer. */
export interface GitHub {
  /** Whose token is used: that of an App of our own, or one that any workflow may have. */
  readonly publisher: 'app' | 'workflow-token';
  /** The check run of the base branch tells which tuple was on show at which time. */
  pullFacts(number: number): Promise<PullFacts>;
  /** One request; asked again right before publishing, because a head can move while the gate thinks. */
  pullHead(number: number): Promise<PullHead>;
  /** All open pull requests into the default branch, by number. */
  openPulls(): Promise<readonly OpenPull[]>;
  /** Title of the verdict that is on show on a head; null when there is none, or it cannot be told whose it is. */
  verdictOn(head: PullHead): Promise<string | null>;
  /** What would be seen after `publish` of this verdict is compared with it, so texts are as `publish` writes them. */
  onShow(
    number: number,
    verdict: PublishedVerdict,
  ): Promise<{ readonly now: OnShow | null; readonly wanted: OnShow }>;
  /** Numbers of the pull requests with this head that were merged into the default branch. */
  mergedPulls(headSha: string): Promise<readonly number[]>;
  /** One check run and one comment, updated in place. */
  publish(number: number, verdict: PublishedVerdict): Promise<void>;
  /** When people were called for `occasion` on the pull request; null when they were not. */
  pagedAt(number: number, occasion: string): Promise<string | null>;
  /** Calls people by a comment that mentions their accounts, once for each `occasion`; the time at which it was sent. `text` is Markdown. */
  page(
    number: number,
    page: { readonly occasion: string; readonly accountIds: readonly number[]; readonly text: string },
  ): Promise<string>;
}

/** A pull request as the one who raises it needs it. */
export interface RaisedPull {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly baseBranch: string;
  readonly fork: boolean;
  /** Accounts whose review was requested and not given yet. */
  readonly requestedIds: readonly number[];
}

/** What `sluice raise` does on GitHub. An answer that is not complete is an error, never a shorter answer. */
export interface PullRequests {
  /** `owner/name`. */
  readonly repository: string;
  defaultBranch(): Promise<string>;
  /** The account of the token; null for an App, which may not ask who it is. */
  me(): Promise<number | null>;
  /** Every pull request from `branch`, newest first, whatever its state. */
  from(branch: string): Promise<readonly RaisedPull[]>;
  open(pull: {
    readonly head: string;
    readonly base: string;
    readonly title: string;
    readonly body: string;
    readonly draft: boolean;
  }): Promise<RaisedPull>;
  update(number: number, parts: { readonly title: string; readonly body: string }): Promise<void>;
  /** Requests one review. GitHub may refuse it, for somebody without access for example: then its reason comes back. */
  ask(
    number: number,
    accountId: number,
  ): Promise<{ readonly login: string; readonly refused: string | null }>;
}

/** An issue: its words, and whose they are. */
export interface Issue extends Omit<IncidentReport, 'answers'> {
  readonly title: string;
  readonly body: string;
}

/** Issues of the repository. */
export interface Tracker {
  /** Those that are open; pull requests are left out, here and below. */
  openIssues(): Promise<readonly Issue[]>;
  /** Open and closed, that were touched at this instant or later: opened, edited, closed, opened again. RFC 3339. */
  issuesSince(since: string): Promise<readonly Issue[]>;
  /** Those of these numbers that are issues. */
  issuesNumbered(numbers: readonly number[]): Promise<readonly Issue[]>;
  /** Opens one, in the name of the token; its number. */
  open(issue: Readonly<{ title: string; body: string; labels: readonly string[] }>): Promise<number>;
  /** Puts another text in the place of an issue's own. Markdown. */
  rewrite(number: number, body: string): Promise<void>;
  /** Closes it as completed, after a comment that says why. Markdown. */
  close(number: number, why: string): Promise<void>;
}
