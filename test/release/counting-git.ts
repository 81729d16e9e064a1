/** A git, first on the path, that notes what is read of a repository's objects. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ObjectsRead {
  /** Answers about objects, with or without their contents. */
  readonly objects: number;
  readonly bytes: number;
}

export interface CountingGit {
  readonly folder: string;
  /** To be PATH. */
  readonly path: string;
  /** Since it was made. */
  readonly read: () => ObjectsRead;
}

/** The caller removes the folder. */
export function countingGit(): CountingGit {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-')));
  const out = join(folder, 'out');
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(out, '');
  const tee = `case " $* " in *" cat-file "*) ${git} "$@" | tee -a ${out} ;; *) exec ${git} "$@" ;; esac`;
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${tee}\n`);
  chmodSync(join(folder, 'git'), 0o755);
  return {
    folder,
    path: `${folder}:${process.env['PATH'] ?? ''}`,
    read: () => {
      const text = readFileSync(out, 'latin1');
      const answers = text.match(/^[0-9a-f]{40} (?:blob|tree|commit|tag) \d+$/gm) ?? [];
      return { objects: answers.length, bytes: text.length };
    },
  };
}
