/** Injected failures as Terraform's user meets them, and what is left behind. */
import { watch } from 'node:fs';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { addFault, FaultPlan, writeFaults } from '../../../scripts/sandbox/provider/faults.ts';
import type { Fault } from '../../../scripts/sandbox/provider/faults.ts';
import { startSandbox } from '../../../scripts/sandbox/provider/server.ts';
import type { Sandbox } from '../../../scripts/sandbox/provider/server.ts';
import { readStore } from '../../../scripts/sandbox/provider/store.ts';
import { flat, freshFolder, noon, Stack, storedNames } from './terraform.ts';

const zone = 'e'.repeat(32);

function records(contents: Readonly<Record<string, string>>): JsonObject {
  const entries = Object.entries(contents).map(([name, content]) => [
    name,
    { zone_id: zone, name: `${name}.shop.example`, type: 'A', content, ttl: 1 },
  ]);
  return { resource: { cloudflare_dns_record: Object.fromEntries(entries) as JsonObject } };
}

async function withSandbox(
  faults: readonly Fault[],
  work: (stack: Stack, folder: string, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const folder = freshFolder('faults');
  const sandbox = await startSandbox({ folder, faults, now: () => noon });
  try {
    await work(new Stack(() => sandbox.reattach), folder, sandbox);
  } finally {
    await sandbox.close();
  }
}

function names(folder: string): readonly string[] {
  return storedNames(readStore(folder));
}

const error = (status: number, message?: string): Fault['effect'] => ({
  kind: 'error',
  status,
  ...(message === undefined ? {} : { message }),
});

test('an API error strikes the nth call of its type and operation once, and the next run completes', async () => {
  const faults: readonly Fault[] = [
    { operation: 'create', type: 'cloudflare_dns_record', nth: 2, effect: error(429) },
    { operation: 'create', type: 'cloudflare_zone', effect: error(500) },
    { operation: 'update', effect: error(500, 'The backend is on fire.') },
    { operation: 'delete', effect: error(403) },
    { operation: 'read', nth: 3, effect: error(500) },
  ];
  await withSandbox(faults, async (stack, folder) => {
    stack.write(records({ a: '192.0.2.1', b: '192.0.2.2', c: '192.0.2.3' }));
    await stack.plan();
    const first = await stack.apply();
    expect(first.code).toBe(1);
    expect(flat(first)).toContain('the API answered 429');
    expect(names(folder)).toHaveLength(2);

    const second = await stack.plan();
    expect(second.changes.filter(({ actions }) => actions.join() === 'create')).toHaveLength(1);
    expect((await stack.apply()).code).toBe(0);
    expect(names(folder)).toHaveLength(3);

    stack.write(records({ a: '192.0.2.99', b: '192.0.2.2', c: '192.0.2.3' }));
    expect(flat(await stack.run('plan', '-no-color'))).toContain(
      'cloudflare_dns_record: the API answered 500',
    );
    await stack.plan();
    expect(flat(await stack.apply())).toContain('The backend is on fire.');
    await stack.plan();
    expect((await stack.apply()).code).toBe(0);

    expect(flat(await stack.run('destroy', '-auto-approve', '-no-color'))).toContain(
      'the token may not do this',
    );
    expect(names(folder)).toHaveLength(1);
    await stack.succeed('destroy', '-auto-approve', '-no-color');
    expect(names(folder)).toEqual([]);
  });
});

test('a dropped connection fails that run only; an answer lost after the write leaves the object behind', async () => {
  const faults: readonly Fault[] = [
    { operation: 'create', effect: { kind: 'drop' } },
    { operation: 'create', nth: 2, when: 'after', effect: { kind: 'drop' } },
  ];
  await withSandbox(faults, async (stack, folder) => {
    stack.write(records({ a: '192.0.2.1' }));
    await stack.plan();
    expect((await stack.apply()).code).toBe(1);
    expect(names(folder)).toEqual([]);

    await stack.plan();
    expect((await stack.apply()).code).toBe(1);
    expect(names(folder)).toEqual(['a.shop.example']);

    expect(await stack.pending()).toEqual(['create cloudflare_dns_record.a']);
    expect(flat(await stack.apply())).toContain('An identical record already exists');
  });
});

test('a hanging call answers nobody, until the sandbox is closed', async () => {
  await withSandbox([], async (stack, folder, sandbox) => {
    stack.write(records({ a: '192.0.2.1' }));
    await stack.plan();
    writeFaults(folder, [{ operation: 'create', effect: { kind: 'hang' } }]);
    const struck = new Promise<void>((resolve) => {
      const watcher = watch(folder, () => {
        if (readFileSync(join(folder, 'faults.json'), 'utf8').includes('"seen": 1')) {
          watcher.close();
          resolve();
        }
      });
    });
    const { child, done } = stack.start('apply', '-input=false', '-no-color', 'plan.bin');
    await struck;
    const other = new Stack(() => sandbox.reattach);
    await other.deploy(records({ other: '192.0.2.2' }));
    expect(child.exitCode).toBeNull();
    expect(names(folder)).toEqual(['other.shop.example']);
    await sandbox.close();
    expect((await done).code).toBe(1);
  });
});

test('faults in the folder are shared, survive a restart and are spent across sandboxes', () => {
  const folder = freshFolder('fault-file');
  writeFaults(folder, [{ operation: 'update', nth: 2, times: 2, effect: error(500) }]);
  addFault(folder, { operation: 'read', type: 'cloudflare_zone', effect: error(403) });
  const strikes = (operation: Fault['operation'], type: string): boolean =>
    new FaultPlan(folder, []).strike(operation, type) !== null;
  expect([1, 2, 3, 4].map(() => strikes('update', 'cloudflare_list'))).toEqual([false, true, true, false]);
  expect(strikes('read', 'cloudflare_list')).toBe(false);
  expect(strikes('read', 'cloudflare_zone')).toBe(true);
  expect(strikes('read', 'cloudflare_zone')).toBe(false);
  writeFaults(folder, []);
  expect(strikes('update', 'cloudflare_list')).toBe(false);
});

test('a malformed faults.json is an error that names the file, never no fault', async () => {
  const texts = [
    '{',
    '[]',
    '{"faults":[{"operation":"creat","effect":{"kind":"drop"}}]}',
    '{"faults":[{"operation":"read","effect":{"kind":"error"}}]}',
  ];
  for (const text of texts) {
    const folder = freshFolder('fault-file');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'faults.json'), text);
    expect(() => new FaultPlan(folder, []).strike('read', 'x')).toThrow(join(folder, 'faults.json'));
  }
  await withSandbox([], async (stack, folder) => {
    writeFileSync(join(folder, 'faults.json'), '{');
    stack.write(records({ a: '192.0.2.1' }));
    await stack.plan();
    expect(flat(await stack.apply())).toContain('The faults of the sandbox cannot be read');
    expect(names(folder)).toEqual([]);
  });
});
