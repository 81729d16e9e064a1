/** What a decision from a facts document says: the whole plan as a file with its digest in the comment, and the order of the text. */
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

it('says what, for whom, when, how bad and how it is undone, then what is missing, then the proof', async () => {
  const { stdout } = await estate.sluice(['gate', '--facts', 'facts.json']);
  const order = [
    '  what ',
    '  for whom ',
    '  when ',
    '  how bad ',
    '  undone by ',
    'What is missing:',
    'Checks:',
  ];
  const places = order.map((part) => stdout.indexOf(`\n${part}`));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(stdout).toMatch(/^ {2}for whom +acme, storefront: all hosts of /mu);
  const lacking = stdout.slice(stdout.indexOf('What is missing:'), stdout.indexOf('Checks:'));
  expect(lacking).not.toMatch(/^ {2}- sluice /mu);
  expect(lacking).toMatch(/^Then: sluice gate --pr \d+/mu);
  expect(lacking).toMatch(/1 x .* could give it/u);
});

it('says the same in the comment', async () => {
  const { stdout } = await estate.sluice(['gate', '--facts', 'facts.json', '--format', 'markdown']);
  const order = [
    '### ',
    '- **what**: ',
    '- **for whom**: ',
    '- **when**: ',
    '- **how bad**: ',
    '- **undone by**: ',
    '**What is missing, and who can give it**',
    '**Risk: ',
    '**Approvals: ',
  ];
  const places = order.map((part) => `\n${stdout}`.indexOf(`\n${part}`));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  const lacking = stdout.slice(stdout.indexOf('**What is missing'), stdout.indexOf('Then: '));
  expect(lacking).toMatch(/^- 1 x .* could give it/mu);
  expect(lacking).not.toMatch(/sluice [a-z]+ /u);
});

it('is refused where the facts are of stacks that the registers here do not have', async () => {
  const elsewhere = JSON.stringify(given.plan).replaceAll('acme-production', 'elsewhere-production');
  writeFileSync(
    join(estate.folder, 'facts.json'),
    JSON.stringify({ ...given, plan: JSON.parse(elsewhere) as Facts['plan'] }),
  );
  const ended = await estate.sluice(['gate', '--facts', 'facts.json']);
  expect(ended.exit).toBe('invalidInput');
  expect(ended.stderr).toContain('facts.json is about another estate.');
  expect(ended.stderr).toContain('elsewhere-production');
});
