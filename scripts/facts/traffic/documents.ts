/** Requests from documents that are not lines: HAR, must-pass cases, regression tests of the OWASP Core Rule Set. */
import { InputError } from '../../contract/errors.ts';
import { maxTrafficYaml, readTrafficYaml } from '../../read/traffic/document.ts';
import type { Files } from '../../contract/ports.ts';
import type { BadEntry } from '../../waf/traffic/bad-entry.ts';
import { harReader } from '../../waf/traffic/har.ts';
import type { JsonFlaw } from '../../waf/traffic/json-tokens.ts';
import type { TrafficRecord } from '../../waf/traffic/record.ts';

type DocumentItem = TrafficRecord | BadEntry;

/**
 * The requests of a `.har`, `.yaml` or `.yml` file (a `.har` may be compressed and end in `.har.gz`), or of all YAML files
 * below a folder, in the order of their paths. Entries that are not requests come in their place. Throws InputError for a
 * document that cannot be read to its end, however many requests came before: they are a part of it.
 */
export async function* readTrafficDocument(files: Files, path: string): AsyncGenerator<DocumentItem> {
  if (/\.har(?:\.gz)?$/i.test(path)) {
    yield* readHar(files, path);
  } else if (isYaml(path)) {
    yield* await readYamlFile(files, path);
  } else {
    yield* readFolder(files, path);
  }
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

async function* readFolder(files: Files, path: string): AsyncGenerator<DocumentItem> {
  const folder = path.replace(/(?<=.)\/+$/, '');
  const names = (await files.list(folder)).filter(isYaml);
  if (names.length === 0) {
    throw new InputError({
      what: `${folder} has no YAML file.`,
      why: 'Of a folder, all files that end in .yaml or .yml are read as requests.',
      fix: 'Name the folder of the tests or cases, or the files themselves.',
      next: 'sluice waf replay --help',
    });
  }
  for (const name of names) {
    yield* await readYamlFile(files, `${folder}/${name}`);
  }
}

async function readYamlFile(files: Files, path: string): Promise<readonly DocumentItem[]> {
  const read = readTrafficYaml(await files.readText(path, maxTrafficYaml), path);
  if (!read.ok) {
    throw new InputError({
      what: `${path} does not read as requests.`,
      diagnostics: read.diagnostics,
      fix: 'Correct the places above.',
      next: 'sluice waf replay --help',
    });
  }
  return read.value;
}

async function* readHar(files: Files, path: string): AsyncGenerator<DocumentItem> {
  const reader = harReader(path.slice(path.lastIndexOf('/') + 1));
  for await (const { text } of files.readChunks(path)) {
    const { requests, flaw } = reader.push(text);
    yield* requests;
    refuseFlaw(path, flaw);
  }
  refuseFlaw(path, reader.end());
}

function refuseFlaw(path: string, flaw: JsonFlaw | null): void {
  if (flaw !== null) {
    const { line, column, message, expected } = flaw;
    throw new InputError({
      what: `${path} is not a HAR document that can be read to its end.`,
      diagnostics: [{ location: { file: path, line, column }, message, expected }],
      why: 'What was read of it so far is a part. Nothing is concluded from a part.',
      fix: 'Export it again, and see that the file is complete.',
      next: 'sluice waf replay --help',
    });
  }
}
