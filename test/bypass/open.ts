/**
 * Opens worlds. The repository is prepared once, with its baselines and the rehearsals of the two everyday effects, and
 * copied for each world; the GitHub is new for each.
 */
import { cpSync, rmSync } from 'node:fs';
import { everyday, gate, propose, redirected } from './acts.ts';
import { estateFile, estateText, policyFiles, program, released } from './estate.ts';
import { startGitHub, temporaryFolder, worldIn, type World } from './world.ts';

let prepared: Promise<string> | null = null;

/** Opens a new world. The caller closes it. */
export async function openWorld(): Promise<World> {
  prepared ??= prepare();
  const folder = temporaryFolder();
  cpSync(await prepared, folder, { recursive: true, verbatimSymlinks: true });
  return worldIn(folder, await startGitHub());
}

/** Removes what all worlds were copied from. */
export async function removePrepared(): Promise<void> {
  const folder = await prepared?.catch(() => null);
  prepared = null;
  if (folder !== undefined && folder !== null) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The world that others are copied from keeps its folder; its GitHub has done its work. */
async function prepare(): Promise<string> {
  const folder = temporaryFolder();
  const world = await worldIn(temporaryFolder(), await startGitHub());
  try {
    await release(world);
    await rehearse(world);
    cpSync(world.folder, folder, { recursive: true, verbatimSymlinks: true });
  } finally {
    await world.close();
  }
  return folder;
}

async function release(world: World): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    ...policyFiles(world.github.ids),
    'stacks/main.ts': program,
    [estateFile]: estateText(released),
    'package.json': '{ "name": "estate", "private": true, "type": "module" }\n',
    'cdktf.json': '{ "language": "typescript", "app": "node --import tsx stacks/main.ts" }\n',
    '.gitignore': 'node_modules\ncdktf.out\n.sluice\n',
  };
  for (const [path, text] of Object.entries(files)) {
    world.write(path, text);
  }
  world.git('init', '--quiet', '--initial-branch', 'main');
  world.git('add', '--all');
  world.git('commit', '--quiet', '--message', 'The estate as it is');
  const ended = await world.sluice(['baseline', '--reason', 'first release']);
  if (ended.exit !== 'ok') {
    throw new Error(`no baseline: ${ended.stderr}`);
  }
}

/** The gate keeps rehearsals by their effect: what most scenarios propose is rehearsed once for all of them. */
async function rehearse(world: World): Promise<void> {
  for (const change of [everyday, redirected]) {
    const pull = await propose(world, change);
    await gate(world, pull);
    world.git('checkout', '--quiet', 'main');
    world.git('branch', '--quiet', '-D', pull.branch);
  }
}
