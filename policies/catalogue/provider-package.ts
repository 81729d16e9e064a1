/**
 * What may change in the files of the packages when a standard change raises the patch version of a provider: the pin of
 * the provider's bindings, its entry in the lock file, and nothing else in the whole pull request but the record. The
 * bundle shows the version that the bindings name; this shows that nothing else came along with them.
 */
import { canonicalProvider } from '../../scripts/provider/facts.ts';
import type { RuleInput } from '../model/facts.ts';
import type { PackageDifference } from '../model/packages.ts';

/** npm packages of bindings, by the source of their provider. A provider that is not listed has no standard change. */
const bindings: ReadonlyMap<string, string> = new Map([
  ['registry.terraform.io/cloudflare/cloudflare', '@cdktf/provider-cloudflare'],
]);

/** npm's own form of a digest: sha512 in base64. */
const integrity = /^sha512-[A-Za-z0-9+/]{86}==$/u;

/** True for `5.14.0` and `5.14.1`: plain versions that differ in the last part only, upwards. */
export function isPatchBump(before: string | null, after: string | null): boolean {
  const [was, is] = [versionOf(before), versionOf(after)];
  return (
    was !== null && is !== null && was[1] === is[1] && was[2] === is[2] && Number(is[3]) > Number(was[3])
  );
}

function versionOf(text: string | null): RegExpExecArray | null {
  return text === null ? null : /^(\d+)\.(\d+)\.(\d+)$/u.exec(text);
}

/** What the bump of a provider is judged by, beside the plan. */
export type PackageInput = Pick<RuleInput, 'packages' | 'changedFiles' | 'record'>;

/** Everything that is more than new bindings of the providers of `sources`, which are those whose version rises. */
export function packageProblems(sources: ReadonlySet<string>, input: PackageInput): readonly string[] {
  const [source, ...more] = sources;
  const name = source === undefined ? undefined : bindings.get(canonicalProvider(source));
  if (name === undefined || more.length > 0) {
    return [`it is not known which package brings ${[...sources].join(', ') || 'the provider'}`];
  }
  return [...fileProblems(input), ...lockProblems(name, input.packages)];
}

function fileProblems({ changedFiles, record }: PackageInput): readonly string[] {
  const allowed = new Set(['package.json', 'package-lock.json', record?.file]);
  const others = changedFiles.filter((path) => !allowed.has(path));
  return others.length === 0
    ? []
    : [`${others.slice(0, 3).join(', ')} changes as well; a provider patch is its packages and its record`];
}

function lockProblems(name: string, differences: readonly PackageDifference[]): readonly string[] {
  const entry = ['package-lock.json', 'packages', `node_modules/${name}`];
  const [version, ...twice] = at(differences, [...entry, 'version']);
  if (version === undefined || twice.length > 0 || !isPatchBump(version.before, version.after)) {
    return [`the lock file does not raise ${name} by a patch version`];
  }
  return differences
    .filter((difference) => !isExpected(difference, name, version))
    .map(({ file, path }) => `${file} changes at ${path.join(' > ') || 'its top'}`);
}

function at(
  differences: readonly PackageDifference[],
  place: readonly string[],
): readonly PackageDifference[] {
  return differences.filter(({ file, path }) => placeText([file, ...path]) === placeText(place));
}

function placeText(place: readonly string[]): string {
  return JSON.stringify(place);
}

function isExpected(difference: PackageDifference, name: string, version: PackageDifference): boolean {
  const { file, path, before, after } = difference;
  switch (placeText([file, ...path])) {
    case placeText(['package.json', 'dependencies', name]):
    case placeText(['package-lock.json', 'packages', '', 'dependencies', name]):
    case placeText(['package-lock.json', 'packages', `node_modules/${name}`, 'version']):
      return before === version.before && after === version.after;
    case placeText(['package-lock.json', 'packages', `node_modules/${name}`, 'resolved']):
      return isSameAddress(before, after, version);
    case placeText(['package-lock.json', 'packages', `node_modules/${name}`, 'integrity']):
      return isIntegrity(before) && isIntegrity(after);
    default:
      return false;
  }
}

function isIntegrity(text: string | null): boolean {
  return text !== null && integrity.test(text);
}

/** The same address with the new version in the place of the old one: another registry is another package. */
function isSameAddress(before: string | null, after: string | null, version: PackageDifference): boolean {
  const end = `-${version.before ?? ''}.tgz`;
  return (
    before !== null &&
    before.startsWith('https://') &&
    before.endsWith(end) &&
    after === `${before.slice(0, -end.length)}-${version.after ?? ''}.tgz`
  );
}
