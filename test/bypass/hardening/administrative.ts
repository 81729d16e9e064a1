/** Administrative pull requests and what they bring: for attacks on what is kept beside the stacks. */
import { existsSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openPull } from '../../../scripts/sandbox/github/acts.ts';
import { approveAll, at, everybody, gate, newId, push, type Decided, type Pull } from '../acts.ts';
import type { Attempt } from '../scenario.ts';
import type { Login, World } from '../world.ts';

/** What a pull request brings: texts by path, and what only git commands can bring. */
export interface Brought {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly deleted?: readonly string[];
  /** Paths of submodules. */
  readonly modules?: readonly string[];
}

export function bring(world: World, { files = {}, links = {}, deleted = [], modules = [] }: Brought): void {
  for (const path of deleted) {
    unlinkSync(join(world.folder, path));
  }
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(world.folder, path)), { recursive: true });
    writeFileSync(join(world.folder, path), content);
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(world.folder, path)), { recursive: true });
    symlinkSync(target, join(world.folder, path));
  }
  const paths = [...Object.keys(files), ...Object.keys(links)];
  world.git('add', '--all');
  if (paths.length > 0) {
    world.git('add', '--force', '--', ...paths);
  }
  for (const module of modules) {
    const entry = `160000,${world.git('rev-parse', 'HEAD')},${module}`;
    world.git('update-index', '--add', '--cacheinfo', entry);
  }
}

export function administrative(id: string): string {
  return `apiVersion: sluice/v1
kind: Administrative
id: ${id}
title: Edit for ${id}
client: acme
service: storefront
type: normal
category: other
reason: >-
  The scenario needs an administrative change whose record is complete, so that nothing but the attack is in its way.
requester: r.okafor
owner: k.dunne
stacks: []
impact: { level: 1, users: nobody at all, expectedOutage: PT0S }
risk: { declared: low }
securityImpact: { assessed: true, summary: Nothing that runs for a client changes with it., reviewer: t.berg }
test:
  post: [{ what: The gate allows it, how: sluice gate, automated: true }]
acceptanceCriteria: [{ statement: The pull request is merged }]
rollback:
  strategy: revert
  steps: [Revert the pull request]
  maxDurationMin: 30
  triggers: [anybody misses something]
  decider: k.dunne
`;
}

/** Not the working tree, which not every system could check out: bundles made of main, which the change leaves as it is. */
async function bundlesOfMain(world: World): Promise<readonly string[]> {
  const folder = '.sluice/of-main';
  if (!existsSync(join(world.folder, folder))) {
    world.git('checkout', '--quiet', '--force', 'main');
    await world.sluice(['synth', '--out', folder]);
  }
  return ['--bundles', folder];
}

/** An administrative pull request that these people have approved. */
export async function administer(
  world: World,
  brought: Brought,
  by: readonly Login[] = everybody,
): Promise<Decided> {
  const pull = await proposeAdministrative(world, brought);
  const flags = await bundlesOfMain(world);
  const { decision } = await gate(world, pull, { flags });
  await approveAll(world, pull, { shown: decision, by });
  return gate(world, pull, { flags });
}

async function proposeAdministrative(world: World, brought: Brought): Promise<Pull> {
  const id = newId();
  world.git('checkout', '--quiet', '--force', '-B', id, 'main');
  world.write(`changes/acme/${id}.yaml`, administrative(id));
  bring(world, brought);
  world.git('commit', '--quiet', '--message', id);
  // What a submodule or a file with an impossible name left behind is not part of the next one.
  await push(world, 'main');
  await push(world, id);
  world.git('checkout', '--quiet', '--force', 'main');
  const number = await openPull(at(world), { login: 'r-okafor', head: id, title: id, body: '' });
  return { number, branch: id };
}

/** Committed on main without any pull request, by somebody who may. */
export async function land(world: World, brought: Brought): Promise<void> {
  world.git('checkout', '--quiet', '--force', 'main');
  bring(world, brought);
  world.git('commit', '--quiet', '--message', 'Something on main');
  await push(world, 'main', 'd-quist');
}

export interface Trick {
  readonly trick: string;
  readonly brought: Brought;
  readonly says: string;
}

/** Each alone in an administrative pull request that everybody approved, refused by the tree alone. */
export async function each(world: World, tricks: readonly Trick[]): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const one of tricks) {
    attempts.push(...(await together(world, [one])));
  }
  return attempts;
}

/** All in one pull request: what is found of one does not hide another. */
export async function together(world: World, tricks: readonly Trick[]): Promise<readonly Attempt[]> {
  const outcome = await administer(world, {
    files: Object.assign({}, ...tricks.map(({ brought }) => brought.files)) as Record<string, string>,
    links: Object.assign({}, ...tricks.map(({ brought }) => brought.links)) as Record<string, string>,
    deleted: tricks.flatMap(({ brought }) => brought.deleted ?? []),
    modules: tricks.flatMap(({ brought }) => brought.modules ?? []),
  });
  return tricks.map(({ trick, says }) => ({ trick, outcome, exit: 'denied', checks: ['proposal'], says }));
}

/** One more file, whatever is in it. */
export const other = (path: string): Brought => ({ files: { [path]: '{}\n' } });
