/** What must hold inside one service register, and between it and its file. Pure comparisons. */
import type { Diagnostic } from '../../plan/types.ts';
import type { LocatedDocument } from '../document.ts';
import { probeProblems, type DocumentProblem } from '../record/probes.ts';
import type { ServiceDocument } from './service-document.ts';
import { freezeProblems, windowProblems } from './times.ts';

/** All contradictions in a register that the schema has already accepted, with their places. */
export function registerProblems(
  register: ServiceDocument,
  document: LocatedDocument,
): readonly Diagnostic[] {
  const problems = [
    ...pathProblems(register, document.file),
    ...uniqueProblems(register),
    ...stackProblems(register),
    ...zoneProblems(register),
    ...windowProblems(register.spec.windows, '/spec/windows'),
    ...freezeProblems(register.spec.freezes, '/spec/freezes'),
    ...personProblems(register),
    ...escalationProblems(register),
    ...referenceProblems(register),
    ...register.spec.services.flatMap(({ probes = [] }, index) =>
      probeProblems(probes, `/spec/services/${String(index)}/probes`),
    ),
  ];
  return problems.map(({ pointer, ...text }) => ({ location: document.locate(pointer), ...text }));
}

function pathProblems({ metadata }: ServiceDocument, file: string): readonly DocumentProblem[] {
  const path = file.replaceAll('\\', '/');
  const expected = `stacks/clients/${metadata.name}/service.yaml`;
  const isBelowClients = path.startsWith('stacks/clients/') || path.includes('/stacks/clients/');
  if (!isBelowClients || path === expected || path.endsWith(`/${expected}`)) {
    return [];
  }
  return [
    {
      pointer: '/metadata/name',
      message: "the file's path does not agree with the client's id",
      expected,
      found: path.slice(path.lastIndexOf('stacks/clients/')),
      fix: `correct metadata.name, or move the file with: git mv ${path} ${expected}`,
    },
  ];
}

const identifiedBlocks = [
  'services',
  'windows',
  'freezes',
  'people',
  'monitoring',
  'configurationItems',
  'dependencies',
  'runbooks',
  'knownErrors',
  'openProblems',
  'risks',
] as const;

function uniqueProblems({ spec }: ServiceDocument): readonly DocumentProblem[] {
  const stacks = repeated(
    spec.stacks.map((stack) => stack.name),
    (index) => `/spec/stacks/${index}/name`,
  );
  const blocks = identifiedBlocks.flatMap((block) =>
    repeated(
      spec[block].map((entry) => entry.id),
      (index) => `/spec/${block}/${index}/id`,
    ),
  );
  return [...stacks, ...blocks];
}

function repeated(ids: readonly string[], pointerOf: (index: number) => string): readonly DocumentProblem[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          {
            pointer: pointerOf(index),
            message: 'the same id is used twice',
            found: id,
            fix: 'give one of the two another id',
          },
        ],
  );
}

/** A large environment may be split: `acme-production` and `acme-production-media` are two states of it. */
function stackProblems({ metadata, spec }: ServiceDocument): readonly DocumentProblem[] {
  return spec.stacks.flatMap(({ name, environment }, index) => {
    const expected = environment === 'account' ? metadata.name : `${metadata.name}-${environment}`;
    const isPart = environment !== 'account' && name.startsWith(`${expected}-`);
    return name === expected || isPart
      ? []
      : [
          {
            pointer: `/spec/stacks/${index}/name`,
            message: 'the stack is not named after its client and environment',
            expected,
            found: name,
            fix: 'use the name that stacks/estate.ts has',
          },
        ];
  });
}

