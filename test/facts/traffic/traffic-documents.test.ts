/** Files and folders of requests: which reader each gets, and that a part of a document is never taken for the whole. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../scripts/contract/errors.ts';
import { readTrafficDocument } from '../../../scripts/facts/traffic/documents.ts';
import type { Files } from '../../../scripts/contract/ports.ts';
import { fakeFiles } from '../../fakes/files.ts';

const crs = 'tests: [{ test_id: 1, stages: [{ input: { uri: /a } }] }]';
const har = JSON.stringify({
  log: { entries: [{ request: { method: 'GET', url: 'https://shop.example/' } }, { request: {} }] },
});
const cases = `kind: sluice.traffic-cases
version: 1
client: acme
cases: [{ name: home, why: The first page, request: { url: "https://www.shop.example/" } }]
`;

const files = fakeFiles({
  'in/shop.har': har,
  'in/cut.har': har.slice(0, -4),
  'in/shop.yaml': cases,
  'in/other.yaml': 'a: 1',
  'crs/REQUEST-942/942110.yaml': crs,
  'crs/REQUEST-942/942100.yaml': crs,
  'crs/REQUEST-942/notes.txt': 'nothing',
  'crs/REQUEST-920/920100.yml': crs,
  'bad/1.yaml': 'tests: [',
  'none/readme.md': 'nothing',
});

async function idsOf(path: string, from: Files = files): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const item of readTrafficDocument(from, path)) {
    ids.push('id' in item ? item.id : `line ${String(item.line)}: ${item.bad}`);
  }
  return ids;
}

async function refusalOf(path: string, from: Files = files): Promise<InputError> {
  const thrown = await idsOf(path, from).catch((error: unknown) => error);
  if (thrown instanceof InputError) {
    return thrown;
  }
  throw new Error(`${path} is not refused`);
}

describe('a document of requests', () => {
  it('is a HAR', async () => {
    expect(await idsOf('in/shop.har')).toEqual([
      'shop.har#1',
      'line 1: the entry has no request with a method and an url',
    ]);
  });

  it('is a file of must-pass cases', async () => {
    expect(await idsOf('in/shop.yaml')).toEqual(['acme/home']);
  });

  it.each(['crs', 'crs/'])('is the folder of the Core Rule Set, written %s', async (folder) => {
    expect(await idsOf(folder)).toEqual(['920100-1', '942100-1', '942110-1']);
  });
});

describe('what is refused', () => {
  it('a HAR that ends too early, with the place', async () => {
    const { parts } = await refusalOf('in/cut.har');
    expect(parts.what).toContain('in/cut.har');
    expect(parts.diagnostics).toMatchObject([
      { location: { file: 'in/cut.har', line: 1 }, message: 'the document ends before it is complete' },
    ]);
  });

  it.each([
    ['in/other.yaml', 'in/other.yaml'],
    ['bad', 'bad/1.yaml'],
  ])('YAML that is not a requests: %s', async (path, file) => {
    const { parts } = await refusalOf(path);
    expect(parts.diagnostics?.[0]?.location?.file).toBe(file);
  });

  it('a folder without YAML', async () => {
    expect((await refusalOf('none')).parts.what).toBe('none has no YAML file.');
  });
});
