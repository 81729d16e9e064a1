import { describe, expect, it } from 'vitest';
import { misplaced, printable } from '../../../../policies/reading/places/placement.ts';

const plain = [
  'README.md',
  'package.json',
  'package-lock.json',
  '.npmrc',
  'policies/roster.yaml',
  'stacks/clients/acme/service.yaml',
  'stacks/clients/acme/production.ts',
  'stacks/clients/acme/traffic/shop.yaml',
  'changes/acme/CHG-2026-0001.yaml',
  'docs/Übersicht.md',
];

/** What is said of one more entry. */
function said(path: string, mode = '100644'): string | null {
  const tree = [
    ...plain.filter((each) => each !== path).map((each) => ({ path: each, mode: '100644' })),
    { path, mode },
  ];
  const faults = misplaced(tree, [path]);
  expect(faults.length).toBeLessThan(2);
  return faults[0]?.text ?? null;
}

describe('what has no business in the repository', () => {
  it.each(plain)('is not %s', (path) => {
    expect(said(path)).toBeNull();
    expect(said(path, '100755')).toBeNull();
  });

  it.each([
    ['120000', 'is a symbolic link'],
    ['160000', 'is a submodule'],
    ['040000', 'is not a regular file'],
    ['', 'is not a regular file'],
  ])('is an entry of mode %s', (mode, text) => {
    expect(said('docs/x.md', mode)).toContain(text);
  });

  it.each([
    ['npm-shrinkwrap.json', 'package-lock.json'],
    ['x/NPM-SHRINKWRAP.JSON', 'package-lock.json'],
    ['yarn.lock', 'package-lock.json'],
    ['stacks/package.json', 'Node and npm'],
    ['stacks/clients/acme/.npmrc', 'Node and npm'],
    ['.gitattributes', 'git write'],
    ['docs/.GitAttributes', 'git write'],
    ['.gitmodules', 'git write'],
    ['node_modules/a/index.js', 'tools write'],
    ['stacks/Node_Modules/a.js', 'tools write'],
    ['dist/a/cli.js', 'tools write'],
    ['dist', 'tools write'],
    ['.sluice/out/a', 'tools write'],
    ['x/cdktf.out/a', 'tools write'],
    ['x/.terraform/providers', 'tools write'],
    ['Policies/x.md', 'only in how its name is written'],
    ['policies/ROSTER.yaml', 'only in how its name is written'],
    ['docs/U\u0308bersicht.md', 'with other bytes'],
    ['docs/a.md.', 'at its end'],
    ['docs /a.md', 'at its end'],
    [' docs/a.md', 'at its end'],
    ['docs\\a.md', 'not everybody sees'],
    ['docs/a\u202eb.md', 'not everybody sees'],
    ['docs/a\u00adb.md', 'not everybody sees'],
    ['docs/a\tb.md', 'not everybody sees'],
    ['docs/a:b.md', 'not everybody sees'],
    ['docs/.GIT/config', 'git keeps'],
    ['docs/git~1/config', 'git keeps'],
    ['stacks/clients/acme/a/service.yaml', 'called like a service register'],
    ['stacks/clients/nova/SERVICE.yml', 'called like a service register'],
    ['stacks/clients/Nova/service.yaml', 'called like a service register'],
    ['stacks/clients/acme/traffic/deep/a.yaml', 'must-pass cases that is not read'],
    ['stacks/clients/acme/traffic/a.json', 'must-pass cases that is not read'],
    ['changes/acme/deep/CHG-2026-0002.yaml', 'called like a change record'],
    ['changes/acme/CHG-2026-0002.yml', 'called like a change record'],
    ['changes/chg-2026-0002.yaml', 'called like a change record'],
    ['docs/GIT~12', 'git keeps'],
    ['docs/\u{1d4e8}arn.lock', 'package-lock.json'],
    ['dist/a', 'tools write'],
    ['.terraform', 'tools write'],
    ['stacks/.yarnrc', 'Node and npm'],
    ['stacks/.yarnrc.yml', 'Node and npm'],
  ])('is %s', (path, text) => {
    expect(said(path)).toContain(text);
  });

  it.each(
    [
      'docs/digit~1 docs/my.git docs/git~x docs/.git.md',
      'docs/my-node_modules/a docs/node_modules.md docs/not.terraform docs/.terraform-docs.yml',
      'docs/dist/a.md distance.md docs/dist.md mydist/a.md',
      'docs/my-package.json docs/package.json.md docs/x.npmrc docs/.npmrc.md',
      'docs/my-yarn.lock docs/yarn.lock.md docs/x.gitattributes docs/.gitattributes.md docs/.gitmodules.md',
      'docs/stacks/service.yaml stacks/clients/acme/service.yaml.md stacks/clients/acme/my-service.yaml',
      'docs/stacks/clients/acme/traffic/a.json stacks/clients/acme/traffic/a.json.md',
      'docs/changes/chg-1.md changes/acme/CHG-2026-0001/report.pdf changes/chg-notes/plan.md',
    ].flatMap((line) => line.split(' ')),
  )('is not %s, which only looks like it', (path) => {
    expect(said(path)).toBeNull();
  });

  it('is not a name with a blank or a dot inside', () => {
    expect(said('docs/how to. start.md')).toBeNull();
  });

  it('is one of two files whose names are the same in capitals', () => {
    const tree = ['docs/Straße.md', 'docs/strasse.md'].map((path) => ({ path, mode: '100644' }));
    expect(misplaced(tree, ['docs/strasse.md'])).toHaveLength(1);
  });

  it('is not the second file of a folder whose names run together alike', () => {
    const tree = ['a/bc.md', 'ab/c.md'].map((path) => ({ path, mode: '100644' }));
    expect(misplaced(tree, ['a/bc.md', 'ab/c.md'])).toEqual([]);
  });

  it('is looked for among what the pull request touches, and not in what it deletes', () => {
    const tree = [{ path: 'dist/a.js', mode: '100644' }];
    expect(misplaced(tree, ['dist/b.js', 'README.md'])).toEqual([]);
  });

  it('is named so that nothing hides in the name', () => {
    expect(printable('docs/a\u202eb`<.md')).toBe('docs/a<U+202E>b<U+0060><U+003C>.md');
    expect(printable('a'.repeat(9000))).toHaveLength(300);
    expect(printable('<'.repeat(9000))).toHaveLength(500);
  });
});
