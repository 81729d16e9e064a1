import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfigurationFile } from '../../../scripts/facts/bundles.ts';
import { rehearse } from '../../../scripts/release/run/rehearse.ts';
import { canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { readPlan } from '../../../scripts/plan/read.ts';
import { buildServices } from '../../../scripts/cli/services.ts';
import { home, runIn, type Ended } from '../small-estate.ts';

/** Outside of any repository: configurations and plans from elsewhere need none. */
const elsewhere = mkdtempSync(join(tmpdir(), 'sluice-foreign-'));
const fixtures = join(home, 'test/fixtures');
const configurations = readdirSync(join(fixtures, 'configurations'));
const plans = readdirSync(join(fixtures, 'plans'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const verdicts = ['ok', 'denied', 'undetermined'];

afterAll(() => rmSync(elsewhere, { recursive: true }));

const sides = (name: string): readonly string[] =>
  ['before', 'after'].flatMap((side) => [
    `--${side}`,
    join(fixtures, 'configurations', name, `${side}.tf.json`),
  ]);
const sluice = (...args: readonly string[]): Promise<Ended> => runIn(elsewhere, args);

describe('configurations that this project did not write', () => {
  it('are at least five', () => {
    expect(configurations.length).toBeGreaterThanOrEqual(5);
  });

  it.each(configurations)('%s: planned, judged, in every format, with one exit code', async (name) => {
    const plan = await sluice('plan', ...sides(name), '--format', 'json');
    expect([plan.exit, plan.stderr]).toEqual(['ok', '']);
    const reading = readPlan(JSON.parse(plan.stdout));
    expect(reading.ok ? reading.value.stacks.map((stack) => stack.stack) : reading.diagnostics).toEqual([
      name,
    ]);
    const markdown = await sluice('plan', ...sides(name), '--format', 'markdown');
    expect(markdown.stdout).toMatch(/^\| Stack \|/);
    const exits = await Promise.all(
      ['text', 'json', 'sarif'].map(
        async (format) => (await sluice('check', ...sides(name), '--format', format)).exit,
      ),
    );
    expect(new Set(exits).size).toBe(1);
    expect(verdicts).toContain(exits[0]);
  });

  it.each([
    ['dns-only', 'denied', /plan-probable-rename/],
    ['zone-replaced', 'denied', /plan-(protected-addresses|zone-deletion|delete-share)/],
    ['edge-with-variables', 'denied', /plan-no-plain-secrets/],
  ])('%s is %s for what it does', async (name, exit, rule) => {
    const checked = await sluice('check', ...sides(name));
    expect([checked.exit, checked.stdout]).toEqual([exit, expect.stringMatching(rule)]);
  });

  it.each(['load-balancing', 'redirects-and-lists'])(
    '%s: its rollback is rehearsed on real Terraform',
    async (name) => {
      const services = buildServices(
        {
          env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: 'true' },
          cwd: home,
          stdout: { write: () => undefined },
          stderr: { write: () => undefined },
          ask: null,
          signal: new AbortController().signal,
        },
        home,
      );
      const side = async (which: string) =>
        canonicalBundle(
          name,
          await readConfigurationFile(
            services.files,
            join(fixtures, 'configurations', name, `${which}.tf.json`),
          ),
        );
      const evidence = await rehearse(services, {
        base: await side('before'),
        proposed: await side('after'),
        effectDigest: `sha256:${'0'.repeat(64)}`,
        from: 'nothing',
      });
      expect([evidence.result, evidence.reason, evidence.differences]).toEqual(['proven', null, []]);
    },
  );
});

describe('Terraform plans of configurations that this project did not write', () => {
  it.each(plans)('%s: read, planned and judged', async (name) => {
    const file = join(fixtures, 'plans', name, 'plan.json');
    const plan = await sluice('plan', '--terraform-plan', file, '--format', 'json');
    expect([plan.exit, plan.stderr]).toEqual(['ok', '']);
    const reading = readPlan(JSON.parse(plan.stdout));
    expect(reading.ok ? reading.value.source : reading.diagnostics).toBe('terraform');
    const checked = await sluice('check', '--terraform-plan', file);
    expect(verdicts).toContain(checked.exit);
    expect(checked.stdout).toContain('Risk:');
  });
});
