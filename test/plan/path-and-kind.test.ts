import { describe, expect, it } from 'vitest';

import { changeKind, isDestructive } from '../../scripts/provider/kind.ts';
import { concretePath, formatPath, textPaths, valueAt } from '../../scripts/plan/path.ts';
import type { Action, Path, ResourceChange } from '../../scripts/plan/types.ts';

describe('formatPath', () => {
  it.each<[Path, string]>([
    [
      ['rules', { by: 'ref', is: 'block-admin' }, 'action_parameters', 'id'],
      'rules[ref=block-admin].action_parameters.id',
    ],
    [['origins', 0, 'address'], 'origins[0].address'],
    [['header', 'X-Key'], 'header.X-Key'],
    [['header', 'a.b'], 'header["a.b"]'],
    [['tags', { by: 'value', is: 'a]b' }], 'tags[value="a]b"]'],
    [[], ''],
  ])('%j reads %s', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe('valueAt and concretePath', () => {
  const values = {
    rules: [
      { ref: 'a', n: 1 },
      { ref: 'b', n: 2 },
    ],
    tags: ['x', 'y'],
    list: [{ hostname: { url_hostname: 'h' } }],
  };

  it.each<[Path, unknown, Path | null]>([
    [['rules', { by: 'ref', is: 'b' }, 'n'], 2, ['rules', 1, 'n']],
    [['tags', { by: 'value', is: 'y' }], 'y', ['tags', 1]],
    [
      ['list', { by: 'hostname.url_hostname', is: 'h' }, 'hostname'],
      { url_hostname: 'h' },
      ['list', 0, 'hostname'],
    ],
    [['rules', 0, 'ref'], 'a', ['rules', 0, 'ref']],
    [['rules', { by: 'ref', is: 'c' }], undefined, null],
    [['constructor'], undefined, null],
    [['__proto__', 'toString'], undefined, null],
  ])('%j', (path, value, concrete) => {
    expect(valueAt(values, path)).toEqual(value);
    expect(concretePath(values, path)).toEqual(concrete);
  });
});

describe('textPaths', () => {
  it('gives the nearest key above a text in a list', () => {
    const seen: string[] = [];
    textPaths({ a: ['x', { b: 'y' }] }, (text, key) => seen.push(`${key}=${text}`) > 0);
    expect(seen).toEqual(['a=x', 'b=y']);
  });
});

const change = (actions: readonly Action[], movedFrom?: string): ResourceChange =>
  ({ address: 'a.b', actions, ...(movedFrom === undefined ? {} : { movedFrom }) }) as ResourceChange;

it.each<[readonly Action[], string]>([
  [['create'], 'create'],
  [['update'], 'update'],
  [['delete'], 'delete'],
  [['read'], 'read'],
  [['forget'], 'forget'],
  [['no-op'], 'no-op'],
  [['delete', 'create'], 'replace'],
  [['create', 'delete'], 'replace'],
  [['create', 'forget'], 'replace'],
])('%j is %s', (actions, kind) => {
  expect(changeKind(change(actions))).toBe(kind);
  expect(isDestructive(change(actions))).toBe(actions.includes('delete'));
});

describe('changeKind', () => {
  it('a move is a no-op that came from elsewhere; with an update it is an update', () => {
    expect(changeKind(change(['no-op'], 'a.c'))).toBe('move');
    expect(changeKind(change(['update'], 'a.c'))).toBe('update');
  });

  it('an unknown list is an error, never a guess', () => {
    expect(() => changeKind(change(['update', 'delete']))).toThrow(
      'unknown action list [update, delete] at a.b',
    );
    expect(() => changeKind(change([]))).toThrow('unknown action list');
  });
});
