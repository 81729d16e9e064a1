/** The store on disk: shared, persistent, never half written, and clear about damage. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStore, Store } from '../../../scripts/sandbox/provider/store.ts';
import { startSandbox } from '../../../scripts/sandbox/provider/server.ts';
import { account, flat, freshFolder, noon, Stack, storedNames } from './terraform.ts';

const zone = 'd'.repeat(32);
const record = (name: string) => ({ zone_id: zone, name, type: 'A', content: '192.0.2.1', ttl: 1 });

test('stacks share one store, it outlives the sandbox, and several sandboxes serve it at once', async () => {
  const folder = freshFolder('shared');
  const [first, second] = await Promise.all([
    startSandbox({ folder, now: () => noon }),
    startSandbox({ folder, now: () => noon }),
  ]);
  let reattach = first.reattach;
  const one = new Stack(() => reattach);
  const two = new Stack(() => second.reattach);
  await Promise.all([
    one.deploy({
      resource: {
        cloudflare_zone: { a: { name: 'a.example', account: { id: account } } },
        cloudflare_dns_record: { a: record('a') },
      },
    }),
    two.deploy({ resource: { cloudflare_dns_record: { b: record('b') } } }),
  ]);
  expect(storedNames(readStore(folder))).toEqual(['a', 'a.example', 'b']);
  two.write({
    resource: {
      cloudflare_zone: { twin: { name: 'a.example', account: { id: account } } },
      cloudflare_dns_record: { b: record('b') },
    },
  });
  await two.plan();
  expect(flat(await two.apply())).toContain('The account already has a zone "a.example"');
  await Promise.all([first.close(), second.close()]);

  const again = await startSandbox({ folder, now: () => noon });
  ({ reattach } = again);
  try {
    expect(await one.pending()).toEqual([]);
  } finally {
    await again.close();
  }
  expect(leftovers(folder)).toEqual([]);
});

function leftovers(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'));
}

test('a corrupt object is an error that names its file; the others and the file itself are untouched', async () => {
  const folder = freshFolder('corrupt');
  const sandbox = await startSandbox({ folder, now: () => noon });
  try {
    const stack = new Stack(() => sandbox.reattach);
    await stack.deploy({ resource: { cloudflare_dns_record: { a: record('a'), b: record('b') } } });
    const a = readStore(folder).find((object) => object.attributes['name'] === 'a');
    const file = join(folder, 'objects', 'cloudflare_dns_record', zone, `${a?.id ?? ''}.json`);
    const whole = readFileSync(file, 'utf8');
    for (const damage of [whole.slice(0, 40), '[]', '']) {
      writeFileSync(file, damage);
      expect(() => readStore(folder)).toThrow(file);
      const run = await stack.run('plan', '-no-color');
      expect(run.code).toBe(1);
      expect(flat(run).replaceAll(' ', '')).toContain(file);
      expect(readFileSync(file, 'utf8')).toBe(damage);
    }
    writeFileSync(file, whole);
    expect(await stack.pending()).toEqual([]);
  } finally {
    await sandbox.close();
  }
});

test('identities stay inside the folder, apart from each other, and are given out once', () => {
  const folder = freshFolder('names');
  const store = new Store(folder);
  const ids = ['..', '../../escape', 'a/b', 'a%2Fb', '.', '*', 'x'.repeat(300), `${'x'.repeat(299)}y`, 'ünï'];
  for (const id of ids) {
    expect([id, store.create({ type: 'cloudflare_r2_bucket', parent: 'p', id, attributes: { id } })]).toEqual(
      [id, true],
    );
  }
  expect(
    store
      .list('cloudflare_r2_bucket')
      .map((object) => object.id)
      .toSorted(),
  ).toEqual(ids.toSorted());
  expect(readdirSync(join(folder, 'objects', 'cloudflare_r2_bucket', 'p'))).toHaveLength(ids.length);
  expect(store.create({ type: 'cloudflare_r2_bucket', parent: '..', id: 'x', attributes: {} })).toBe(true);
  expect(readdirSync(join(folder, 'objects'))).toEqual(['cloudflare_r2_bucket']);
  const object = { type: 'cloudflare_r2_bucket', parent: 'p', id: 'a/b', attributes: {} };
  expect(store.create(object)).toBe(false);
  store.remove(object, true);
  expect([
    store.get('cloudflare_r2_bucket', 'p', 'a/b'),
    store.create(object),
    store.wasRemoved(object.type, 'p', 'a/b'),
  ]).toEqual([null, false, true]);
});

test('a store notices what another process wrote, at once', () => {
  const folder = freshFolder('fresh');
  const [mine, theirs] = [new Store(folder), new Store(folder)];
  const object = { type: 't', parent: 'p', id: '1' };
  for (let round = 1; round <= 50; round += 1) {
    theirs.put({ ...object, attributes: { round } });
    expect(mine.get('t', 'p', '1')).toMatchObject({ revision: round, attributes: { round } });
  }
});

test('a file where the store should be is an error, not an empty store', async () => {
  const folder = freshFolder('blocked');
  writeFileSync(join(folder, 'objects'), '');
  expect(() => new Store(folder)).toThrow(/objects/);
  await expect(startSandbox({ folder, now: () => noon })).rejects.toThrow(/objects/);
  await expect(startSandbox({ folder: join(folder, 'objects', 'below'), now: () => noon })).rejects.toThrow(
    /cannot use the folder/,
  );
});

test('an object without its fields is an error', () => {
  const folder = freshFolder('fields');
  mkdirSync(join(folder, 'objects', 't', 'p'), { recursive: true });
  writeFileSync(join(folder, 'objects', 't', 'p', '1.json'), '{"type":"t"}');
  expect(() => readStore(folder)).toThrow(/1\.json/);
});
