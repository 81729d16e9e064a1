/** The must-pass cases of the example clients hold under the estate as it is, and name themselves when a rule stops one. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../scripts/contract/errors.ts';
import { loadMustPass } from '../../scripts/facts/must-pass.ts';
import type { GitFile } from '../../scripts/contract/ports.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import { tryRequest } from '../../scripts/waf/replay/must-pass.ts';
import { compileReplay, type Configurations } from '../../scripts/waf/replay/replay.ts';
import { found, synthesizeEstate } from './synthesized-estate.ts';

const root = new URL('../..', import.meta.url).pathname;
const clients = ['acme', 'borough'];
const shopRules = 'shop-waf-custom';

const files: readonly GitFile[] = clients.flatMap((client) =>
  readdirSync(`${root}/stacks/clients/${client}/traffic`).map((name) => {
    const path = `stacks/clients/${client}/traffic/${name}`;
    return { path, text: readFileSync(`${root}/${path}`, 'utf8') };
  }),
);
const cases = await loadMustPass(async () => files, clients);

let estate: Configurations = new Map();
let present: ReturnType<typeof compileReplay> = [];

beforeAll(() => {
  estate = new Map(
    [...synthesizeEstate()].map(([stack, { text }]) => [stack, JSON.parse(text) as JsonObject]),
  );
  present = replayTo(estate);
});

function replayTo(after: Configurations): ReturnType<typeof compileReplay> {
  return compileReplay({ before: estate, after, stacks: [...estate.keys()] });
}

/** Acme production with a block before all custom rules of the shop. */
function withBlock(expression: string): Configurations {
  const stack = 'acme-production';
  const configuration = found(estate.get(stack), stack);
  const resource = configuration['resource'] as JsonObject;
  const rulesets = resource['cloudflare_ruleset'] as Readonly<Record<string, JsonObject>>;
  const name = Object.keys(rulesets).find((key) => rulesets[key]?.['name'] === shopRules);
  const old = found(rulesets[name ?? ''], shopRules);
  const rules: Json = [{ ref: 'hasty', expression, action: 'block' }, ...(old['rules'] as readonly Json[])];
  const changed = {
    ...configuration,
    resource: { ...resource, cloudflare_ruleset: { ...rulesets, [name ?? '']: { ...old, rules } } },
  };
  return new Map([...estate, [stack, changed]]);
}

describe('must-pass cases of the example clients', () => {
  it.each(cases.map((one) => [`${one.client}/${one.name}`, one] as const))('%s passes', (_, one) => {
    expect(tryRequest(present, one.request)).toEqual({
      before: 'pass',
      after: 'pass',
      change: 'unchanged',
      reasons: [],
      newlyChecked: [],
    });
  });

  it.each([
    ['acme', 'shop.example'],
    ['acme', 'shop-static.example'],
    ['acme', 'shop-trade.example'],
    ['acme', 'staging-shop.example'],
    ['borough', 'borough.example'],
    ['borough', 'borough-services.example'],
    ['borough', 'staging-borough.example'],
  ])('of %s are for hosts of %s, among others', (client, zone) => {
    const own = cases.filter((one) => one.client === client);
    expect(own.filter(({ request }) => request.host.endsWith(`.${zone}`))).not.toEqual([]);
  });

  it('name the call-back that a hasty rule stops', () => {
    const zones = replayTo(withBlock('starts_with(http.request.uri.path, "/callbacks/")'));
    const stopped = cases.filter(({ request }) => tryRequest(zones, request).after !== 'pass');
    expect(stopped.map(({ name }) => name)).toEqual([
      'acquirer-confirmation',
      'acquirer-confirmation-second-site',
    ]);
    expect(stopped.map(({ request }) => tryRequest(zones, request).reasons)).toEqual([
      [expect.stringMatching(/^hasty of acme-production\//)],
      [expect.stringMatching(/^hasty of acme-production\//)],
    ]);
  });
});

describe('reading the cases of several files', () => {
  const [first = { path: '', text: '' }] = files;
  const copy = { ...first, path: first.path.replace('.yaml', '-copy.yaml') };

  it('refuses a name that two files of a client have, at its place', async () => {
    const error = await loadMustPass(async () => [first, copy], clients).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    const [problem] = error instanceof InputError ? (error.parts.diagnostics ?? []) : [];
    expect(problem?.location?.file).toBe(copy.path);
    expect(problem?.found).toMatch(/^the same name at stacks\/clients\/acme\/traffic\/[a-z]+\.yaml:\d+$/);
  });

  it('shows the problems of every file', async () => {
    const broken = [first, copy].map(({ path, text }) => ({ path, text: text.replace('kind:', 'kinds:') }));
    const error = await loadMustPass(async () => broken, clients).catch((thrown: unknown) => thrown);
    const problems = error instanceof InputError ? (error.parts.diagnostics ?? []) : [];
    expect(new Set(problems.map(({ location }) => location?.file))).toEqual(new Set([first.path, copy.path]));
  });

  it('leaves out other clients and files that are not cases', async () => {
    const others = [{ path: 'stacks/clients/acme/service.yaml', text: 'a: 1' }, ...files];
    const read = await loadMustPass(async () => others, ['borough']);
    expect(new Set(read.map(({ client }) => client))).toEqual(new Set(['borough']));
  });
});
