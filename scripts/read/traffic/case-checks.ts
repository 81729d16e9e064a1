/** What must hold between the parts of a file of must-pass cases, and between it and its place. Pure comparisons. */
import type { Diagnostic } from '../../plan/types.ts';
import { readIp } from '../../waf/language/ip.ts';
import { requestFields } from '../../waf/evaluate/request.ts';
import { closestName } from '../../waf/language/suggest.ts';
import { allFields, fieldFact } from '../../waf/language/tables.ts';
import { typeName } from '../../waf/language/value-type.ts';
import { pointerTo } from '../document.ts';
import type { LocatedDocument } from '../document.ts';
import { requestAlone, writtenRequest } from './case-document.ts';
import type { WrittenCases, WrittenRequest } from './case-document.ts';

interface CaseProblem extends Omit<Diagnostic, 'location'> {
  readonly pointer: string;
  /** What is wrong is the name at the end of the pointer, not its value. */
  readonly isKey?: boolean;
}

/** All contradictions in cases that the schema has already accepted, with their places. */
export function trafficCaseProblems(written: WrittenCases, document: LocatedDocument): readonly Diagnostic[] {
  const problems = [
    ...pathProblems(written, document.file),
    ...nameProblems(written, document),
    ...written.cases.flatMap(({ request }, index) =>
      requestProblems(request, `/cases/${String(index)}/request`),
    ),
  ];
  return problems.map(({ pointer, isKey = false, ...text }) => ({
    location: isKey ? document.locateKey(pointer) : document.locate(pointer),
    ...text,
  }));
}

function pathProblems({ client }: WrittenCases, file: string): readonly CaseProblem[] {
  const folder = /(?:^|\/)stacks\/clients\/([^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1];
  if (folder === undefined || folder === client) {
    return [];
  }
  return [
    {
      pointer: '/client',
      message: 'the client is not the one of the folder',
      expected: folder,
      found: client,
      fix: `write client: ${folder}, or move the file to stacks/clients/${client}/traffic/`,
    },
  ];
}

function nameProblems({ cases }: WrittenCases, document: LocatedDocument): readonly CaseProblem[] {
  const first = new Map<string, number>();
  return cases.flatMap(({ name }, index) => {
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, index);
      return [];
    }
    const { line } = document.locate(`/cases/${String(other)}/name`);
    return [
      {
        pointer: `/cases/${String(index)}/name`,
        message: `the name ${name} is used twice`,
        expected: 'a name of its own for every case',
        found: `the same name on line ${String(line)}`,
        fix: 'rename one of the two: reports and waivers name a case by it',
      },
    ];
  });
}

function requestProblems(request: WrittenRequest, at: string): readonly CaseProblem[] {
  return [
    ...urlProblems(request.url, at),
    ...clientProblems(request.client, at),
    ...headerProblems(request, at),
    ...fieldProblems(request, at),
  ];
}

function urlProblems(url: string, at: string): readonly CaseProblem[] {
  if (URL.canParse(url)) {
    return [];
  }
  return [
    {
      pointer: `${at}/url`,
      message: 'this is not an address that a client could request',
      expected: 'an absolute http or https address',
      found: url.slice(0, 100),
      fix: 'correct the host and the port',
    },
  ];
}

function clientProblems(client: string | undefined, at: string): readonly CaseProblem[] {
  if (client === undefined || readIp(client) !== null) {
    return [];
  }
  return [
    {
      pointer: `${at}/client`,
      message: 'this is not an IP address',
      expected: 'one IPv4 or IPv6 address, such as 192.0.2.10',
      found: client,
      fix: 'write one address of the range that the request comes from',
    },
  ];
}

function headerProblems({ headers = {} }: WrittenRequest, at: string): readonly CaseProblem[] {
  const seen = new Map<string, string>([['host', '']]);
  return Object.keys(headers).flatMap((name) => {
    const lower = name.toLowerCase();
    const other = seen.get(lower);
    seen.set(lower, name);
    if (other === undefined) {
      return [];
    }
    const isHost = lower === 'host';
    return [
      {
        pointer: pointerTo(`${at}/headers`, name),
        isKey: true,
        message: isHost ? 'Host is written in the url' : `the header ${name} is written twice`,
        expected: isHost ? 'no Host among the headers' : 'each header once, whatever its case',
        found: isHost ? name : `${other} and ${name}`,
        fix: isHost
          ? 'delete it, and write the host into the url'
          : 'write one entry; several values of a header are a list',
      },
    ];
  });
}

function fieldProblems(request: WrittenRequest, at: string): readonly CaseProblem[] {
  const alone = requestFields(requestAlone(request)).fields;
  const whole = requestFields(writtenRequest(request)).fields;
  const told: ReadonlySet<string> = new Set([
    ...alone.keys(),
    ...(request.country === undefined ? [] : ['ip.src.country']),
    ...(request.asn === undefined ? [] : ['ip.src.asnum']),
  ]);
  return Object.keys(request.fields ?? {}).flatMap((name) => {
    const text = fieldProblem(name, told, whole);
    return text === null ? [] : [{ pointer: pointerTo(`${at}/fields`, name), ...text }];
  });
}

function fieldProblem(
  name: string,
  told: ReadonlySet<string>,
  whole: ReadonlyMap<string, unknown>,
): Omit<CaseProblem, 'pointer'> | null {
  const type = fieldFact(name)?.type;
  if (type === undefined) {
    const near = closestName(
      name,
      allFields.map((field) => field.name),
    );
    return {
      isKey: true,
      message: `there is no field ${name}`,
      expected: 'a field of the Rules language',
      found: name,
      fix:
        near === null
          ? 'correct the name: sluice waf explain shows those of a rule'
          : `did you mean ${near}?`,
    };
  }
  if (told.has(name)) {
    return {
      isKey: true,
      message: `${name} follows from the rest of the request`,
      expected: 'fields that nothing else says',
      found: name,
      fix: 'delete it, or correct the url, the headers, the client or the body',
    };
  }
  return whole.has(name)
    ? null
    : {
        message: `${name} cannot have this value`,
        expected: typeName(type),
        fix: 'write a value of the type of the field',
      };
}
