/** Documents from outside that are broken, huge or hostile: each is refused with its place, and nothing is changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordText } from '../../../scripts/demo/records.ts';
import { withKeptSynth } from '../cached-synth.ts';
import { makeSmallEstate, type Ended, type SmallEstate } from '../small-estate.ts';

const megabytes = 1024 * 1024;
const emptyPlan = {
  format_version: '1.2',
  terraform_version: '1.11.4',
  complete: true,
  applyable: true,
  errored: false,
  resource_changes: [] as unknown[],
};
const record = recordText(
  {
    id: 'CHG-2026-0101',
    title: 'A change for the test',
    reason: 'Only its shape matters here, so that it reads as a record.',
    expected: 'x',
    users: 'nobody',
    probes: [],
  },
  { start: '2026-11-24T20:15:00+00:00', end: '2026-11-24T22:00:00+00:00' },
).replace('  probes:\n\n', '');

let estate: SmallEstate;
beforeAll(() => {
  estate = makeSmallEstate();
  estate.write('plan.json', JSON.stringify(emptyPlan));
});
afterAll(() => estate.remove());

/** Runs a command on a bad document and holds what is true of every refusal. */
async function refused(args: readonly string[], exit: Ended['exit'] = 'invalidInput'): Promise<string> {
  const before = estate.fingerprint() + estate.git('status', '--porcelain');
  const ended = await estate.sluice(args, {}, withKeptSynth);
  expect([ended.exit, ended.stdout]).toEqual([exit, '']);
  expect(ended.stderr).toMatch(/^(?:synthesize .*\n|warning: .*\n)*sluice: \S/);
  expect(ended.stderr).toMatch(/ {2}(?:Fix|Next): \S| fix: /);
  expect(ended.stderr.length).toBeLessThan(20_000);
  expect(estate.fingerprint() + estate.git('status', '--porcelain')).toBe(before);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  return ended.stderr;
}

const laughs = [
  'a: &a [x, x, x, x]',
  ...'bcdefghij'
    .split('')
    .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index] ?? ''}, `.repeat(9)}x]`),
].join('\n');

