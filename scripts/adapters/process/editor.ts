/**
 * A person's own editor, which takes over the terminal until it is closed: the one process beside `run-process.ts`, which
 * captures what a process says and bounds its time. No shell: the command is split at blanks, as `code --wait`.
 */
import { spawn } from 'node:child_process';
import type { Editor } from '../../contract/ports.ts';
import { secretValues } from '../../secrets/environment.ts';

interface EditorOptions {
  /** `VISUAL` before `EDITOR` names it; it gets the rest, too, but no secret. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Null where the environment names none. */
export function createEditor({ environment, cwd }: EditorOptions): Editor | null {
  const named = [environment['VISUAL'], environment['EDITOR']].find(
    (text) => text !== undefined && text.trim() !== '',
  );
  const [command, ...args] = named?.trim().split(/\s+/u) ?? [];
  if (command === undefined) {
    return null;
  }
  const secrets = new Set<string | undefined>(secretValues(environment));
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => !secrets.has(value)));
  return {
    open: (path) =>
      new Promise((resolve) => {
        const child = spawn(command, [...args, path], { cwd, env, stdio: 'inherit' });
        child.on('error', ({ message }) => resolve(message));
        child.on('exit', (code, signal) =>
          resolve(code === 0 ? null : `${command} ended with ${signal ?? String(code)}`),
        );
      }),
  };
}
