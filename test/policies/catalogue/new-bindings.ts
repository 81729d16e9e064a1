/** What a pull request changes that raises the bindings of the Cloudflare provider by a patch version, and nothing else. */
import type { RuleInput } from '../../../policies/model/facts.ts';
import type { PackageDifference } from '../../../policies/model/packages.ts';

export const cloudflare = 'registry.terraform.io/cloudflare/cloudflare';
export const bindings = '@cdktf/provider-cloudflare';
const entry = ['packages', `node_modules/${bindings}`];
const address = (version: string): string =>
  `https://packages.example/${bindings}/-/provider-cloudflare-${version}.tgz`;
export const digest = (letter: string): string => `sha512-${letter.repeat(86)}==`;

export function bindingsDifferences(before = '13.9.1', after = '13.9.2'): readonly PackageDifference[] {
  const lock = 'package-lock.json';
  return [
    { file: 'package.json', path: ['dependencies', bindings], before, after },
    { file: lock, path: ['packages', '', 'dependencies', bindings], before, after },
    { file: lock, path: [...entry, 'version'], before, after },
    { file: lock, path: [...entry, 'resolved'], before: address(before), after: address(after) },
    { file: lock, path: [...entry, 'integrity'], before: digest('A'), after: digest('B') },
  ];
}

export function newBindings(): Pick<RuleInput, 'changedFiles' | 'packages'> {
  return {
    changedFiles: ['package.json', 'package-lock.json', 'changes/acme/CHG-2026-0042.yaml'],
    packages: bindingsDifferences(),
  };
}
