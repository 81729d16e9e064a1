/**
 * Raises a change: check, push, pull request, seats. Everything is looked at before anything is written, and each step is
 * left out when there is nothing to do, so that after an interruption, or just so, the command can be run again.
 */
import type { Services } from '../contract/context.ts';
import { InputError, UsageError } from '../contract/errors.ts';
import { baseData } from '../facts/decision-data.ts';
import { unopenedPull } from '../facts/facts.ts';
import type { OnOrigin, PullRequests, RaisedPull } from '../contract/ports.ts';
import type { CheckReport } from '../render/decision/check-text.ts';
import { isSameText, renderPullBody, renderPullTitle, withNotes } from '../render/decision/pull-body.ts';
import { whomToAsk, type ReviewRequests } from '../../policies/approvals.ts';
import type { Facts, Pull } from '../../policies/model/facts.ts';
import type { CompleteRecord } from '../../policies/model/record.ts';
import { checkChange, type CheckedChange } from './check-change.ts';
import { checkedFacts } from './checked-facts.ts';
import {
  currentPull,
  raisedBranch,
  refuseBehind,
  refuseOtherBase,
  refuseOtherRepository,
  type BranchPlace,
} from './raise-guards.ts';
import { pullStatements } from './pull-statements.ts';

export interface RaiseOrder {
  readonly draft: boolean;
  readonly replace: boolean;
  readonly dryRun: boolean;
  /** The default branch of the repository when left away. */
  readonly base?: string;
}

interface RequestedReviewer {
  readonly name: string;
  readonly seat: string;
  /** As GitHub names the account; null on a dry run. */
  readonly login: string | null;
  readonly refused: string | null;
}

/** What was done, or on a dry run what would be done. */
export interface Raised extends BranchPlace {
  readonly check: CheckReport;
  /** True: a rule denies, and nothing was pushed, opened or asked. */
  readonly stopped: boolean;
  readonly dryRun: boolean;
  readonly push: OnOrigin['head'];
  /** Null: not opened (a dry run, or stopped). */
  readonly pull: { readonly number: number; readonly url: string } | null;
  readonly text: 'opened' | 'updated' | 'unchanged';
  readonly draft: boolean;
  readonly asking: ReviewRequests | null;
  readonly requested: readonly RequestedReviewer[];
}

interface RaiseWork extends BranchPlace {
  readonly services: Services;
  readonly pulls: PullRequests;
  readonly order: RaiseOrder;
  readonly checked: CheckedChange;
  readonly record: CompleteRecord;
  readonly baseRef: string;
  readonly draft: boolean;
}

/** Does it. Throws before anything is written, but for failures of git and GitHub themselves; run again, it goes on. */
export async function raiseChange(services: Services, order: RaiseOrder): Promise<Raised> {
  const branch = await raisedBranch(services);
  const pulls = await services.pullRequests();
  await refuseOtherRepository(services, pulls);
  const defaultBranch = await pulls.defaultBranch();
  const place = { branch, defaultBranch, base: order.base ?? defaultBranch };
  refuseOtherBase(place, order.draft);
  const before = currentPull(await pulls.from(branch), place.base);
  const origin = await services.git.onOrigin(branch);
  refuseBehind(branch, origin, order.replace);
  const baseRef = await refOf(services, place.base);
  const checked = await checkChange(services, { stacks: [], base: 'released', branchedFrom: baseRef });
  const record = requireRecord(checked.result.record, place.base);
  const draft = before?.draft ?? order.draft;
  const work: RaiseWork = { ...place, services, pulls, order, checked, record, baseRef, draft };
  const stopped = checked.result.report.verdict === 'deny' && !order.draft;
  const known = { ...place, check: checked.result, stopped, dryRun: order.dryRun, draft, push: origin.head };
  if (stopped) {
    return { ...known, pull: null, text: 'unchanged', asking: null, requested: [] };
  }
  if (order.dryRun) {
    return { ...known, ...(await foreseen(work, before)) };
  }
  if (origin.head !== 'same') {
    await services.reporter.step(`push ${branch}`, () => services.git.pushHead(branch, origin.tip));
  }
  return { ...known, ...(await keepPull(work, before)) };
}

async function refOf(services: Services, base: string): Promise<string> {
  const refs = new Set((await services.git.refs()).map(({ ref }) => ref));
  const found = [`refs/remotes/origin/${base}`, `refs/heads/${base}`].find((ref) => refs.has(ref));
  if (found === undefined) {
    throw new InputError({
      what: `This clone has no branch ${base}.`,
      why: 'What the change adds to it, and the roster and rules of the change, are read from there.',
      fix: 'Fetch it; nothing was pushed.',
      next: `git fetch origin ${base}:refs/remotes/origin/${base}`,
    });
  }
  return found;
}

