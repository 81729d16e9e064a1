/** The guard-rails of the repository: what is wanted here, what GitHub has, and how one becomes the other. */
import { desiredGuardRails, environmentSecrets } from '../../../policies/guard-rails/guard-rails.ts';
import { compareGuardRails, guardRequests } from '../../../policies/guard-rails/compare.ts';
import { seenForeignRulesets, seenRuleset } from '../../../policies/guard-rails/seen.ts';
import type {
  GuardRail,
  GuardRequest,
  RailFinding,
  Seen,
  SeenRuleset,
} from '../../../policies/model/guard-rails.ts';
import { checkName } from '../../contract/check-name.ts';
import type { Services } from '../../contract/context.ts';
import { ExternalError } from '../../contract/errors.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import type { GuardRails } from '../../contract/guard-rails.ts';
import { ledgerBranch, ledgerTags } from '../../release/ledger/format.ts';
import type { Result } from '../../json/result.ts';
import type { JsonObject } from '../../plan/types.ts';

/** What the registers and the calendar of the working tree want of the repository. */
export async function wantedRails(
  services: Services,
  defaultBranch: string,
  appId: number | null,
): Promise<readonly GuardRail[]> {
  const root = await services.git.root();
  const { registers, calendar } = await loadPolicy(fromWorkingTree(services.files, root));
  return desiredGuardRails({
    defaultBranch,
    check: checkName(defaultBranch),
    ledgerBranch,
    ledgerTags,
    appId,
    stacks: registers.flatMap(({ client, stacks }) => stacks.map(({ name }) => ({ name, client }))),
    calendar,
    now: services.clock.now(),
  });
}

/** Reads every rail. One that cannot be read is unknown, and the others are read all the same. */
export async function inspect(
  github: GuardRails,
  rails: readonly GuardRail[],
  defaultBranch: string,
): Promise<readonly RailFinding[]> {
  const rulesets = await attempt(() => github.rulesets());
  const seen = new Map<string, Seen>();
  for (const rail of rails) {
    seen.set(rail.id, await seenOf(rail, { github, rails, rulesets, defaultBranch }));
  }
  return compareGuardRails(rails, seen);
}

type GuardAttempt<T> = Result<T, { readonly reason: string }>;

async function attempt<T>(work: () => Promise<T>): Promise<GuardAttempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof ExternalError) {
      return { ok: false, reason: [error.parts.what, error.parts.why ?? ''].join(' ').trim() };
    }
    throw error;
  }
}

interface GuardReading {
  readonly github: GuardRails;
  readonly rails: readonly GuardRail[];
  readonly rulesets: GuardAttempt<readonly SeenRuleset[]>;
  readonly defaultBranch: string;
}

async function seenOf(rail: GuardRail, reading: GuardReading): Promise<Seen> {
  const { github, rulesets } = reading;
  switch (rail.kind) {
    case 'ruleset':
      return rulesets.ok ? seenRuleset(rail, rulesets.value) : unknown(rulesets.reason);
    case 'foreign-rulesets':
      return rulesets.ok
        ? seenForeignRulesets(reading.rails, rulesets.value, reading.defaultBranch)
        : unknown(rulesets.reason);
    case 'environment':
      return read(() => github.environment(nameOf(rail)));
    case 'environment-secrets':
      return read(() => secretsSeen(github, rail));
    case 'workflow-rights':
      return read(() => github.workflowRights());
    case 'secrets':
      return read(async () => {
        const names = await github.secretNames();
        return { found: names.filter((name) => environmentSecrets.includes(name.toUpperCase())) };
      });
    case 'codeowners':
      return read(async () => ({ errors: await github.codeownersErrors() }));
  }
}

/** Of the names that are there, those that mean something here. */
async function secretsSeen(
  github: GuardRails,
  { wanted: { environment } }: GuardRail,
): Promise<JsonObject | null> {
  const name = typeof environment === 'string' ? environment : '';
  const names = await github.environmentSecretNames(name);
  const known = names?.map((each) => each.toUpperCase()).filter((each) => environmentSecrets.includes(each));
  return known === undefined ? null : { environment: name, names: known };
}

function nameOf({ wanted: { name } }: GuardRail): string {
  return typeof name === 'string' ? name : '';
}

async function read(work: () => Promise<(Seen & { readonly state: 'read' })['value']>): Promise<Seen> {
  const got = await attempt(work);
  if (!got.ok) {
    return unknown(got.reason);
  }
  return got.value === null ? { state: 'missing' } : { state: 'read', value: got.value, rulesetId: null };
}

function unknown(reason: string): Seen {
  return { state: 'unknown', reason };
}

interface RefusedSetting {
  readonly request: GuardRequest;
  readonly reason: string;
  readonly lost: string;
}

export interface Setup {
  /** What would be sent, or was to be. */
  readonly requests: readonly GuardRequest[];
  /** How many of them GitHub took. */
  readonly sent: number;
  /** Those that the plan of the repository refuses, with what is lost without them. */
  readonly refused: readonly RefusedSetting[];
  /** Why no more were sent; null when nothing failed. */
  readonly failed: string | null;
  /** As read before, or after when something was sent. */
  readonly findings: readonly RailFinding[];
}

/**
 * Sends what is missing, stops at the first request that fails unless only the plan of the repository refuses it, and reads everything again: an answer of 200 does not say
 * that all of the request was taken over.
 */
export async function setUp(
  github: GuardRails,
  rails: readonly GuardRail[],
  defaultBranch: string,
  apply: boolean,
): Promise<Setup> {
  const before = await inspect(github, rails, defaultBranch);
  const requests = guardRequests(before);
  if (!apply || requests.length === 0) {
    return { requests, sent: 0, refused: [], failed: null, findings: before };
  }
  let sent = 0;
  let failed: string | null = null;
  const refused: RefusedSetting[] = [];
  for (const request of requests) {
    const answer = await attempt(() => github.send(request));
    const reason = !answer.ok ? answer.reason : answer.value === 'taken' ? null : answer.value.refused;
    const { lost } = request;
    if (reason === null) {
      sent += 1;
    } else if (answer.ok && lost !== undefined) {
      refused.push({ request, reason, lost });
    } else {
      failed = reason;
      break;
    }
  }
  return { requests, sent, refused, failed, findings: await inspect(github, rails, defaultBranch) };
}
