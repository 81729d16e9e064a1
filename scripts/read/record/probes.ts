/** What a schema cannot say of probes, in a record or in a register. Pure. */
import type { Probe } from '../../../policies/model/record.ts';
import type { Diagnostic } from '../../plan/types.ts';
import { credentialIn } from '../../secrets/credentials.ts';
import { isSecretOfRequest } from '../../secrets/names.ts';
import { compileRegex } from '../../waf/evaluate/regex.ts';
import { toByteString } from '../../waf/language/literals.ts';
import { pointerTo } from '../document.ts';

export interface DocumentProblem extends Omit<Diagnostic, 'location'> {
  readonly pointer: string;
}

/** `pointer` is that of the list. */
export function probeProblems(probes: readonly Probe[], pointer: string): readonly DocumentProblem[] {
  const names = probes.map(({ name }) => name);
  return probes.flatMap((probe, index) => {
    const at = `${pointer}/${String(index)}`;
    return [
      ...(names.indexOf(probe.name) === index ? [] : [sameName(probe, at)]),
      ...triesProblems(probe, at),
      ...(probe.type === 'dns' || probe.type === 'tls'
        ? []
        : [...secretProblems(probe, at), ...patternProblems(probe, at), ...bodyProblems(probe, at)]),
    ];
  });
}

type WebProbe = Exclude<Probe, { readonly type: 'dns' | 'tls' }>;

function sameName({ name }: Probe, at: string): DocumentProblem {
  return {
    pointer: `${at}/name`,
    message: 'two probes have the same name',
    expected: 'a name of its own for each probe',
    found: name,
    fix: 'rename one: the release reports probes by name',
  };
}

function triesProblems({ tries }: Probe, at: string): readonly DocumentProblem[] {
  if (tries === undefined || tries.pass <= tries.of) {
    return [];
  }
  return [
    {
      pointer: `${at}/tries/pass`,
      message: 'the probe must pass more often than it is made',
      expected: `at most ${String(tries.of)}`,
      found: String(tries.pass),
      fix: 'lower pass, or raise of',
    },
  ];
}

/** A record is read by many and forgotten by nobody. */
function secretProblems({ url, headers = {}, body = '' }: WebProbe, at: string): readonly DocumentProblem[] {
  const named = Object.entries(headers)
    .filter(([name, value]) => isSecretOfRequest(name) || credentialIn(value) !== null)
    .map(([name]) => ({ pointer: pointerTo(`${at}/headers`, name), found: `the header ${name}` }));
  const held = [
    ...(credentialIn(url) === null ? [] : [{ pointer: `${at}/url`, found: 'a credential in the address' }]),
    ...(credentialIn(body) === null ? [] : [{ pointer: `${at}/body`, found: 'a credential in the body' }]),
  ];
  return [...named, ...held].map((place) => ({
    ...place,
    message: 'the probe carries what looks like a credential',
    expected: 'a question that anybody may ask',
    fix: 'delete it: credentials do not belong in a record; probe a page that needs none',
  }));
}

function patternProblems(
  { expectBodyPattern, expectHeaders = {} }: WebProbe,
  at: string,
): readonly DocumentProblem[] {
  const patterns = [
    ...(expectBodyPattern === undefined
      ? []
      : [{ pointer: `${at}/expectBodyPattern`, pattern: expectBodyPattern }]),
    ...Object.entries(expectHeaders).map(([name, pattern]) => ({
      pointer: pointerTo(`${at}/expectHeaders`, name),
      pattern,
    })),
  ];
  return patterns.flatMap(({ pointer, pattern }) => {
    const compiled = compileRegex(toByteString(pattern));
    return typeof compiled === 'string'
      ? [
          {
            pointer,
            message: `the pattern cannot be evaluated: ${compiled}`,
            expected: 'a regular expression as in expressions of rules',
            found: JSON.stringify(pattern),
            fix: 'correct the pattern; look-around and back-references are not known',
          },
        ]
      : [];
  });
}

function bodyProblems({ body, method = 'GET' }: WebProbe, at: string): readonly DocumentProblem[] {
  return body === undefined || method === 'POST'
    ? []
    : [
        {
          pointer: `${at}/body`,
          message: 'only a POST has a body',
          expected: 'method: POST',
          found: method,
          fix: 'write method: POST, or delete the body',
        },
      ];
}
