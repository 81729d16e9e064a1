/** An estate made and grown by commands: what they write passes the estate's own checks, and what is wrong is named. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { home } from '../scenarios/small-estate.ts';
import { addShop, emptyFolder, type OwnEstate } from './own-estate.ts';

let estate: OwnEstate;

beforeAll(async () => {
  estate = emptyFolder();
  await estate.sluice('init', '--organization', 'my-team', '--package', 'file:../sluice.tgz');
});

afterAll(() => estate.remove());

async function doctor(...args: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await estate.sluice('doctor', ...args);
  return `${exit}\n${stdout}${stderr}`;
}

describe('a new estate', () => {
  it('is in order, and says that it has no client and nobody who could agree', async () => {
    const said = await doctor();
    expect(said).toMatch(/^ok\n/);
    expect(said).toContain('there is no client yet');
    expect(said).toContain('nobody on the roster could fill the low quorum');
    expect(said).toContain('state is kept beside the bundle');
  });

  it('depends on the product, and has the overrides that npm takes from the root only', () => {
    expect(JSON.parse(estate.read('package.json'))).toMatchObject({
      private: true,
      type: 'module',
      dependencies: { sluice: 'file:../sluice.tgz' },
      overrides: { '@cdktf/provider-cloudflare': { cdktf: 'npm:cdktn@0.24.0' } },
    });
  });

  it('starts the installed program in its workflows, and runs its own checks in the place of our tests', () => {
    const change = estate.read('.github/workflows/change.yml');
    const { jobs } = parse(change) as {
      readonly jobs: Readonly<Record<string, { readonly steps: unknown }>>;
    };
    expect(Object.keys(jobs)).toEqual(['synth', 'check', 'doctor']);
    expect(JSON.stringify(jobs['doctor']?.steps)).toContain('launch.mjs doctor');
    for (const name of [
      'baseline.yml',
      'change.yml',
      'due.yml',
      'gate.yml',
      'release.yml',
      'rollback.yml',
      'decide.sh',
      'scope.sh',
    ]) {
      const text = estate.read(`.github/workflows/${name}`);
      const started = text.match(/node \S*launch\.mjs/g) ?? [];
      expect(started.length).toBe(
        (readFileSync(`${home}/.github/workflows/${name}`, 'utf8').match(/launch\.mjs/g) ?? []).length +
          (name === 'change.yml' ? 1 : 0),
      );
      expect([...new Set(started)]).toEqual(['node node_modules/sluice/scripts/launch.mjs']);
    }
  });

  it('asks the teams of its own organization', () => {
    expect(estate.read('.github/CODEOWNERS')).toContain('@my-team/process-owners');
    expect(estate.read('.github/CODEOWNERS')).not.toContain('ORGANIZATION');
  });

  it('takes the product from nowhere that nobody named', async () => {
    const other = emptyFolder();
    expect(await other.sluice('init', '--organization', 'my-team')).toMatchObject({
      exit: 'usage',
      stderr: expect.stringContaining('package of somebody else') as unknown,
    });
    other.write('package.json', '{ "name": "ours", "dependencies": { "sluice": "1.2.3" } }');
    expect(await other.sluice('init', '--organization', 'my-team')).toMatchObject({ exit: 'ok' });
    expect(JSON.parse(other.read('package.json'))).toMatchObject({
      name: 'ours',
      dependencies: { sluice: '1.2.3' },
    });
    other.remove();
  });

  it('is not made a second time', async () => {
    expect(await estate.sluice('init', '--organization', 'my-team')).toMatchObject({
      exit: 'usage',
      stderr: expect.stringContaining('sluice upgrade') as unknown,
    });
  });
});

describe('growth', () => {
  it('works from any folder of the estate', async () => {
    const { runIn } = await import('../scenarios/small-estate.ts');
    const below = join(estate.folder, 'stacks');
    const add = ['person', 'add', 'a.first', '--name', 'A', '--account', '999', '--seat', 'engineer'];
    const before = estate.read('policies/roster.yaml');
    expect(await runIn(below, add, { TEST_NOW: '2026-11-30T09:00:00Z' })).toMatchObject({ exit: 'ok' });
    expect(estate.read('policies/roster.yaml')).toContain('a.first');
    estate.write('policies/roster.yaml', before);
  });

  it('adds a client with a stack, and everything that follows from its register', async () => {
    expect(await estate.sluice(...addShop)).toMatchObject({ exit: 'ok' });
    expect(estate.read('stacks/estate.ts')).toContain(
      "import { declareShopProduction } from './clients/shop/production.ts';",
    );
    expect(estate.read('stacks/accounts.ts')).toContain("shop: 'a1c0ffee5e7a11d0b5e55ed0ddba1100'");
    expect(estate.read('.github/workflows/rollback.yml')).toContain('options: [shop-production]');
    expect(estate.read('.github/ISSUE_TEMPLATE/change-request.yml')).toContain('options: [shop]');
    expect(estate.read('stacks/clients/shop/production.ts')).toContain('new Zone(stack, { key: ');
    expect(await doctor()).toMatch(/^ok\n[\s\S]*service\.yaml:\d+:\d+: spec has no "runbooks"/);
  });

  it('adds a stack, and keeps what is in the register', async () => {
    const path = 'stacks/clients/shop/service.yaml';
    estate.write(path, estate.read(path).replace('tier: 1', 'tier: 2 # agreed in June'));
    const ended = await estate.sluice('stack', 'add', 'shop', 'staging', '--zone', 'staging-shop.example');
    expect(ended).toMatchObject({ exit: 'ok' });
    expect(estate.read(path)).toContain('tier: 2 # agreed in June');
    expect(estate.read('stacks/clients/shop/staging.ts')).toContain("key: 'staging_shop'");
    expect(estate.read('.github/workflows/rollback.yml')).toContain(
      'options: [shop-production, shop-staging]',
    );
  });

  it.each([
    ['a client that is there', [...addShop], 'There is a client shop already'],
    ['a stack of nobody', ['stack', 'add', 'ghost', 'staging'], 'There is no client ghost'],
    [
      'an environment that does not exist',
      ['stack', 'add', 'shop', 'test'],
      'one of production, staging, account',
    ],
    [
      'a zone twice',
      ['stack', 'add', 'shop', 'account', '--zone', 'shop.example'],
      'the zone is in two stacks',
    ],
    [
      'an account id that is none',
      [...addShop].map((arg) => (arg === 'shop' ? 'other' : arg.startsWith('a1c0') ? 'x' : arg)),
      '32 hexadecimal digits',
    ],
  ])('refuses %s, and writes nothing', async (_, args, reason) => {
    const before = estate.read('stacks/clients/shop/service.yaml');
    const { exit, stderr } = await estate.sluice(...args);
    expect(exit).toMatch(/usage|invalidInput/);
    expect(stderr).toContain(reason);
    expect(estate.read('stacks/clients/shop/service.yaml')).toBe(before);
    expect(await doctor()).toMatch(/^ok\n/);
  });

  it('adds people to the roster, and a client approver to CODEOWNERS', async () => {
    const add = (id: string, account: string, ...seats: readonly string[]) =>
      estate.sluice(
        'person',
        'add',
        id,
        '--name',
        id,
        '--account',
        account,
        '--from',
        '2026-01-01',
        ...seats,
      );
    expect(await add('r.okafor', '1001', '--seat', 'engineer', '--seat', 'cab')).toMatchObject({
      exit: 'ok',
    });
    expect(await add('c.ortiz', '1002', '--seat', 'client-approver', '--client', 'shop')).toMatchObject({
      exit: 'ok',
    });
    expect(await add('x.twin', '1001', '--seat', 'engineer')).toMatchObject({ exit: 'invalidInput' });
    expect(parse(estate.read('policies/roster.yaml'))).toMatchObject({
      people: [
        {
          id: 'r.okafor',
          accounts: [1001],
          seats: [{ seat: 'engineer', from: '2026-01-01' }, { seat: 'cab' }],
        },
        { id: 'c.ortiz', seats: [{ seat: 'client-approver', client: 'shop' }] },
      ],
    });
    expect(estate.read('.github/CODEOWNERS')).toContain('@my-team/shop-approvers');
  });
});

describe('doctor', () => {
  it('names what does not agree with the registers, and puts it right', async () => {
    estate.write('stacks/accounts.ts', estate.read('stacks/accounts.ts').replace('a1c0', 'b1c0'));
    estate.write(
      '.github/workflows/rollback.yml',
      estate.read('.github/workflows/rollback.yml').replace('shop-staging', 'shop-test'),
    );
    const said = await doctor();
    expect(said).toMatch(/^invalidInput\n/);
    expect(said).toMatch(/stacks\/accounts\.ts:6:1: it does not agree/);
    expect(said).toMatch(/rollback\.yml:\d+:1: it does not agree/);
    expect(await doctor('--fix')).toMatch(
      /^ok\nwrote {2}stacks\/accounts\.ts\nwrote {2}\.github\/workflows\/rollback\.yml\n/,
    );
  });

  it('names a mark that is gone, and does not guess where it was', async () => {
    const path = '.github/CODEOWNERS';
    const text = estate.read(path);
    estate.write(path, text.replace('# derived: clients\n', ''));
    expect(await doctor('--fix')).toMatch(/^invalidInput\n[\s\S]*it has no "# derived: clients"/);
    estate.write(path, text);
  });

  it('fails for a client in service whose register is not whole, and for its state', async () => {
    const path = 'stacks/clients/shop/service.yaml';
    const text = estate.read(path);
    estate.write(path, text.replace('lifecycle: transition', 'lifecycle: live'));
    expect(await doctor()).toMatch(/^invalidInput\n[\s\S]*spec has no "people"/);
    estate.write(path, text);
  });

  it('names a rule that nobody reads', async () => {
    const path = 'policies/own-rule.ts';
    estate.write(path, "import { defineRule } from 'sluice/policies';\n");
    expect(await doctor()).toMatch(/^invalidInput\n[\s\S]*policies\/own-rule\.ts:1:1: nobody runs this file/);
    rmSync(join(estate.folder, path));
  });

  it('is content with the reference estate', async () => {
    const { runIn } = await import('../scenarios/small-estate.ts');
    expect(await runIn(home, ['doctor'])).toMatchObject({
      exit: 'ok',
      stdout: 'The estate is in order: 0 error(s), 0 warning(s).\n',
    });
  });
});
