/** The requests that a client wrote down as having to pass. */
import { InputError, type Diagnostic } from '../contract/errors.ts';
import { readTrafficCases, type TrafficCase } from '../read/traffic/cases.ts';
import type { Parsed } from '../plan/types.ts';
import { clientAt } from '../../policies/reading/places/places.ts';
import type { PolicySource } from './policy.ts';

export type MustPassCase = TrafficCase;

/** All cases of the clients, in the order of their files. */
export async function readMustPass(
  source: PolicySource,
  clients: readonly string[],
): Promise<Parsed<readonly MustPassCase[]>> {
  const isWanted = (path: string): boolean => clients.includes(clientAt(path, 'trafficCases') ?? '');
  const files = (await source('stacks/clients', isWanted)).filter(({ path }) => isWanted(path));
  const read = files.map(({ path, text }) => readTrafficCases(text, path));
  const cases = read.flatMap((file) => (file.ok ? file.value : []));
  const diagnostics = [
    ...read.flatMap((file) => (file.ok ? [] : file.diagnostics)),
    ...clients.flatMap((client) => repeated(cases.filter((one) => one.client === client))),
  ];
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, value: cases };
}

/** The same; throws InputError with every problem of every file. */
export async function loadMustPass(
  source: PolicySource,
  clients: readonly string[],
): Promise<readonly MustPassCase[]> {
  const cases = await readMustPass(source, clients);
  if (!cases.ok) {
    throw new InputError({
      what: 'The must-pass cases do not read.',
      diagnostics: cases.diagnostics,
      why: 'Whether a change stops a request that must pass is not decided with a part of the cases.',
      fix: 'Correct the places above.',
      next: 'sluice check',
    });
  }
  return cases.value;
}

/** Names that two files of one client have; within one file its reader refuses them. */
function repeated(cases: readonly TrafficCase[]): readonly Diagnostic[] {
  return cases.flatMap(({ name, location }, index) => {
    const first = cases.slice(0, index).find((other) => other.name === name);
    return first === undefined
      ? []
      : [
          {
            location,
            message: `the name ${name} is used twice`,
            expected: 'a name of its own for every case of the client',
            found: `the same name at ${first.location.file}:${String(first.location.line)}`,
            fix: 'rename one of the two: reports and waivers name a case by it',
          },
        ];
  });
}
