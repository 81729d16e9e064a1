/** A sample of `npm run test:provider`, and that a difference is found. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../scripts/sandbox/provider/faults.ts';
import { freshFolder } from '../sandbox/provider/terraform.ts';
import { differences, differencesFromRecorded, steps } from './cases.ts';
import type { Answers, Case, Recorded } from './cases.ts';
import { binaryProvider, sandboxProvider } from './provider.ts';
import type { Provider } from './provider.ts';
import { ask } from './run.ts';

const { cases, ...recorded } = JSON.parse(
  readFileSync(new URL('recorded.json', import.meta.url), 'utf8'),
) as Recorded;

/** Of each kind the first and the last: always the same. */
function sample(): readonly Case[] {
  const firsts = new Map(cases.toReversed().map((one) => [one.kind, one]));
  const lasts = new Map(cases.map((one) => [one.kind, one]));
  return [...new Set([...firsts.values(), ...lasts.values()])];
}

async function answersOf(provider: Provider, asked: readonly Case[]): Promise<readonly Answers[]> {
  try {
    return await ask(provider, asked);
  } finally {
    await provider.close();
  }
}

/** The sandbox in a process of its own, started as Terraform starts a provider. */
function binary(fault: Fault | null): string {
  const file = join(freshFolder('launcher'), 'terraform-provider-cloudflare');
  const program = new URL('sandbox-binary.ts', import.meta.url).pathname;
  const told = fault === null ? '' : `SLUICE_PROVIDER_FAULT='${JSON.stringify(fault)}' `;
  writeFileSync(file, `#!/bin/sh\n${told}exec ${process.execPath} --import tsx ${program}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('recorded answers', () => {
  it('say what they were made from, and when', () => {
    expect(recorded).toEqual({
      provider: 'cloudflare/cloudflare 5.14.0',
      source: expect.stringContaining('read on 2026-11-29') as string,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
      seed: 1,
    });
    expect(cases.length).toBeGreaterThan(400);
    const known = new Set<string>(steps);
    expect(cases.flatMap(({ expect: told }) => Object.keys(told).filter((step) => !known.has(step)))).toEqual(
      [],
    );
  });

  it('are those of the sandbox, in a sample of each kind', async () => {
    const asked = sample();
    const answers = await answersOf(await sandboxProvider(), asked);
    expect(asked.length).toBeGreaterThan(40);
    expect(
      asked.flatMap((one, at) =>
        differencesFromRecorded(one, answers[at] ?? {}).map(({ step, one: told, other }) => [
          one.name,
          step,
          told,
          other,
        ]),
      ),
    ).toEqual([]);
  });
});

describe('a provider binary', () => {
  const lives = cases
    .filter(({ kind, expect: told }) => kind === 'update' && told.remains === 'gone')
    .slice(0, 2);
  const [broken, whole] = lives;

  it('that answers the same shows no difference', async () => {
    const [asked, told] = [await sandboxProvider(), await binaryProvider(binary(null), undefined)];
    const [left, right] = [await answersOf(asked, lives), await answersOf(told, lives)];
    expect(lives.flatMap((one, at) => differences(one, left[at] ?? {}, right[at] ?? {}))).toEqual([]);
    expect(right[0]).toMatchObject({ plan: 'create', 'change: apply': 'done', remains: 'not told' });
  });

  it('that fails where the sandbox does not is found, with the step and both answers', async () => {
    const fault: Fault = {
      operation: 'update',
      type: broken?.type ?? '',
      effect: { kind: 'error', status: 500 },
    };
    const [asked, told] = [await sandboxProvider(), await binaryProvider(binary(fault), undefined)];
    const [left, right] = [await answersOf(asked, lives), await answersOf(told, lives)];
    const found = lives.flatMap((one, at) => differences(one, right[at] ?? {}, left[at] ?? {}));
    expect(found.map(({ case: { name }, step, one, other }) => [name, step, one, other])).toEqual([
      [broken?.name, 'change: apply', 'failed', 'done'],
      [broken?.name, 'change: plan again', 'update', 'no-op'],
    ]);
    expect(found.some((each) => each.case === whole)).toBe(false);
  });

  it('that is none is refused', async () => {
    await expect(binaryProvider('/bin/true', undefined)).rejects.toThrow('before it listened');
  });
});
