import { describe, expect, it } from 'vitest';
import {
  literalText,
  namedReference,
  parseExpression,
  parseTemplate,
  soleReference,
} from '../../../scripts/plan/expression/parse.ts';

describe('a template', () => {
  it('gives its parts, with escapes as the text that they stand for', () => {
    expect(parseTemplate('a$${b}%%{c}$$${d}-${var.x}')).toMatchObject({
      isConcatenation: true,
      parts: [
        { kind: 'text', text: 'a${b}%{c}$${d}-' },
        { kind: 'expression', whole: { kind: 'reference', reference: { target: 'var.x', rest: [] } } },
      ],
    });
  });

  it('gives every reference and call, with the place of the name', () => {
    const text = '${join("", [cloudflare_zone . shop["id"], "${local.a[var.i].b}"])}';
    const template = parseTemplate(text);
    expect(template).toMatchObject({ kind: 'template', calls: ['join'] });
    const references = template.kind === 'template' ? template.references : [];
    expect(
      references.map(({ place, rest, target }) => [target, rest, text.slice(place?.start, place?.end)]),
    ).toEqual([
      ['cloudflare_zone.shop', ['id'], 'cloudflare_zone . shop'],
      ['var.i', [], 'var.i'],
      ['local.a', [null, 'b'], 'local.a'],
    ]);
  });

  it('follows variables of loops to what they stand for', () => {
    const template = parseTemplate('${[for k, z in cloudflare_zone.all : "${k}${z.id}"]}');
    expect(template.kind === 'template' ? template.references : []).toEqual([
      { target: 'cloudflare_zone.all', rest: [], place: { start: 15, end: 34 }, isIterated: true },
      { target: 'cloudflare_zone.all', rest: [null, 'id'], place: null, isIterated: false },
    ]);
  });

  it.each(['%{ if var.a }x%{ endif }', '%{ for x in var.a }${x}%{ endfor }', 'a ${~ var.x ~} b'])(
    'is not a concatenation where only Terraform can tell the text: %s',
    (text) => {
      expect(parseTemplate(text)).toMatchObject({ kind: 'template', isConcatenation: false });
      expect(soleReference(text)).toBeNull();
    },
  );

  it.each([
    ['an end that is missing', '${var.a', 7],
    ['a directive that is not opened', '%{ endif }', 8],
    ['two terms beside each other', '${var.a var.b}', 8],
    ['a comment that does not end', '${1 /* }', 4],
  ])('is not read with %s, and says where', (_, text, at) => {
    expect(parseTemplate(text)).toMatchObject({ kind: 'unread', at });
  });
});

describe('a text that is one thing', () => {
  it.each([
    ['${ cloudflare_zone.shop . id }', 'cloudflare_zone.shop', ['id']],
    ['${"${var.x}"}', 'var.x', []],
    ['${resource.cloudflare_zone.shop.id}', 'cloudflare_zone.shop', ['id']],
    ['${data.cloudflare_zone.shop.id}', 'data.cloudflare_zone.shop', ['id']],
  ])('is the reference: %s', (text, target, rest) => {
    expect(soleReference(text)).toEqual({ target, rest });
  });

  it.each(['cloudflare_zone.shop', 'a${var.x}', '${upper(var.x)}', '${var.x + 1}', '$${var.x}'])(
    'is not a reference: %s',
    (text) => {
      expect(soleReference(text)).toBeNull();
    },
  );

  it('is its literal text, or none where something has to be evaluated', () => {
    expect(['a', '$${b}', '${"a"}', '${var.x}', '${'].map(literalText)).toEqual([
      'a',
      '${b}',
      null,
      null,
      null,
    ]);
  });

  it('is a reference as it stands in the places that Terraform reads so', () => {
    expect(namedReference('cloudflare_zone /* of ours */ .shop')).toEqual({
      target: 'cloudflare_zone.shop',
      rest: [],
    });
    expect(namedReference('terraform_data.a[each.key].output')).toEqual({
      target: 'terraform_data.a',
      rest: [null, 'output'],
    });
    expect(namedReference('a b')).toBeNull();
  });

  it('is read with its operators, whatever binds first', () => {
    expect(parseExpression('!a.b || -c.d * 2 >= e.f ? [g.h...] : {}')).toMatchObject({ kind: 'unread' });
    expect(parseExpression('!a.b || -c.d * 2 >= e.f ? [g.h] : { i = j.k }')).toMatchObject({
      kind: 'expression',
      whole: { kind: 'composite' },
      references: ['a.b', 'c.d', 'e.f', 'g.h', 'j.k'].map((target) => ({ target })),
    });
  });
});
