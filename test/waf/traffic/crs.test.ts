/** Regression tests of the OWASP Core Rule Set become requests, in the old forms of their YAML and in the new ones. */
import { describe, expect, it } from 'vitest';
import { readTrafficYaml } from '../../../scripts/read/traffic/document.ts';
import type { TrafficRecord } from '../../../scripts/waf/traffic/record.ts';

const path = 'tests/regression/tests/REQUEST-942-APPLICATION-ATTACK-SQLI/942100.yaml';

function read(text: string, file = path) {
  const parsed = readTrafficYaml(text, file);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.diagnostics));
  }
  return parsed.value;
}

function records(text: string): readonly TrafficRecord[] {
  return read(text).flatMap((item) => ('request' in item ? [item] : []));
}

/** The request of a test with this input, written as flow mappings. */
function requestOf(input: string) {
  const [first] = read(`tests: [{ test_id: 1, stages: [{ input: ${input}, output: { status: 403 } }] }]`);
  return first !== undefined && 'request' in first ? first.request : first;
}

const present = `---
meta:
  author: "somebody"
  description: None
rule_id: 942100
tests:
  - test_id: 1
    desc: "Injection in a form"
    stages:
      - input:
          dest_addr: 127.0.0.1
          headers:
            Accept: "*/*"
            Host: localhost
            User-Agent: "OWASP CRS test agent"
          method: POST
          port: 80
          uri: "/post"
          data: "var=1234 OR 1=1"
          version: HTTP/1.0
        output:
          log:
            expect_ids: [942100]
  - test_id: 2
    stages:
      - input: { uri: /one }
        output: { status: 200 }
      - input: { uri: /two }
        output: { status: 403 }
`;

describe('the present form', () => {
  const [form, one, two] = records(present);

  it('is read with what its sender adds', () => {
    expect(form).toEqual({
      id: '942100-1',
      at: null,
      recorded: null,
      request: {
        method: 'POST',
        scheme: 'http',
        host: 'localhost',
        target: '/post',
        httpVersion: 'HTTP/1.0',
        headers: [
          ['Accept', '*/*'],
          ['Host', 'localhost'],
          ['User-Agent', 'OWASP CRS test agent'],
          ['Content-Type', 'application/x-www-form-urlencoded'],
          ['Connection', 'close'],
          ['Content-Length', '17'],
        ],
        hasAllHeaders: true,
        clientAddress: null,
        body: 'var=1234+OR+1%3D1',
        fields: {},
        normalizesUrls: true,
      },
    });
  });

  it('gives every stage a name of its own', () => {
    expect([one?.id, two?.id]).toEqual(['942100-2-stage-1', '942100-2-stage-2']);
    expect([one?.request.target, two?.request.target]).toEqual(['/one', '/two']);
  });
});

describe('older forms', () => {
  it('name the test, nest the stage, and number by the file', () => {
    const text = `tests:
  - test_title: 942100-7
    stages:
      - stage:
          input: { dest_addr: 127.0.0.1, port: 8080, uri: /a }
          output: { log_contains: id "942100" }
  - stages:
      - stage: { input: { uri: /b } }
`;
    expect(records(text)).toMatchObject([
      { id: '942100-7', request: { host: '127.0.0.1:8080', target: '/a', method: 'GET' } },
      { id: '942100-2', request: { host: 'localhost', target: '/b' } },
    ]);
  });

  it.each(['stop_magic: true', 'no_autocomplete_headers: true', 'autocomplete_headers: false'])(
    'add nothing with %s',
    (flag) => {
      expect(requestOf(`{ method: POST, data: a b, headers: { Host: x }, ${flag} }`)).toMatchObject({
        headers: [['Host', 'x']],
        body: 'a b',
      });
    },
  );

  it('may name the host in the address', () => {
    expect(requestOf('{ uri: "http://shop.example/a?b", headers: { Host: x } }')).toMatchObject({
      host: 'shop.example',
      target: '/a?b',
    });
  });

  it('write a body as lines', () => {
    expect(requestOf('{ data: [one, two], stop_magic: true }')).toMatchObject({ body: 'one\r\ntwo' });
  });
});

describe('bodies', () => {
  it.each([
    ['a form that is escaped already', '{ data: "a=b%20c d" }', 'a=b%20c d'],
    ['a form with an empty value and signs', '{ data: "a=&b&c==" }', 'a=&b&c=%3D'],
    ['another type', '{ data: "<a b>", headers: { Content-Type: text/xml } }', '<a b>'],
    ['bytes', '{ encoded_data: "AP8=", headers: { Content-Type: x/y } }', '\u0000\u00ff'],
    [
      'characters that nobody can see',
      '{ data: "a\\x00\\u202e", stop_magic: true }',
      'a\u0000\u00e2\u0080\u00ae',
    ],
    ['text beyond ASCII', '{ data: "ü", headers: { Content-Type: x/y } }', '\u00c3\u00bc'],
    [
      'multipart lines',
      '{ data: "--a\\n\\nb\\n", headers: { Content-Type: "multipart/form-data; boundary=a" } }',
      '--a\r\n\r\nb\r\n',
    ],
    ['none', '{ method: POST }', ''],
  ])('of %s', (_, input, body) => {
    expect(requestOf(input)).toMatchObject({ body });
  });

  it('have their length written, an empty one too when the method has a body', () => {
    expect(requestOf('{ method: PUT }')).toMatchObject({
      headers: [
        ['Connection', 'close'],
        ['Content-Length', '0'],
      ],
    });
  });
});

