/** A whole estate on real Terraform: applies at once, and a plan right after it is empty. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readStore } from '../../../scripts/sandbox/provider/store.ts';
import { startSandbox } from '../../../scripts/sandbox/provider/server.ts';
import type { Sandbox } from '../../../scripts/sandbox/provider/server.ts';
import { loadCatalogue } from '../../../scripts/sandbox/provider/catalogue.ts';
import { hidden, withoutSecrets } from '../../../scripts/sandbox/provider/secrets.ts';
import { shopEstate } from './estate.ts';
import { freshFolder, noon, Stack } from './terraform.ts';

const folder = freshFolder('estate');
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ folder, now: () => noon });
});

afterAll(async () => {
  await sandbox.close();
});

test('an estate of every common kind applies, plans empty, refers to computed values and is destroyed', async () => {
  const stack = new Stack(() => sandbox.reattach);
  await stack.deploy(shopEstate());
  expect(await stack.difference()).toBe('');

  const outputs = JSON.parse((await stack.succeed('output', '-json')).stdout) as Record<
    string,
    { value: string }
  >;
  expect(outputs['name_server']?.value).toMatch(/\.ns\.cloudflare\.com$/);
  expect(outputs['ds']?.value).toMatch(/^shop\.example\. 3600 IN DS \d+ 13 2 [0-9A-F]{64}$/);
  expect(outputs['token']?.value).toMatch(/^[0-9a-f]{40}$/);

  const shown = withoutSecrets(readStore(folder), loadCatalogue());
  expect(shown.find((object) => object.type === 'cloudflare_api_token')?.attributes['value']).toBe(hidden);
  expect(JSON.stringify(shown)).not.toContain(outputs['token']?.value);
  expect(shown.find((object) => object.type === 'cloudflare_zone')).toEqual(
    readStore(folder).find((object) => object.type === 'cloudflare_zone'),
  );

  const record = readStore(folder).find((object) => object.attributes['type'] === 'SRV');
  expect(record?.attributes['content']).toBe('60 5060 sip.shop.example');

  await stack.succeed('destroy', '-auto-approve', '-no-color');
  expect(readStore(folder)).toEqual([]);
});
