/** What every implementation of the Terraform port does, the real one and the fake. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import type { Terraform } from '../../../scripts/contract/ports.ts';
import { rejection, tempFolder, writeFiles } from '../files/temp-folder.ts';

function configuration(resources: JsonObject): Readonly<Record<string, string>> {
  return {
    'cdk.tf.json': JSON.stringify({
      resource: { terraform_data: resources },
      terraform: { backend: { local: { path: 'terraform.tfstate' } } },
    }),
  };
}

export async function stackFolder(resources: JsonObject): Promise<string> {
  const folder = await tempFolder();
  await writeFiles(folder, configuration(resources));
  return folder;
}

function actionsIn(plan: JsonObject): Readonly<Record<string, readonly string[]>> {
  const changes = (plan['resource_changes'] ?? []) as unknown as readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
  return Object.fromEntries(changes.map(({ address, change }) => [address, change.actions]));
}

function addressesIn(state: JsonObject): readonly string[] {
  const values = state['values'] as
    | { root_module?: { resources?: readonly { address: string }[] } }
    | undefined;
  return (values?.root_module?.resources ?? []).map((resource) => resource.address);
}

export function describeTerraformPort(name: string, make: () => Terraform): void {
  describe(`the Terraform port: ${name}`, () => {
    it('tells its product and version', async () => {
      const version = await make().version();
      expect(['terraform', 'opentofu']).toContain(version.product);
      expect(version.version).toMatch(/^\d+\.\d+\.\d+/);
    });

    it('plans, applies exactly that plan, and knows the state afterwards', async () => {
      const terraform = make();
      const folder = await stackFolder({ a: { input: 'one' }, b: { input: 'two' } });
      await terraform.init(folder);
      expect(addressesIn(await terraform.state(folder))).toEqual([]);
      expect(await terraform.stateMark(folder)).toBeNull();
      const plan = await terraform.plan(folder, join(folder, 'plan.tfplan'));
      expect(actionsIn(plan)).toEqual({ 'terraform_data.a': ['create'], 'terraform_data.b': ['create'] });
      const events: string[] = [];
      const applied = await terraform.apply(folder, join(folder, 'plan.tfplan'), (text) => events.push(text));
      expect(applied).toMatchObject({ ok: true, errors: [] });
      expect(applied.completed.map(({ address, action }) => `${action} ${address}`).toSorted()).toEqual([
        'create terraform_data.a',
        'create terraform_data.b',
      ]);
      expect(events).toContain('terraform_data.a: create started');
      expect(addressesIn(await terraform.state(folder))).toEqual(['terraform_data.a', 'terraform_data.b']);
      const mark = await terraform.stateMark(folder);
      expect([mark !== null && mark.serial > 0, mark?.lineage]).toEqual([true, expect.stringMatching(/./)]);
    });

    it('plans updates, deletions and nothing as such', async () => {
      const terraform = make();
      const folder = await stackFolder({ a: { input: 'one' }, b: { input: 'two' }, c: { input: 'three' } });
      await terraform.init(folder);
      await terraform.plan(folder, join(folder, 'plan.tfplan'));
      await terraform.apply(folder, join(folder, 'plan.tfplan'), () => undefined);
      await writeFiles(folder, configuration({ a: { input: 'one' }, b: { input: 'changed' } }));
      const plan = await terraform.plan(folder, join(folder, 'plan.tfplan'));
      expect(actionsIn(plan)).toEqual({
        'terraform_data.a': ['no-op'],
        'terraform_data.b': ['update'],
        'terraform_data.c': ['delete'],
      });
    });

    it('refreshes objects without planning to change them', async () => {
      const terraform = make();
      const folder = await stackFolder({ a: { input: 'one' } });
      await terraform.init(folder);
      await terraform.plan(folder, join(folder, 'plan.tfplan'));
      await terraform.apply(folder, join(folder, 'plan.tfplan'), () => undefined);
      const file = join(folder, 'refresh.tfplan');
      const plan = await terraform.refresh(folder, file, ['terraform_data.a']);
      expect(plan['resource_drift'] ?? []).toEqual([]);
      expect(Object.values(actionsIn(plan)).flat()).not.toContain('update');
      expect(existsSync(file)).toBe(false);
    });

    it('refuses to plan a folder that was not initialised, and to apply a plan that is not there', async () => {
      const terraform = make();
      const folder = await stackFolder({ a: { input: 'one' } });
      expect(await rejection(terraform.plan(folder, join(folder, 'plan.tfplan')))).toBeInstanceOf(
        ExternalError,
      );
      await terraform.init(folder);
      expect(
        await rejection(terraform.apply(folder, join(folder, 'none.tfplan'), () => undefined)),
      ).toBeInstanceOf(ExternalError);
      expect(addressesIn(await terraform.state(folder))).toEqual([]);
    });
  });
}
