/** Values that a shell completes: what the working tree has. One that cannot be read has none, and nobody is told at a tab. */
import type { Services } from '../../contract/context.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { loadLedger } from '../../facts/ledger.ts';
import type { PolicySet } from '../../../policies/model/facts.ts';
import { placeOf } from '../../../policies/reading/places/places.ts';
import type { Completed } from '../flags.ts';
import { topics } from './topics.ts';

/** All values of a kind, in the order of the files that have them. */
export async function candidatesOf(kind: Completed, services: Services): Promise<readonly string[]> {
  try {
    return await known[kind](services);
  } catch {
    return [];
  }
}

const known: Readonly<Record<Completed, (services: Services) => Promise<readonly string[]>>> = {
  client: async (services) => (await policyOf(services)).registers.map(({ client }) => client),
  service: async (services) =>
    (await policyOf(services)).registers.flatMap(({ services: own }) => own.map(({ id }) => id)),
  stack: async (services) =>
    (await policyOf(services)).registers.flatMap(({ stacks }) => stacks.map(({ name }) => name)),
  person: async (services) => (await policyOf(services)).roster.people.map(({ id }) => id),
  change: changesOf,
  release: releasesOf,
  id: async (services) => [...(await changesOf(services)), ...(await releasesOf(services))],
  topic: async () => Object.keys(topics),
};

async function policyOf({ files, git }: Services): Promise<PolicySet> {
  return loadPolicy(fromWorkingTree(files, await git.root()));
}

async function changesOf({ files, git }: Services): Promise<readonly string[]> {
  const paths = await files.list(`${await git.root()}/changes`);
  return paths
    .filter((path) => placeOf(`changes/${path}`) === 'record')
    .map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.yaml$/u, ''));
}

async function releasesOf(services: Services): Promise<readonly string[]> {
  const { ledger } = await loadLedger(services);
  return ledger.folders.map(({ intent }) => intent.id);
}
