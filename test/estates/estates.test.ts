/** What is right raises no alarm: twenty estates, each changed as on an ordinary day. The expressions are in `test/waf/lint`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RuleReport } from '../../policies/model/finding.ts';
import type { Json } from '../../scripts/plan/types.ts';
import { runIn } from '../scenarios/small-estate.ts';
import { applications } from './applications.ts';
import type { Edit, Estate } from './build.ts';
import { privates } from './private.ts';
import { websites } from './websites.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-estates-'));
afterAll(() => rmSync(folder, { recursive: true }));

const estates = [...websites, ...applications, ...privates];

function file(name: string, document: Json): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(document));
  return path;
}

/** They ask a person to look at what no rule can judge, and an estate says where that is right. */
const forPeople = new Set(['plan-reviewed-types', 'plan-not-undone']);

/** Every finding and doubt, but the requests to look that are expected. */
async function alarms({ before }: Estate, { after, asks = [] }: Edit): Promise<readonly string[]> {
  const sides = ['--before', file('before.tf.json', before), '--after', file('after.tf.json', after)];
  const ended = await runIn(folder, ['check', ...sides, '--format', 'json']);
  const { report } = JSON.parse(ended.stdout) as { report: RuleReport };
  const found = report.findings.filter(
    ({ ruleId, subject }) => !(forPeople.has(ruleId) && asks.some((type) => subject.includes(`/${type}.`))),
  );
  return [
    ...found.map(({ severity, ruleId, subject, seen }) => `${severity} ${ruleId} ${subject}: ${seen}`),
    ...report.outcomes.flatMap((outcome) =>
      outcome.kind === 'undetermined' ? [`undetermined ${outcome.ruleId}`] : [],
    ),
  ];
}

describe('correct estates', () => {
  it('are twenty', () => {
    expect(new Set(estates.map(({ what }) => what)).size).toBe(20);
  });

  it.each(estates.flatMap((one) => one.edits.map((edit) => [one.what, edit.what, one, edit] as const)))(
    '%s: %s',
    async (_what, _edit, one, edit) => {
      expect(await alarms(one, edit)).toEqual([]);
    },
  );

  it.each(estates.map((one) => [one.what, one] as const))('%s: nothing changes', async (_, one) => {
    expect(await alarms(one, { what: 'nothing', after: one.before })).toEqual([]);
  });
});