/** Every zone is in one stack, and every production zone belongs to exactly one service. */
function zoneProblems({ spec }: ServiceDocument): readonly DocumentProblem[] {
  const inStacks = spec.stacks.flatMap((stack) => stack.zones);
  const inServices = spec.services.flatMap((service) => service.zones);
  const production = spec.stacks
    .filter((stack) => stack.environment === 'production')
    .flatMap((stack) => stack.zones);
  const twice = spec.stacks.flatMap(({ zones }, stack) =>
    zones.flatMap((zone, index): readonly DocumentProblem[] =>
      inStacks.filter((other) => other === zone).length === 1
        ? []
        : [
            {
              pointer: `/spec/stacks/${stack}/zones/${index}`,
              message: 'the zone is in two stacks',
              found: zone,
              fix: 'leave it in one',
            },
          ],
    ),
  );
  const unserved = spec.stacks.flatMap(({ zones, environment }, stack) =>
    zones.flatMap((zone, index): readonly DocumentProblem[] => {
      const count = inServices.filter((other) => other === zone).length;
      return environment !== 'production' || count === 1
        ? []
        : [
            {
              pointer: `/spec/stacks/${stack}/zones/${index}`,
              message:
                count === 0 ? 'the zone belongs to no service' : 'the zone belongs to several services',
              expected: 'exactly one service',
              found: zone,
              fix: 'list the zone under one service',
            },
          ];
    }),
  );
  const unknown = spec.services.flatMap(({ zones }, service) =>
    zones.flatMap((zone, index): readonly DocumentProblem[] =>
      production.includes(zone)
        ? []
        : [
            {
              pointer: `/spec/services/${service}/zones/${index}`,
              message: 'the zone is in no production stack',
              expected: production.join(', '),
              found: zone,
              fix: 'correct the name, or add the zone to a production stack',
            },
          ],
    ),
  );
  return [...twice, ...unserved, ...unknown];
}

function personProblems({ spec }: ServiceDocument): readonly DocumentProblem[] {
  const known = new Set(spec.people.map((person) => person.id));
  const named: (readonly [pointer: string, id: string | null | undefined])[] = [
    ['/spec/owner', spec.owner],
    ...spec.escalation.map(({ who }, index) => [`/spec/escalation/${index}/who`, who] as const),
    ...spec.people.map(({ delegate }, index) => [`/spec/people/${index}/delegate`, delegate] as const),
    ...(['services', 'configurationItems', 'runbooks', 'openProblems', 'risks'] as const).flatMap((block) =>
      spec[block].map(({ owner }, index) => [`/spec/${block}/${index}/owner`, owner] as const),
    ),
  ];
  return named.flatMap(([pointer, id]): readonly DocumentProblem[] =>
    id === undefined || id === null || known.has(id)
      ? []
      : [
          {
            pointer,
            message: 'the person is not in spec.people',
            found: id,
            fix: 'add the person there, or correct the id',
          },
        ],
  );
}

function escalationProblems({ spec }: ServiceDocument): readonly DocumentProblem[] {
  return spec.escalation.flatMap(({ level, afterMinutes }, index): readonly DocumentProblem[] => {
    const before = spec.escalation[index - 1];
    const isOrdered = level === index + 1 && afterMinutes >= (before?.afterMinutes ?? 0);
    return isOrdered
      ? []
      : [
          {
            pointer: `/spec/escalation/${index}`,
            message: 'the escalation levels are not in order',
            expected: `level ${index + 1}, not earlier than the level before it`,
            found: `level ${level} after ${afterMinutes} minutes`,
            fix: 'number the levels from 1, in the order of their minutes',
          },
        ];
  });
}

function referenceProblems({ spec }: ServiceDocument): readonly DocumentProblem[] {
  const items = new Set(spec.configurationItems.map((item) => item.id));
  const services = new Set(spec.services.map((service) => service.id));
  const problems = new Set(spec.openProblems.map((problem) => problem.id));
  return [
    ...spec.configurationItems.flatMap(({ relations = [] }, index) =>
      relations.flatMap((id, at) => missing(items, id, `/spec/configurationItems/${index}/relations/${at}`)),
    ),
    ...spec.dependencies.flatMap(({ neededBy = [] }, index) =>
      neededBy.flatMap((id, at) => missing(services, id, `/spec/dependencies/${index}/neededBy/${at}`)),
    ),
    ...spec.knownErrors.flatMap(({ item, problem }, index) => [
      ...(item === undefined ? [] : missing(items, item, `/spec/knownErrors/${index}/item`)),
      ...(problem === undefined ? [] : missing(problems, problem, `/spec/knownErrors/${index}/problem`)),
    ]),
  ];
}

function missing(known: ReadonlySet<string>, id: string, pointer: string): readonly DocumentProblem[] {
  return known.has(id)
    ? []
    : [
        {
          pointer,
          message: 'the id leads nowhere',
          expected: [...known].join(', '),
          found: id,
          fix: 'correct the id',
        },
      ];
}
