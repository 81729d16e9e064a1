/** Reads a YAML file of requests: must-pass cases of a client, or regression tests of the OWASP Core Rule Set. */
import { limits } from '../../json/limits.ts';
import type { Parsed } from '../../plan/types.ts';
import type { BadEntry } from '../../waf/traffic/bad-entry.ts';
import { isCrsDocument, readCrs } from '../../waf/traffic/crs.ts';
import type { TrafficRecord } from '../../waf/traffic/record.ts';
import type { LocatedDocument } from '../document.ts';
import { readLocatedCases } from './cases.ts';
import { readYaml } from '../yaml/yaml.ts';
import { isObject } from '../../json/json.ts';

/** Tests of the Core Rule Set carry bodies; its largest file is far below. */
export const maxTrafficYaml = limits.trafficYaml.bytes;

/**
 * The requests of the file in their order, with what cannot be used as one in its place, or everything that is wrong with
 * the file as a whole. Cases are named `<client>/<case>`, tests as the Core Rule Set does.
 */
export function readTrafficYaml(text: string, file: string): Parsed<readonly (TrafficRecord | BadEntry)[]> {
  if (isCommentOnly(text)) {
    return { ok: true, value: [] };
  }
  const document = readYaml(text, file, { ...limits.trafficYaml, mayHide: true });
  if (!document.ok) {
    return document;
  }
  const { value } = document.value;
  if (isCrsDocument(value)) {
    return { ok: true, value: stagesOf(document.value, value) };
  }
  if (isOfKind(value)) {
    const cases = readLocatedCases(document.value);
    return cases.ok
      ? {
          ok: true,
          value: cases.value.map(({ client, name, request }) => ({
            id: `${client}/${name}`,
            at: null,
            request,
            recorded: null,
          })),
        }
      : cases;
  }
  return {
    ok: false,
    diagnostics: [
      {
        location: document.value.locate(''),
        message: 'these are not requests that are known here',
        expected: 'kind: sluice.traffic-cases, or a list tests as the OWASP Core Rule Set has it',
        fix: 'name files of requests only, or the folder that holds them',
      },
    ],
  };
}

/** Tests that are put aside are commented out as a whole: such a file holds none. */
function isCommentOnly(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && line.trim() !== '---');
  return lines.length > 0 && lines.every((line) => line.trimStart().startsWith('#'));
}

function isOfKind(value: LocatedDocument['value']): boolean {
  return isObject(value) && 'kind' in value;
}

function stagesOf(
  document: LocatedDocument,
  tests: Parameters<typeof readCrs>[0],
): readonly (TrafficRecord | BadEntry)[] {
  const name = document.file.slice(document.file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
  return readCrs(tests, name).map((stage) =>
    'record' in stage ? stage.record : { bad: stage.bad, line: document.locate(stage.pointer).line },
  );
}
