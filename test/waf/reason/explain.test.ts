import { describe, expect, it } from 'vitest';
import { explainFilter, explainValue } from '../../../scripts/waf/reason/explain.ts';

describe('a value', () => {
  it('is read with what it gives', () => {
    expect(explainValue('concat("/x", lower(http.host))')).toMatchObject({
      reading: ['the value of concat("/x", lower(http.host))'],
      fields: [{ name: 'http.host', type: 'String', plan: 'free' }],
      gives: 'String',
      diagnostics: [],
    });
    expect(explainFilter('ssl').gives).toBeNull();
  });

  it.each([
    ['ip.src', 'its type is IP address; a String is needed', 'to_string(ip.src)'],
    ['len(http.host)', 'its type is Number; a String is needed', 'to_string(len(http.host))'],
    ['ssl', 'its type is Boolean; a String is needed', 'to_string(ssl)'],
    [
      'http.request.headers.names',
      'its type is Array of String; a String is needed',
      'join(http.request.headers.names, ",")',
    ],
    ['http.request.headers', 'its type is Map of Array of String; a String is needed', undefined],
  ])('has a type: %s', (text, message, suggestion) => {
    expect(explainValue(text).diagnostics).toMatchObject([
      { code: 'value-type', message, ...(suggestion === undefined ? {} : { suggestion }) },
    ]);
  });

  it('is judged by its phase', () => {
    const phase = 'http_request_transform';
    expect(explainValue('http.response.headers["a"][0]', { phase }).diagnostics).toMatchObject([
      { code: 'phase' },
    ]);
    expect(explainFilter('ip.src in {10.0.0.0/8}', { phase: 'magic_transit' }).plan).toBe('enterprise-addon');
    expect(explainFilter('ip.src in $cf.vpn')).toMatchObject({
      plan: 'enterprise',
      planReasons: ['the managed list $cf.vpn'],
    });
  });
});

describe('explanation', () => {
  it('reads an expression in plain words', () => {
    const text =
      '(http.host eq "a.example" or http.host in {"b" "c"}) and not ip.src in $office and starts_with(http.request.uri.path, "/api") and not (ssl and http.request.uri.query contains "x")';
    expect(explainFilter(text).reading).toStrictEqual([
      'all of these hold:',
      '  at least one of these holds:',
      '    http.host is "a.example"',
      '    http.host is one of "b", "c"',
      '  not: ip.src is in the list $office',
      '  http.request.uri.path starts with "/api"',
      '  it is not so that all of these hold:',
      '    ssl is true',
      '    http.request.uri.query contains "x"',
    ]);
  });

  it.each([
    ['true', 'always'],
    [
      'any(lower(http.request.headers.names[*])[*] eq "x")',
      'for at least one element: an element of lower(http.request.headers.names) is "x"',
    ],
    [
      'all(http.request.headers["x"][*] ne "s")',
      'for every element (also when there is none): an element of http.request.headers["x"] is not "s"',
    ],
    ['http.host matches "^a"', 'http.host has a part that matches the regular expression "^a"'],
    ['ip.src.asnum in {}', 'ip.src.asnum is one of nothing, which is never so'],
  ])('reads %s', (text, line) => {
    expect(explainFilter(text).reading).toStrictEqual([line]);
  });

  it('names the plan that is needed, and what needs it', () => {
    expect(explainFilter('http.host matches "a" and ssl')).toMatchObject({
      plan: 'business',
      planReasons: ['matches'],
    });
    expect(explainFilter('cf.waf.score lt 5 and http.host matches "a"')).toMatchObject({
      plan: 'enterprise',
      planReasons: ['cf.waf.score'],
    });
    expect(explainFilter('ssl')).toMatchObject({ plan: 'free', planReasons: [] });
  });

  it('lists fields and lists', () => {
    expect(explainFilter('ip.src in $office and nope.nope eq "a"')).toMatchObject({
      fields: [
        { name: 'ip.src', type: 'IP address', plan: 'free' },
        { name: 'nope.nope', type: 'unknown', plan: 'unknown' },
      ],
      lists: ['office'],
      constant: null,
    });
  });

  it('says where documentation and engine differ, and what can never be', () => {
    expect(explainFilter('http.request.headers["x"][0] ne "a"').notes).toStrictEqual([
      'http.request.headers["x"][0] ne "a": when http.request.headers["x"][0] is absent, the documentation says this is false, the open engine says true',
    ]);
    expect(explainFilter('all(http.request.headers["x"][*] eq "a")').notes[0]).toContain(
      'true when there is no element',
    );
    expect(explainFilter('lower(http.host) eq "A"').notes[0]).toContain('never true');
    expect(explainFilter('http.host ne "a"').notes).toStrictEqual([]);
  });

  it('reads what it can of text with errors', () => {
    const explained = explainFilter('ssl and http.host eq');
    expect(explained.reading).toStrictEqual([
      'all of these hold:',
      '  ssl is true',
      '  something that could not be read',
    ]);
    expect(explained.diagnostics).toHaveLength(1);
  });
});
