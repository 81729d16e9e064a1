/** The whole plan as a file, and the digest of it in the comment. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderPlanJson } from '../../../scripts/render/plan/json.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import { bundleWith, planTo } from '../../attacks/estate.ts';
import { facts } from '../../policies/world.ts';
import { makeSmallEstate, type SmallEstate } from '../small-estate.ts';

let estate: SmallEstate;
const tunnel = (secret: string) => ({
  cloudflare_zero_trust_tunnel_cloudflared: { t: { account_id: 'a', name: 't', tunnel_secret: secret } },
});
const plan = planTo(
  bundleWith(null, tunnel('new-secret-value')),
  bundleWith(null, tunnel('old-secret-value')),
);
const given: Facts = facts({ plan });

beforeAll(() => {
  estate = makeSmallEstate();
  writeFileSync(join(estate.folder, 'facts.json'), JSON.stringify(given));
});
afterAll(() => estate.remove());

it('is written masked, and named in the comment with the digest of exactly those bytes', async () => {
  const args = ['gate', '--facts', 'facts.json', '--format', 'markdown'];
  const ended = await estate.sluice([...args, '--save-plan', '.sluice/plan.json']);
  const bytes = readFileSync(join(estate.folder, '.sluice', 'plan.json'));
  expect(bytes.toString('utf8')).toBe(renderPlanJson(plan));
  expect(bytes.toString('utf8')).not.toContain('secret-value');
  const digest = createHash('sha256').update(bytes).digest('hex');
  expect(ended.stdout).toContain(
    `plan.json in the artifact decision&#45;42 of the gate's run, \`sha256:${digest}\``,
  );
  expect((await estate.sluice(args)).stdout).not.toContain('in the artifact');
});