describe('a request that is written whole', () => {
  const encoded = (raw: string) => requestOf(`{ encoded_request: "${btoa(raw)}" }`);

  it('is read from its bytes', () => {
    const raw = 'POST /a?b=%zz HTTP/1.1\r\nHost: Shop.example\r\nX-A:  b \r\nX-A: c\r\n\r\nbody\r\n\u00ff';
    expect(encoded(raw)).toMatchObject({
      method: 'POST',
      host: 'shop.example',
      target: '/a?b=%zz',
      httpVersion: 'HTTP/1.1',
      headers: [
        ['Host', 'Shop.example'],
        ['X-A', 'b'],
        ['X-A', 'c'],
      ],
      body: 'body\r\n\u00ff',
    });
  });

  it('may name its host in the request line, and end lines as files do', () => {
    expect(encoded('GET http://shop.example/a HTTP/1.1\nHost: other\n\n')).toMatchObject({
      host: 'shop.example',
      target: '/a',
      body: '',
    });
  });

  it.each([
    ['no request line', 'hello', /not a request line of HTTP\/1/],
    ['another version', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', /not a request line of HTTP\/1/],
    ['a line that is not a header', 'GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n', /not a header/],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', /names no host/],
    ['a head that is not UTF-8', 'GET /\u00ff HTTP/1.1\r\nHost: a\r\n\r\n', /not UTF-8/],
  ])('is bad with %s', (_, raw, wanted) => {
    expect(encoded(raw)).toMatchObject({ bad: expect.stringMatching(wanted) as string, line: 1 });
  });
});

describe('a body in chunks', () => {
  const sent = (body: string) =>
    requestOf(
      `{ encoded_request: "${btoa(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n${body}`)}" }`,
    );

  it.each([
    ['3\r\nHi \r\n3\r\nCRS\r\n0\r\n\r\n', 'Hi CRS'],
    ['A;ext="x"\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n', '0123456789'],
    ['2\n\r\n\n0\n\n', '\r\n'],
    ['0\r\n\r\n', ''],
  ])('%j is %j', (body, decoded) => {
    expect(sent(body)).toMatchObject({ body: decoded });
  });

  it.each(['3\r\nHi \r\n', 'x\r\nHi', '5\r\nHi\r\n0\r\n\r\n', ''])('%j is bad', (body) => {
    expect(sent(body)).toMatchObject({ bad: expect.stringContaining('its chunks are damaged') as string });
  });

  it('is decoded where it is written as data, and left alone where it was not sent so', () => {
    const data = '"7\\r\\nfoo=bar\\r\\n0\\r\\n\\r\\n"';
    const form = 'Content-Type: application/x-www-form-urlencoded';
    expect(
      requestOf(
        `{ method: POST, autocomplete_headers: false, headers: { Host: a, ${form}, Transfer-Encoding: chunked }, data: ${data} }`,
      ),
    ).toMatchObject({ body: 'foo=bar' });
    expect(
      requestOf(
        `{ method: POST, autocomplete_headers: false, headers: { Host: a, ${form} }, data: ${data} }`,
      ),
    ).toMatchObject({ body: '7\r\nfoo=bar\r\n0\r\n\r\n' });
  });
});

describe('files without tests', () => {
  it.each([
    ['all of it is commented out', '---\n# meta:\n#   author: a\n\n  # tests: []\n'],
    ['all tests are commented out', 'rule_id: 920539\ntests:\n#  - test_id: 1\n'],
    ['it says what an engine answers otherwise', 'version: v0\ntest_overrides: [{ rule_id: 1 }]\n'],
  ])('hold none: %s', (_, text) => {
    expect(read(text)).toEqual([]);
  });
});

describe('what is not a request', () => {
  it('is bad at its line, and the others are read', () => {
    const text = `rule_id: 1
tests:
  - test_id: 1
    stages:
      - output: {}
      - input: { encoded_request: "%" }
  - test_id: 2
  - nothing
  - test_id: 3
    stages: [{ input: { headers: { A: [1] } } }, { input: { uri: / } }]
`;
    expect(read(text)).toMatchObject([
      { line: 5, bad: '1-1: the stage has no input' },
      { line: 6, bad: '1-1: encoded_request is not Base64' },
      { line: 7, bad: 'the test 1-2 has no stage' },
      { line: 8, bad: 'the test is not a map' },
      { line: 10, bad: '1-3: a header is not text' },
      { id: '1-3-stage-2' },
    ]);
  });

  it.each([
    ['other YAML', 'a: 1\n'],
    ['a list', '- 1\n'],
    ['nothing', '\n'],
    ['broken YAML', 'tests: [\n'],
    ['cases with a mistake', 'kind: sluice.traffic-cases\nversion: 1\n'],
    ['another kind', 'kind: other\n'],
  ])('is refused as a whole: %s', (_, text) => {
    const parsed = readTrafficYaml(text, path);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? [] : parsed.diagnostics.map(({ location }) => location?.file)).toContain(path);
  });
});
