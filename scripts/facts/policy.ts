/** Reads the policy files and service registers, from the working tree or from a ref (the gate: always the base branch). */
import type { Services } from '../contract/context.ts';
import { InputError, type Diagnostic } from '../contract/errors.ts';
import { readPolicySet } from '../read/register/policy-set.ts';
import { readRegister } from '../read/register/register.ts';
import type { Parsed } from '../plan/types.ts';
import type { Files, Git, GitFile } from '../contract/ports.ts';
import { asRuleFile, ruleProblems } from './rule-files.ts';
import { sha256Hex } from '../json/json.ts';
import type { PolicySet, Register } from '../../policies/model/facts.ts';
import {
  clientAt,
  isRuleFile,
  placeOf,
  policyFileAt,
  type Place,
} from '../../policies/reading/places/places.ts';
import type { TrafficCaseFile } from '../../policies/model/traffic.ts';

/** Files below a folder of the repository under control that are wanted, wherever they are read from. */
export type PolicySource = (folder: string, wanted: (path: string) => boolean) => Promise<readonly GitFile[]>;

/** `ref`: a commit, or the id of a tree. */
export function fromRef(git: Git, ref: string): PolicySource {
  return (folder, wanted) => git.filesAt(ref, folder, wanted);
}

export function fromWorkingTree(files: Files, root: string): PolicySource {
  return async (folder, wanted) => {
    if (!(await files.exists(`${root}/${folder}`))) {
      return [];
    }
    const paths = (await files.list(`${root}/${folder}`)).map((path) => `${folder}/${path}`).filter(wanted);
    return Promise.all(paths.map(async (path) => ({ path, text: await files.readText(`${root}/${path}`) })));
  };
}

/** The policy data that a new estate begins with, without any register: for plans and configurations from elsewhere. */
export async function shippedPolicy(services: Pick<Services, 'files' | 'home'>): Promise<PolicySet> {
  const own = fromWorkingTree(services.files, `${services.home}/scripts/estate/template`);
  return loadPolicy(async (folder, wanted) => (folder === 'policies' ? own(folder, wanted) : []));
}

/** Files that rules of the estate's own are made of, sorted by path. */
export async function ruleTexts(source: PolicySource): Promise<readonly GitFile[]> {
  const found = await source('policies', isRuleFile);
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const clientData: ReadonlySet<Place> = new Set(['register', 'trafficCases']);

/** All policy data, checked as a whole: with a part of it nothing is decided. */
export async function readPolicy(source: PolicySource): Promise<Parsed<PolicySet>> {
  const [policyFiles, clientFiles, rules] = await Promise.all([
    source('policies', (path) => policyFileAt(path) !== null),
    source('stacks/clients', (path) => clientData.has(placeOf(path))),
    ruleTexts(source),
  ]);
  const policy = readPolicySet(
    new Map(policyFiles.flatMap(({ path, text }) => named(policyFileAt(path), text))),
  );
  const registers = clientFiles
    .filter(({ path }) => placeOf(path) === 'register')
    .map(({ path, text }) => readRegister(text, path));
  const diagnostics: Diagnostic[] = [
    ...(policy.ok ? [] : policy.diagnostics),
    ...registers.flatMap((register) => (register.ok ? [] : register.diagnostics)),
    ...ruleProblems(rules),
  ];
  if (!policy.ok || diagnostics.length > 0) {
    return { ok: false, diagnostics };
  }
  const read = registers.flatMap((register) => (register.ok ? [register.value] : []));
  return {
    ok: true,
    value: {
      ...policy.value,
      registers: read.toSorted((a, b) => (a.client < b.client ? -1 : 1)),
      trafficCases: clientFiles.flatMap(trafficCaseFile),
      ruleFiles: rules.map(asRuleFile),
    },
  };
}

function named(file: string | null, text: string): readonly (readonly [string, string])[] {
  return file === null ? [] : [[file, text]];
}

/** The same; throws InputError with every problem of every file. */
export async function loadPolicy(source: PolicySource): Promise<PolicySet> {
  const policy = await readPolicy(source);
  if (!policy.ok) {
    throw new InputError({
      what: 'The policy data does not read.',
      diagnostics: policy.diagnostics,
      why: 'Rules, roster, calendar and registers decide what may be released; nothing is decided with a part of them.',
      fix: 'Correct the places above.',
      next: 'sluice check',
    });
  }
  return policy.value;
}

function trafficCaseFile({ path, text }: GitFile): readonly TrafficCaseFile[] {
  const client = clientAt(path, 'trafficCases');
  return client === null ? [] : [{ client, path, digest: `sha256:${sha256Hex(text)}` }];
}

/** The register that a stack belongs to; null for stacks of foreign configurations. */
export function registerOf(registers: readonly Register[], stack: string): Register | null {
  return registers.find((register) => register.stacks.some((entry) => entry.name === stack)) ?? null;
}
