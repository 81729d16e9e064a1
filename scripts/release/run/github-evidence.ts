/**
 * What GitHub says at the moment of a release and can change afterwards: the reviews as its API gives them, and which rulesets and
 * environments are in force. What this token may not read is named, never left out.
 */
import type { Facts } from '../../../policies/model/facts.ts';
import type { Services } from '../../contract/context.ts';
import { SluiceError } from '../../contract/errors.ts';
import type { GuardRails } from '../../contract/guard-rails.ts';
import { canonicalJson } from '../../json/json.ts';
import type { Json, JsonObject } from '../../plan/types.ts';

const reviewsFile = 'reviews.json';
const guardRailsFile = 'guard-rails.json';

export interface GitHubEvidence {
  readonly facts: Facts;
  /** Null where no pull request was read. */
  readonly rawReviews: readonly JsonObject[] | null;
  /** Those that are named; all of the change when none is. */
  readonly stacks: readonly string[];
}

/** Documents of the ledger by name; none where the approvals were not read from a pull request. */
export async function githubEvidence(
  services: Pick<Services, 'guardRails' | 'clock'>,
  { facts, rawReviews, stacks }: GitHubEvidence,
): Promise<ReadonlyMap<string, string>> {
  if (facts.pull === null || rawReviews === null) {
    return new Map();
  }
  const readAt = services.clock.now();
  const names = stacks.length === 0 ? facts.plan.stacks.map(({ stack }) => stack) : stacks;
  const settings = await settingsNow(await services.guardRails(), names);
  return new Map([
    [reviewsFile, `${canonicalJson({ pull: facts.pull.number, readAt, reviews: [...rawReviews] })}\n`],
    [guardRailsFile, `${canonicalJson({ readAt, ...settings })}\n`],
  ]);
}

interface SettingsInForce extends JsonObject {
  readonly repository: string;
  readonly rulesets: Json;
  readonly environments: JsonObject;
  readonly unread: Json;
}

async function settingsNow(rails: GuardRails, stacks: readonly string[]): Promise<SettingsInForce> {
  const unread: JsonObject[] = [];
  const read = async (what: string, ask: () => Promise<unknown>): Promise<Json> => {
    try {
      return ((await ask()) ?? null) as Json;
    } catch (error) {
      const why =
        error instanceof SluiceError ? (error.parts.why ?? error.parts.what) : 'GitHub did not answer';
      unread.push({ what, why: why.slice(0, 300) });
      return null;
    }
  };
  const rulesets = await read('rulesets', () => rails.rulesets());
  const environments: Record<string, Json> = {};
  for (const name of ['gate', ...stacks]) {
    environments[name] = await read(`environment ${name}`, () => rails.environment(name));
  }
  return { repository: rails.repository, rulesets, environments, unread };
}
