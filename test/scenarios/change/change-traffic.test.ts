/** A change whose record names a sample: the check replays it, over a limit it is denied, the gate repeats it from saved facts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve } from './approved-facts.ts';
import { merge, recordPath, releasedEstate, type Change } from '../change.ts';
import { withKeptSynth } from '../cached-synth.ts';
import type { Ended, SmallEstate } from '../small-estate.ts';
import type { ReplaySummary } from '../../../scripts/waf/replay/types.ts';

let estate: SmallEstate;
let sample: string;
let rare: string;

const change = (traffic: string): Change => ({
  id: 'CHG-2026-0101',
  edits: [["action: 'log'", "action: 'block'"]],
  record: (text) => `${text.trimEnd()}\n\ntraffic:\n  sample: ${traffic}\n`,
});

/** Ten thousand requests, as many as tier 1 asks for, of which some call the old API; small enough for one part. */
async function imported(name: string, old: number): Promise<string> {
  const lines = Array.from({ length: 10_000 }, (_, n) =>
    JSON.stringify({
      v: 1,
      id: String(n),
      method: 'GET',
      host: 'api.shop.example',
      target: n < old ? '/v1/a' : '/a',
      headers: [],
      recorded: {},
    }),
  );
  writeFileSync(join(estate.folder, name), lines.join('\n'));
  const ended = await estate.sluice(
    ['waf', 'traffic', 'import', name, '--format', 'json'],
    {},
    withKeptSynth,
  );
  expect(ended.exit).toBe('ok');
  return (JSON.parse(ended.stdout) as { readonly sample: string }).sample;
}

beforeAll(async () => {
  estate = await releasedEstate();
  sample = await imported('many.ndjson', 300);
  rare = await imported('rare.ndjson', 20);
});
afterAll(() => estate.remove());

interface Checked {
  readonly traffic: { readonly replay: ReplaySummary | null; readonly problem: string | null };
  readonly report: {
    readonly findings: readonly {
      readonly ruleId: string;
      readonly severity: string;
      readonly seen: string;
    }[];
  };
}

async function check(of: SmallEstate): Promise<{ readonly ended: Ended; readonly shown: Checked }> {
  const ended = await of.sluice(
    ['check', 'acme-production', '--record', recordPath(change('')), '--format', 'json'],
    { TEST_NOW: '2026-11-10T09:00:00Z' },
    withKeptSynth,
  );
  return { ended, shown: JSON.parse(ended.stdout) as Checked };
}

/** What the gate makes of saved facts, as far as rules and traffic go. */
async function gateRules(
  of: SmallEstate,
  facts: string,
): Promise<{ readonly rules: string; readonly traffic: unknown }> {
  const ended = await of.sluice(['gate', '--facts', facts, '--format', 'json'], {}, withKeptSynth);
  const decision = JSON.parse(ended.stdout) as {
    readonly checks: readonly { readonly id: string; readonly verdict: string }[];
    readonly traffic: unknown;
  };
  const rules = decision.checks.find(({ id }) => id === 'rules')?.verdict ?? 'absent';
  return { rules, traffic: decision.traffic };
}

describe('a sample that the record names', () => {
  it('is replayed; a share over the limit of the tier is denied with the figure and the rule', async () => {
    const copy = estate.copy();
    merge(copy, change(sample));
    const { ended, shown } = await check(copy);
    expect(shown.traffic).toMatchObject({
      problem: null,
      replay: { digest: sample, requests: 10_000, counts: { 'newly-blocked': 300 } },
    });
    const found = shown.report.findings.find(({ ruleId }) => ruleId === 'waf-traffic-limits');
    expect(found).toMatchObject({ severity: 'deny' });
    expect(found?.seen).toContain('watch-old-api');
    expect(ended.exit).toBe('denied');
    copy.remove();
  });

  it('within the limit passes, and the same decision comes from saved facts', async () => {
    const copy = estate.copy();
    merge(copy, change(rare));
    const { shown } = await check(copy);
    expect(shown.traffic.replay?.counts['newly-blocked']).toBe(20);
    expect(shown.report.findings.filter(({ ruleId }) => ruleId.startsWith('waf-traffic'))).toEqual([]);
    const traffic = { ...shown.traffic, stacks: ['acme-production'], mustPass: [], withoutCases: ['acme'] };
    const facts = await approve(copy, recordPath(change('')), (given) => ({ ...given, traffic }));
    const gate = await gateRules(copy, facts);
    expect(gate).toEqual({ rules: 'allow', traffic });
    const missing = { ...traffic, replay: null, problem: 'it was not there' };
    const denied = await approve(copy, recordPath(change('')), (given) => ({ ...given, traffic: missing }));
    expect(await gateRules(copy, denied)).toEqual({ rules: 'deny', traffic: missing });
    copy.remove();
  });

  it('that is nowhere is denied, with the command that brings it', async () => {
    const copy = estate.copy();
    merge(copy, change(`sha256:${'0'.repeat(64)}`));
    const { ended, shown } = await check(copy);
    expect(ended.exit).toBe('denied');
    expect(shown.traffic.problem).toContain('sluice waf traffic import');
    copy.remove();
  });
});
