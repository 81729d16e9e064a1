/** Asks Cloudflare about the objects of a plan. */
import type { Services } from '../../contract/context.ts';
import { ExternalError } from '../../contract/errors.ts';
import { answersTo } from '../../live/answer.ts';
import { valueIn } from '../../live/retained.ts';
import type { Inquiry, LiveAnswers, LiveSetting, NotAsked, LiveQuestion } from '../../live/types.ts';
import { canonicalJson } from '../../json/json.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { CloudflareReader } from '../../contract/ports.ts';

const notTold = { reason: "Cloudflare's answer about it does not hold its value", hasFailed: true } as const;

/**
 * Every question is asked, each list once. With `strict` an answer that does not come is thrown; without it, the object is
 * named as not asked and nothing is concluded from it.
 */
export async function askCloudflare(
  services: Services,
  reader: CloudflareReader,
  inquiry: Inquiry,
  strict: boolean,
): Promise<LiveAnswers> {
  const lists = new Map<string, Promise<readonly JsonObject[]>>();
  const listOf = ({ listing }: LiveQuestion): Promise<readonly JsonObject[]> => {
    const key = canonicalJson(listing);
    const list = lists.get(key) ?? reader.list(listing);
    lists.set(key, list);
    return list;
  };
  const failed: NotAsked[] = [];
  const attempt = async <T>(about: LiveQuestion | Inquiry['settings'][number], work: () => Promise<T>) => {
    try {
      return [await work()];
    } catch (error) {
      if (strict || !(error instanceof ExternalError)) {
        throw error;
      }
      const { what, why = '' } = error.parts;
      failed.push({ address: about.address, type: about.type, reason: `${what} ${why}`, hasFailed: true });
      return [];
    }
  };
  const found: LiveAnswers['found'][number][] = [];
  for (const question of inquiry.questions) {
    found.push(...(await attempt(question, async () => answersTo(question, await listOf(question)))).flat());
  }
  const settings: LiveSetting[] = [];
  const untold: NotAsked[] = [];
  for (const setting of inquiry.settings) {
    for (const answer of await attempt(setting, async () => reader.read(setting.path))) {
      const value = valueIn(setting, answer);
      if (value === undefined) {
        untold.push({ ...notTold, address: setting.address, type: setting.type });
      } else {
        settings.push({ ...setting, value });
      }
    }
  }
  return {
    kind: 'sluice.live',
    version: 1,
    at: services.clock.now(),
    asked: inquiry.questions,
    found,
    settings,
    notAsked: [...inquiry.notAsked, ...untold, ...failed],
  };
}