const badYaml: readonly (readonly [name: string, text: () => string, says: RegExp])[] = [
  ['malformed', () => 'id: [CHG\ntitle: x\n', /:\d+:\d+: /],
  ['of 50 MB', () => `id: ${'x'.repeat(50 * megabytes)}\n`, /too large/],
  [
    'deeply nested',
    () => `id: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
    /:1:\d+: the document is nested too deeply/,
  ],
  ['full of aliases', () => `${laughs}\n`, /:\d+:\d+: .*alias/],
  [
    'with a key given twice',
    () => record.replace('title:', 'title: One that is read\ntitle:'),
    /:\d+:\d+: .*title/,
  ],
  [
    'with a prototype in it',
    () => `${record}__proto__:\n  polluted: true\n`,
    /:\d+:\d+: this key is reserved\n.*\n +found: +__proto__/,
  ],
];

const badJson: readonly (readonly [name: string, text: () => string, says: RegExp])[] = [
  ['malformed', () => '{"a": 1,\n "b" 2}', /:2:\d+: /],
  [
    'of 50 MB that ends too early',
    () => `{"a": [${'"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",\n'.repeat(megabytes)}`,
    /:\d+:\d+: /,
  ],
  ['deeply nested', () => `{"a": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`, /:1:\d+: .*nested/],
  ['with a key given twice', () => '{"a": 1,\n "a": 2}', /:2:\d+: .*"a"/],
  [
    'with a prototype in it',
    () => '{"__proto__": {"polluted": true}}',
    /:1:2: this key is reserved\n.*\n +found: +__proto__/,
  ],
  ['that is a list', () => '[]', /\S/],
];

describe('a change record', () => {
  it.each(badYaml)('%s is refused', async (_name, text, says) => {
    estate.write('bad.yaml', text());
    expect(await refused(['check', '--record', 'bad.yaml', '--terraform-plan', 'plan.json'])).toMatch(says);
  });

  it('says every problem at once with expected, found and fix', async () => {
    estate.write(
      'bad.yaml',
      record
        .replace('type: normal', 'type: normall')
        .replace('category: waf', 'category: 7')
        .replace('owner: a.marsh\n', ''),
    );
    const said = await refused(['check', '--record', 'bad.yaml', '--terraform-plan', 'plan.json']);
    expect(said).toMatch(/bad\.yaml:\d+:\d+: .*type/);
    expect(said).toMatch(/expected: .*standard.*normal.*emergency/);
    expect(said).toMatch(/found: +"?normall/);
    expect(said).toMatch(/bad\.yaml:\d+:\d+: .*category/);
    expect(said).toMatch(/bad\.yaml:\d+:\d+: .*owner/);
  });

  it('that does not exist, or is a folder, is named', async () => {
    expect(
      await refused(['check', '--record', 'nowhere.yaml', '--terraform-plan', 'plan.json'], 'externalTool'),
    ).toContain('nowhere.yaml');
    expect(await refused(['check', '--record', 'stacks', '--terraform-plan', 'plan.json'])).toContain(
      'stacks is not a regular file',
    );
  });
});

describe('policy data', () => {
  it.each(badYaml.map(([name, text, says]) => [name, text, says] as const))(
    '%s stops the check',
    async (_name, text, says) => {
      const good = estate.read('policies/roster.yaml');
      estate.write('policies/roster.yaml', text());
      try {
        expect(await refused(['check'])).toMatch(says);
      } finally {
        estate.write('policies/roster.yaml', good);
      }
    },
  );

  it('of a service register that names an unknown field stops the check with its place', async () => {
    const path = 'stacks/clients/acme/service.yaml';
    const good = estate.read(path);
    estate.write(path, good.replace('  tier: 1\n', '  teir: 1\n'));
    try {
      expect(await refused(['check'])).toMatch(/stacks\/clients\/acme\/service\.yaml:\d+:\d+: /);
    } finally {
      estate.write(path, good);
    }
  });
});

const readers: readonly (readonly [document: string, args: readonly string[]])[] = [
  ['a facts document', ['gate', '--facts', 'bad.json']],
  ['a Terraform plan', ['plan', '--terraform-plan', 'bad.json']],
  ['a configuration', ['plan', '--before', 'bad.json', '--after', 'bad.json']],
];

describe.each(readers)('%s', (_document, args) => {
  it.each(badJson)('%s is refused', async (_name, text, says) => {
    estate.write('bad.json', text());
    const said = await refused(args);
    expect(said).toMatch(says);
    expect(said).toContain('bad.json');
  });
});

describe('a Terraform plan', () => {
  const plans: readonly (readonly [name: string, plan: object, says: RegExp])[] = [
    ['of a newer format', { ...emptyPlan, format_version: '2.0' }, /2\.0/],
    ['that failed', { ...emptyPlan, errored: true }, /error|failed/],
    ['that is not complete', { ...emptyPlan, complete: false }, /complete/],
    ['without a format', { resource_changes: [] }, /format_version/],
    [
      'with an action nobody knows',
      {
        ...emptyPlan,
        resource_changes: [
          {
            address: 'a.b',
            mode: 'managed',
            type: 'a',
            name: 'b',
            provider_name: 'p',
            change: { actions: ['explode'], before: null, after: {}, after_unknown: {} },
          },
        ],
      },
      /explode/,
    ],
  ];

  it.each(plans)('%s is refused, for plan and check alike', async (_name, plan, says) => {
    estate.write('bad.json', JSON.stringify(plan));
    expect(await refused(['plan', '--terraform-plan', 'bad.json'])).toMatch(says);
    expect(await refused(['check', '--terraform-plan', 'bad.json'])).toMatch(says);
  });
});

describe('a folder of bundles', () => {
  it('that is not there, or holds something else, is refused', async () => {
    expect(await refused(['plan', '--bundles', 'no-such'], 'usage')).toContain(
      'The bundle folder no-such does not exist',
    );
    estate.write('mixed/acme-production.tf.json', '{}');
    estate.write('mixed/notes.txt', 'x');
    expect(await refused(['plan', '--bundles', 'mixed'])).toContain('mixed/notes.txt is not a bundle');
  });
});
