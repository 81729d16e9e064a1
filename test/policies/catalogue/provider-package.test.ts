import { describe, expect, it } from 'vitest';
import { packageProblems } from '../../../policies/catalogue/provider-package.ts';
import type { PackageDifference } from '../../../policies/model/packages.ts';
import { aRuleInput } from '../../builders/facts.ts';
import { bindings, bindingsDifferences, cloudflare, digest, newBindings } from './new-bindings.ts';

const entry = ['packages', `node_modules/${bindings}`];
const problems = (packages: readonly PackageDifference[], changedFiles = newBindings().changedFiles) =>
  packageProblems(new Set([cloudflare]), aRuleInput({ packages, changedFiles }));

function replaced(at: readonly string[], parts: Partial<PackageDifference>): readonly PackageDifference[] {
  return bindingsDifferences().map((difference) =>
    difference.path.join() === at.join() ? { ...difference, ...parts } : difference,
  );
}

describe('the packages of a provider patch', () => {
  it('are the pin and the lock of its bindings, in the files of the packages and with the record', () => {
    expect(problems(bindingsDifferences())).toEqual([]);
    expect(problems(bindingsDifferences('13.9.9', '13.9.10'))).toEqual([]);
  });

  it.each([
    ['13.9.1', '13.10.0'],
    ['13.9.1', '14.9.2'],
    ['13.9.1', '13.9.0'],
    ['13.9.1', '13.9.1'],
    ['13.9.1', '^13.9.2'],
    ['13.9.1', '13.9.2-beta'],
  ])('are not those from %s to %s', (before, after) => {
    expect(problems(bindingsDifferences(before, after))).toEqual([
      `the lock file does not raise ${bindings} by a patch version`,
    ]);
  });

  it.each<[string, readonly string[], Partial<PackageDifference>]>([
    ['another registry', [...entry, 'resolved'], { after: 'https://registry.example/x-13.9.2.tgz' }],
    [
      'an address without encryption',
      [...entry, 'resolved'],
      { before: 'http://a/x-13.9.1.tgz', after: 'http://a/x-13.9.2.tgz' },
    ],
    ['an address that goes away', [...entry, 'resolved'], { after: null }],
    ['no digest', [...entry, 'integrity'], { after: null }],
    ['a weaker digest', [...entry, 'integrity'], { after: 'sha1-AAAA' }],
    ['no digest before', [...entry, 'integrity'], { before: null }],
    ['one of several digests', [...entry, 'integrity'], { after: `sha1-AAAA ${digest('B')}` }],
    ['more than a digest', [...entry, 'integrity'], { after: `${digest('B')} sha1-AAAA` }],
    ['another pin before', ['dependencies', bindings], { before: '13.9.0' }],
    ['another pin', ['dependencies', bindings], { after: '13.9.3' }],
  ])('are not %s', (_, at, parts) => {
    expect(problems(replaced(at, parts))).toHaveLength(1);
  });

  it.each<[string, PackageDifference]>([
    [
      'the digest of another package',
      {
        file: 'package-lock.json',
        path: ['packages', 'node_modules/constructs', 'integrity'],
        before: digest('A'),
        after: digest('C'),
      },
    ],
    [
      'an install script',
      { file: 'package.json', path: ['scripts', 'prepare'], before: null, after: 'sh x' },
    ],
    [
      'one more dependency',
      { file: 'package.json', path: ['dependencies', 'x'], before: null, after: '1.0.0' },
    ],
    [
      'a dependency of the bindings',
      { file: 'package-lock.json', path: [...entry, 'dependencies'], before: null, after: ':{"x":"1.0.0"}' },
    ],
  ])('are not with %s', (_, difference) => {
    expect(problems([...bindingsDifferences(), difference])).toEqual([
      `${difference.file} changes at ${difference.path.join(' > ')}`,
    ]);
  });

  it('are there at all', () => {
    expect(problems([])).toEqual([`the lock file does not raise ${bindings} by a patch version`]);
    const onlyDigest = bindingsDifferences().filter(({ path }) => path.at(-1) === 'integrity');
    expect(problems(onlyDigest)).toEqual([`the lock file does not raise ${bindings} by a patch version`]);
  });

  it('are raised once', () => {
    const raised = bindingsDifferences().filter(({ path }) => path.at(-1) === 'version');
    expect(raised).toHaveLength(1);
    expect(problems([...bindingsDifferences(), ...raised])).toEqual([
      `the lock file does not raise ${bindings} by a patch version`,
    ]);
  });

  it('come with no other file, of which three are named', () => {
    const [a, b, c, d] = ['a.ts', 'b.ts', 'c.ts', 'd.ts'].map((name) => `stacks/${name}`);
    const more = [a, b, c, d].flatMap((file) => file ?? []);
    expect(problems(bindingsDifferences(), [...newBindings().changedFiles, ...more])).toEqual([
      'stacks/a.ts, stacks/b.ts, stacks/c.ts changes as well; a provider patch is its packages and its record',
    ]);
  });

  it('come with no other file', () => {
    const files = [...newBindings().changedFiles, 'stacks/main.ts'];
    expect(problems(bindingsDifferences(), files)).toEqual([
      'stacks/main.ts changes as well; a provider patch is its packages and its record',
    ]);
  });

  it('are known for the providers that are listed, one at a time', () => {
    const of = (...sources: readonly string[]) =>
      packageProblems(new Set(sources), aRuleInput(newBindings()));
    expect(of('registry.terraform.io/hashicorp/random')).toEqual([
      'it is not known which package brings registry.terraform.io/hashicorp/random',
    ]);
    expect(of(cloudflare, 'registry.terraform.io/hashicorp/random')).toHaveLength(1);
    expect(of()).toEqual(['it is not known which package brings the provider']);
  });
});
