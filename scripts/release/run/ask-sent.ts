/** Asks Cloudflare for values that Terraform sends and never reads back. What it does not tell stays unproven. */
import { ExternalError } from '../../contract/errors.ts';
import { pathOf } from '../../live/inquiry.ts';
import { valueAt } from '../../plan/path.ts';
import { liveValueOf } from '../../provider/live-values.ts';
import { sentOnly, type SentOnly } from '../../provider/read-back.ts';
import type { JsonObject, ResourceChange, StackPlan } from '../../plan/types.ts';
import type { CloudflareReader } from '../../contract/ports.ts';
import { includesValue } from '../live/includes-value.ts';

/**
 * What remains unproven of what the plan sent. `values` is what the state holds afterwards, ids included. An answer that is
 * another value may be another spelling of the same one: it proves nothing, and it is not a failure either.
 */
export async function askSent(
  reader: CloudflareReader,
  plan: StackPlan,
  values: ReadonlyMap<string, JsonObject>,
): Promise<readonly SentOnly[]> {
  const unread: SentOnly[] = [];
  let questions = 0;
  for (const change of plan.changes) {
    const sent = sentOnly(change);
    if (sent !== null) {
      questions += 1;
      const answer =
        questions > mostQuestions ? null : await read(reader, change, values.get(change.address));
      unread.push(...unproven(sent, change, answer));
    }
  }
  return unread;
}

/** One after the other, and the release waits for them: a minute or so. What is beyond stays unproven. */
const mostQuestions = 100;

async function read(
  reader: CloudflareReader,
  { type, provider }: ResourceChange,
  values: JsonObject | undefined,
): Promise<JsonObject | null> {
  const path =
    values === undefined ? null : pathOf(liveValueOf(type, provider, values)?.read ?? null, values);
  if (path === null) {
    return null;
  }
  try {
    return await reader.read(path);
  } catch (error) {
    if (error instanceof ExternalError) {
      return null;
    }
    throw error;
  }
}

/** Of an object of which nothing is read back, the answer has to have all that was sent. */
function unproven(
  { address, paths }: SentOnly,
  change: ResourceChange,
  answer: JsonObject | null,
): readonly SentOnly[] {
  const after = change.after ?? {};
  const all = paths ?? Object.keys(after).filter((name) => (after[name] ?? null) !== null);
  const left = all.filter((path) => !isTold(path, after, answer));
  return left.length === 0
    ? []
    : [{ address, paths: paths === null && left.length === all.length ? null : left }];
}

function isTold(path: string, after: JsonObject, answer: JsonObject | null): boolean {
  const steps = path.split('.');
  const [sent, is] = [valueAt(after, steps), valueAt(answer ?? undefined, steps)];
  return sent !== undefined && is !== undefined && is !== null && includesValue(sent, is);
}
