import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository that a folder is in, as git finds it: the nearest folder upwards with a `.git`. Null where there is none. */
export function repositoryAround(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) {
    return folder;
  }
  return dirname(folder) === folder ? null : repositoryAround(dirname(folder));
}
