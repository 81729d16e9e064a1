/** Counts, not times: they are the same on every machine. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import * as parser from '../../../scripts/waf/language/parser.ts';
import { estateAt } from '../small-estate.ts';

vi.mock('../../../scripts/waf/language/parser.ts', async (original) => {
  const real = await original<typeof parser>();
  return { ...real, parseFilter: vi.fn<typeof real.parseFilter>(real.parseFilter) };
});

const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('parses each expression once when a rule of the reference estate goes from block to log', async () => {
  for (const part of ['stacks', 'policies', 'changes', 'cdktf.json', 'tsconfig.json', 'package.json']) {
    cpSync(part, join(folder, part), { recursive: true });
  }
  const estate = estateAt(folder);
  estate.git('init', '--quiet', '--initial-branch', 'main');
  estate.git('add', '--all');
  estate.git('commit', '--quiet', '--message', 'estate');
  const file = 'stacks/clients/acme/waf/trade.ts';
  const [block, log] = ["action: 'block'", "action: 'log'"];
  expect(estate.read(file)).toContain(block);
  estate.write(file, estate.read(file).replace(block, log));

  vi.mocked(parser.parseFilter).mockClear();
  const checked = await estate.sluice(['check', '--base', 'HEAD']);
  const texts = vi.mocked(parser.parseFilter).mock.calls.map(([text]) => text);

  expect(checked.stdout).toContain('rules[ref=block-known-abusers].action: "block" → "log"');
  expect(checked.stdout).toContain('Must-pass cases: 38 let through.');
  // What it takes to try the cases in every zone, and no text twice.
  expect(texts.length).toBeGreaterThan(50);
  expect(texts.length).toBe(new Set(texts).size);
});