function requireRecord(record: CompleteRecord | null, base: string): CompleteRecord {
  if (record === null) {
    throw new UsageError({
      what: `This branch adds no change record to ${base}.`,
      why: 'The pull request is made from the record, and the gate refuses one without it.',
      fix: 'Write the record and commit it; nothing was pushed.',
      next: 'sluice new',
    });
  }
  return record;
}

type RaiseOutcome = Pick<Raised, 'pull' | 'text' | 'asking' | 'requested'>;

/** What would be done, as far as it can be told before: commits that were not pushed have no accounts yet. */
async function foreseen(work: RaiseWork, before: RaisedPull | null): Promise<RaiseOutcome> {
  const asking = work.draft ? null : await askingFor(work, before);
  const body = textOf(work, asking, before);
  return {
    pull: before === null ? null : { number: before.number, url: before.url },
    text: before === null ? 'opened' : isCurrent(before, body) ? 'unchanged' : 'updated',
    asking,
    requested: toAsk(asking).map(({ name, seat }) => ({ name, seat, login: null, refused: null })),
  };
}

/** Opens the pull request or brings its text up to date, and asks whom the quorum still needs. */
async function keepPull(work: RaiseWork, before: RaisedPull | null): Promise<RaiseOutcome> {
  const { services, pulls, branch, base, draft } = work;
  const pull =
    before ??
    (await services.reporter.step('open the pull request', async () => {
      const body = textOf(work, draft ? null : await askingFor(work, null), null);
      return pulls.open({ head: branch, base, draft, ...body });
    }));
  const asking = draft ? null : await askingFor(work, pull);
  const body = textOf(work, asking, pull);
  const isUpToDate = isCurrent(pull, body);
  if (!isUpToDate) {
    await pulls.update(pull.number, body);
  }
  const requested: RequestedReviewer[] = [];
  for (const { name, seat, accountId } of toAsk(asking)) {
    requested.push({ name, seat, ...(await pulls.ask(pull.number, accountId)) });
  }
  const text = before === null ? 'opened' : isUpToDate ? 'unchanged' : 'updated';
  return { pull: { number: pull.number, url: pull.url }, text, asking, requested };
}

function textOf(work: RaiseWork, asking: ReviewRequests | null, before: RaisedPull | null) {
  const { record, checked } = work;
  const body = withNotes(renderPullBody(record, checked.result.risk, asking), before?.body ?? '');
  if (body.length > 65_536) {
    throw new InputError({
      what: `The text of the pull request would be ${String(body.length)} characters long.`,
      why: 'GitHub takes 65,536; what people wrote below the mark is kept as it is.',
      fix: 'Shorten what stands below the mark.',
      next: `gh pr edit ${String(before?.number ?? '')}`,
    });
  }
  return { title: renderPullTitle(record.record), body };
}

function isCurrent(pull: RaisedPull, text: { readonly title: string; readonly body: string }): boolean {
  return pull.title === text.title && isSameText(pull.body, text.body);
}

function toAsk(asking: ReviewRequests | null) {
  return (asking?.toAsk ?? []).map(({ personId, accountId }) => {
    const place = asking?.seats.find((seat) => seat.personId === personId);
    return { accountId, name: place?.name ?? personId, seat: place?.seat ?? '' };
  });
}

/** The seats from the facts as they are, or for a pull request that is not there yet as they will be. Roster and quorum are those of the base. */
async function askingFor(work: RaiseWork, pull: RaisedPull | null): Promise<ReviewRequests> {
  const { services, checked, record, baseRef } = work;
  const { risk } = checked.result;
  const { data, fallback } = await baseData(services.git, baseRef);
  const { policy } = data;
  const headSha = await services.git.headSha();
  const found = pull === null ? null : await readPull(work, pull.number);
  const baseRecords = data.records.filter(({ file }) => file === record.file);
  const raised = found?.pull ?? (await newPull(work, headSha));
  const facts: Facts = {
    ...checkedFacts(checked, record, {
      baseRecords,
      policy,
      proposal: { faults: [], fallback },
      pull: { ...raised, headSha, changedFiles: checked.input.changedFiles },
      headSha,
    }),
    reviews: found?.reviews ?? [],
    statements: found?.statements ?? [],
  };
  return whomToAsk(facts, risk, pull?.requestedIds ?? []);
}

async function readPull({ services, record }: RaiseWork, number: number) {
  const github = await services.github();
  const found = await github.pullFacts(number);
  const conversation = { found, records: [record], roster: { people: [] }, mayPage: false };
  const { statements } = await pullStatements(services, github, conversation);
  return { pull: found.pull, reviews: found.reviews, statements };
}

/** The pull request as it will be: opened and pushed by the account of the token. */
async function newPull(
  { services, pulls, base, defaultBranch, draft }: RaiseWork,
  headSha: string,
): Promise<Pull> {
  const me = await pulls.me();
  return unopenedPull({
    authorId: me ?? 0,
    authorIsBot: me === null,
    headSha,
    headAt: services.clock.now(),
    baseBranch: base,
    defaultBranch,
    draft,
    pusherIds: me === null ? [] : [me],
  });
}
