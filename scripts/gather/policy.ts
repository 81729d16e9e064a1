/** Reads the policy files and service registers, from the working tree or from a ref (the gate: always the base branch). */
import type { Services } from '../context.ts';
import { InputError, type Diagnostic } from '../errors.ts';
import { readPolicySet } from '../input/policy-set.ts';
import { readRegister } from '../input/register.ts';
import type { Files, Git, GitFile } from '../ports.ts';
import { sha256Hex } from '../plan/json.ts';
import type { PolicySet, Register } from '../../policies/model/facts.ts';
import type { TrafficCaseFile } from '../../policies/model/traffic.ts';

/** Lists files below a folder of the repository under control, wherever they are read from. */
export type Source = (folder: string) => Promise<readonly GitFile[]>;

export function fromRef(git: Git, ref: string): Source {
  return (folder) => git.filesAt(ref, folder);
}

export function fromWorkingTree(files: Files, root: string): Source {
  return async (folder) => {
    if (!(await files.exists(`${root}/${folder}`))) {
      return [];
    }
    const paths = (await files.list(`${root}/${folder}`)).filter((path) => /\.(ya?ml|json)$/.test(path));
    return Promise.all(
      paths.map(async (path) => ({
        path: `${folder}/${path}`,
        text: await files.readText(`${root}/${folder}/${path}`),
      })),
    );
  };
}

/** Sluice's own policy data without any register: for plans and configurations from elsewhere. */
export async function shippedPolicy(services: Pick<Services, 'files' | 'home'>): Promise<PolicySet> {
  const own = fromWorkingTree(services.files, services.home);
  return loadPolicy(async (folder) => (folder === 'policies' ? own(folder) : []));
}

/** All policy data, checked as a whole. Throws InputError with every problem of every file. */
export async function loadPolicy(source: Source): Promise<PolicySet> {
  const [policyFiles, stackFiles] = await Promise.all([source('policies'), source('stacks/clients')]);
  const named = policyFiles.filter((file) => /^policies\/[a-z-]+\.yaml$/.test(file.path));
  const policy = readPolicySet(
    new Map(named.map((file) => [file.path.slice('policies/'.length), file.text])),
  );
  const registers = stackFiles
    .filter((file) => file.path.endsWith('/service.yaml'))
    .map((file) => readRegister(file.text, file.path));
  const diagnostics: Diagnostic[] = [
    ...(policy.ok ? [] : policy.diagnostics),
    ...registers.flatMap((register) => (register.ok ? [] : register.diagnostics)),
  ];
  if (!policy.ok || diagnostics.length > 0) {
    throw new InputError({
      what: 'The policy data does not read.',
      diagnostics,
      why: 'Rules, roster, calendar and registers decide what may be released; nothing is decided with a part of them.',
      fix: 'Correct the places above.',
      next: 'sluice check',
    });
  }
  const read = registers.flatMap((register) => (register.ok ? [register.value] : []));
  return {
    ...policy.value,
    registers: read.toSorted((a, b) => (a.client < b.client ? -1 : 1)),
    trafficCases: stackFiles.flatMap(trafficCaseFile),
  };
}

/** `stacks/clients/<client>/traffic/<file>.yaml`; null for any other path. */
export function trafficCaseClient(path: string): string | null {
  return /^stacks\/clients\/([^/]+)\/traffic\/[^/]+\.ya?ml$/.exec(path)?.[1] ?? null;
}

function trafficCaseFile({ path, text }: GitFile): readonly TrafficCaseFile[] {
  const client = trafficCaseClient(path);
  return client === null ? [] : [{ client, path, digest: `sha256:${sha256Hex(text)}` }];
}

/** The register that a stack belongs to; null for stacks of foreign configurations. */
export function registerOf(registers: readonly Register[], stack: string): Register | null {
  return registers.find((register) => register.stacks.some((entry) => entry.name === stack)) ?? null;
}
