/**
 * Whether Terraform and our reader see the same expressions: Terraform is asked about each. `SLUICE_PROPERTY_RUNS` says how
 * many are tried.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Arbitrary, sample } from 'fast-check';
import { expect, it } from 'vitest';
import { dangersOf } from '../../../scripts/plan/dangers/dangers.ts';
import { hostile, honest } from './grammar.ts';

const runs = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 400);
const batchSize = 100;

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly range?: { readonly filename: string };
}

/** What Terraform says when it validates a configuration with these texts as locals. */
function askTerraform(texts: readonly string[]): readonly Diagnostic[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-expressions-'));
  try {
    writeFileSync(
      join(folder, 'known.tf.json'),
      '{"locals": {"plain": "p", "map": {"a": 1}, "list": [1, 2]}}',
    );
    for (const [index, text] of texts.entries()) {
      const name = `t${String(index)}`;
      writeFileSync(join(folder, `${name}.tf.json`), JSON.stringify({ locals: { [name]: text } }));
    }
    const { stdout } = spawnSync(process.env['TERRAFORM_BINARY_NAME'] ?? 'terraform', ['validate', '-json'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Numbers of the texts of which Terraform's answer shows that it read, or tried to. */
function readingTexts(diagnostics: readonly Diagnostic[]): ReadonlySet<number> {
  return new Set(
    diagnostics.flatMap(({ detail, summary }) =>
      [
        ...`${summary} ${detail}`.matchAll(
          /(?:no file exists at|no function named|attribute named|"external"|"null_resource") "(?:unknown)?mark(\d+)/g,
        ),
      ].map(([, number]) => Number(number)),
    ),
  );
}

function isHarmless(text: string): boolean {
  return dangersOf({ locals: { text } }).length === 0;
}

function batches(texts: Arbitrary<string>, seed: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(runs / batchSize) }, (_, index) =>
    sample(texts, { seed: seed + index, numRuns: Math.min(batchSize, runs - index * batchSize) }),
  );
}

it(
  'calls nothing harmless of which Terraform reads something',
  () => {
    let read = 0;
    for (const batch of batches(hostile, 20_261_129)) {
      const texts = batch.map((text, index) => text.replaceAll('MARK', `mark${String(index)}_`));
      const reading = readingTexts(askTerraform(texts));
      read += reading.size;
      expect(texts.filter((text, index) => reading.has(index) && isHarmless(text))).toEqual([]);
    }
    // Otherwise the property would hold because nothing was read.
    expect(read).toBeGreaterThan(runs / 8);
  },
  60_000 + runs * 50,
);

it(
  'refuses nothing that Terraform takes and that depends on the configuration alone',
  () => {
    let taken = 0;
    for (const batch of batches(honest, 11_292_026)) {
      const failed = new Set(
        askTerraform(batch).map(({ range }) => Number(/^t(\d+)\.tf/.exec(range?.filename ?? '')?.[1])),
      );
      const good = batch.filter((_, index) => !failed.has(index));
      taken += good.length;
      expect(good.filter((text) => !isHarmless(text))).toEqual([]);
    }
    expect(taken).toBeGreaterThan(runs / 3);
  },
  60_000 + runs * 50,
);
