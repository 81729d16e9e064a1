import { describe, expect, it } from 'vitest';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import { askSent } from '../../../scripts/release/run/ask-sent.ts';
import type { Json, JsonObject, ResourceChange, StackPlan } from '../../../scripts/plan/types.ts';
import type { CloudflareReader } from '../../../scripts/contract/ports.ts';
import { aChange, aPlan } from '../../builders/plan.ts';

const address = 'cloudflare_load_balancer.main';
const rules = [{ name: 'eu', condition: 'true' }];
const state = new Map<string, JsonObject>([[address, { id: 'lb1', zone_id: 'z' }]]);

function planOf(...changes: readonly ResourceChange[]): StackPlan {
  const [stack] = aPlan().updating('cloudflare_dns_record.www').build().stacks;
  if (stack === undefined) {
    throw new Error('no stack');
  }
  return { ...stack, changes };
}

function answering(answer: JsonObject | null | Error, asked: string[] = []): CloudflareReader {
  return {
    list: async () => [],
    pages: () => {
      throw new Error('nothing is read page by page');
    },
    read: async (path) => {
      asked.push(path);
      if (answer instanceof Error) {
        throw answer;
      }
      return Promise.resolve(answer);
    },
  };
}

const balanced = planOf(aChange(address, ['create'], { after: { zone_id: 'z', name: 'lb', rules } }));
const unread = [{ address, paths: ['rules'] }];

describe('rules of a load balancer, which no plan reads back', () => {
  it('are proven when Cloudflare has them', async () => {
    const asked: string[] = [];
    const answer = { id: 'lb1', rules: [{ ...rules[0], priority: 0 }] } as unknown as JsonObject;
    expect(await askSent(answering(answer, asked), balanced, state)).toEqual([]);
    expect(asked).toEqual(['/zones/z/load_balancers/lb1']);
  });

  it.each<[string, JsonObject | null | Error]>([
    ['something else', { id: 'lb1', rules: [] }],
    ['nothing of them', { id: 'lb1' }],
    ['no object', null],
    ['an error', new ExternalError({ what: 'No.', why: 'Busy.', fix: 'Wait.' })],
  ])('are named when the answer is %s', async (_, answer) => {
    expect(await askSent(answering(answer), balanced, state)).toEqual(unread);
  });

  it('are named when nobody knows where the object is', async () => {
    expect(await askSent(answering({ rules: rules as unknown as Json }), balanced, new Map())).toEqual(
      unread,
    );
  });
});

it('a type without any request that reads it is named whole, and nobody is asked', async () => {
  const asked: string[] = [];
  const plan = planOf(aChange('cloudflare_snippets.all', ['update']));
  expect(await askSent(answering(null, asked), plan, state)).toEqual([
    { address: 'cloudflare_snippets.all', paths: null },
  ]);
  expect(asked).toEqual([]);
});

it('a hundred objects are asked for, and the others are named', async () => {
  const asked: string[] = [];
  const changes = Array.from({ length: 130 }, (_, index) =>
    aChange(`cloudflare_load_balancer.l${String(index)}`, ['create'], { after: { zone_id: 'z', rules } }),
  );
  const held = new Map(changes.map((change) => [change.address, { id: change.name, zone_id: 'z' }]));
  const answer = { rules } as unknown as JsonObject;
  expect(await askSent(answering(answer, asked), planOf(...changes), held)).toHaveLength(30);
  expect(asked).toHaveLength(100);
});
