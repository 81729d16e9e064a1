/** The requests that a client wrote down as having to pass. */
import { InputError, type Diagnostic } from '../errors.ts';
import { readTrafficCases, type TrafficCase } from '../input/traffic-cases.ts';
import { trafficCaseClient, type Source } from './policy.ts';

export type MustPassCase = TrafficCase;

/** All cases of the clients, in the order of their files. Throws InputError with every problem of every file. */
export async function loadMustPass(
  source: Source,
  clients: readonly string[],
): Promise<readonly MustPassCase[]> {
  const known = await source('stacks/clients');
  const files = known.filter(({ path }) => clients.includes(trafficCaseClient(path) ?? ''));
  const read = files.map(({ path, text }) => readTrafficCases(text, path));
  const cases = read.flatMap((file) => (file.ok ? file.value : []));
  const diagnostics = [
    ...known.flatMap(({ path }) => misplaced(path, clients)),
    ...read.flatMap((file) => (file.ok ? [] : file.diagnostics)),
    ...clients.flatMap((client) => repeated(cases.filter((one) => one.client === client))),
  ];
  if (diagnostics.length > 0) {
    throw new InputError({
      what: 'The must-pass cases do not read.',
      diagnostics,
      why: 'Whether a change stops a request that must pass is not decided with a part of the cases.',
      fix: 'Correct the places above.',
      next: 'sluice check',
    });
  }
  return cases;
}

/** A file of cases where nobody reads it looks like cases that hold. */
function misplaced(path: string, clients: readonly string[]): readonly Diagnostic[] {
  const client = /^stacks\/clients\/([^/]+)\/traffic\/.+\.(?:ya?ml|json)$/.exec(path)?.[1];
  return client === undefined || !clients.includes(client) || trafficCaseClient(path) !== null
    ? []
    : [
        {
          location: { file: path, line: 1, column: 1 },
          message: 'this file of must-pass cases is not read',
          expected: `YAML files directly in stacks/clients/${client}/traffic/`,
          found: path,
          fix: 'move the file there, or delete it',
        },
      ];
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
