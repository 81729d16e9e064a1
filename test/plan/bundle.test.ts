import { describe, expect, it } from 'vitest';

import { bundleDigest, bundleText, canonicalBundle } from '../../scripts/plan/bundle.ts';
import { canonicalJson, exceedsDepth, sameJson, sha256Hex } from '../../scripts/json/json.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import { fixture, record, withRecords } from './configurations.ts';

const parse = (text: string): JsonObject => JSON.parse(text) as JsonObject;

const writtenBy = (version: string): string => {
  const source = { ...fixture('dns-only', 'before'), '//': { metadata: { version, backend: 'local' } } };
  return bundleText(canonicalBundle('brindle-production', source));
};

describe('canonicalBundle', () => {
  it('takes out comments of blocks and nothing else', () => {
    const { configuration } = canonicalBundle('s', {
      '//': { metadata: {} },
      resource: {
        '//': 'of all',
        cloudflare_dns_record: {
          www: {
            '//': { metadata: { path: 's/www' } },
            lifecycle: { '//': 'why', prevent_destroy: true },
            data: { '//': 'kept' },
          },
        },
      },
      locals: { '//': 'gone', paths: { '//': '/double' } },
    });
    expect(configuration).toEqual({
      resource: {
        cloudflare_dns_record: { www: { data: { '//': 'kept' }, lifecycle: { prevent_destroy: true } } },
      },
      locals: { paths: { '//': '/double' } },
    });
  });

  it('takes out empty top-level blocks but no empty value inside', () => {
    const { configuration } = canonicalBundle('s', {
      resource: {},
      moved: [],
      locals: { tags: [], map: {} },
    });
    expect(configuration).toEqual({ locals: { map: {}, tags: [] } });
  });

  it('is the same for the metadata of two versions of the framework', () => {
    expect(writtenBy('0.21.0')).toBe(writtenBy('0.24.0'));
  });

  it('changes nothing when applied to its own result', () => {
    const once = canonicalBundle('s', fixture('edge-with-variables', 'after'));
    const twice = canonicalBundle('s', once.configuration);
    expect(bundleText(twice)).toBe(bundleText(once));
    expect(bundleDigest(twice)).toBe(bundleDigest(once));
  });

  it('keeps dangerous keys as data and touches no prototype', () => {
    const text = '{"locals":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}';
    const bundle = canonicalBundle('s', parse(text));
    expect(bundleText(bundle)).toContain('"__proto__"');
    expect(canonicalJson(bundle.configuration)).toBe(text);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('refuses a document that nests too deep instead of exhausting the stack', () => {
    const deep = parse(`{"locals":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`);
    expect(exceedsDepth(deep)).toBe(true);
    expect(() => canonicalBundle('s', deep)).toThrow('nests deeper than 200 levels');
  });
});

describe('bundleDigest', () => {
  it('is the sha256 of the canonical JSON, also with keys that look like numbers', () => {
    for (const locals of [
      { b: 1, a: 2 },
      { 10: 'x', 9: 'y', a: 'z' },
    ]) {
      const bundle = canonicalBundle('s', { locals });
      expect(bundleDigest(bundle)).toBe(`sha256:${sha256Hex(canonicalJson(bundle))}`);
    }
  });

  it('differs by stack and by content', () => {
    const one = canonicalBundle('s', withRecords({ www: record() }));
    expect(bundleDigest({ ...one, stack: 't' })).not.toBe(bundleDigest(one));
    expect(bundleDigest(canonicalBundle('s', withRecords({ www: record({ ttl: 2 }) })))).not.toBe(
      bundleDigest(one),
    );
  });
});

describe('sameJson', () => {
  it('takes no inherited property for one of the document', () => {
    expect(sameJson(parse('{"__proto__":{},"x":1}'), parse('{"x":1,"y":2}'))).toBe(false);
    expect(sameJson(parse('{"x":1,"y":2}'), parse('{"y":2,"x":1}'))).toBe(true);
  });
});

describe('canonicalJson', () => {
  it('sorts keys by code unit, leaves out undefined and escapes as JSON does', () => {
    expect(canonicalJson({ ä: 1, z: [true, null], Z: 'é"', a: undefined })).toBe(
      '{"Z":"é\\"","z":[true,null],"ä":1}',
    );
  });
});
