import packageFile from '../../../package.json' with { type: 'json' };
import type { Services, SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { digestOf } from '../../estate/digest.ts';
import { parts } from '../../estate/parts.ts';
import { isOrganization, settingsPath, settingsText, type EstateSettings } from '../../estate/settings.ts';
import { programText, type StateSettings } from '../../estate/sources.ts';
import { textOfPart, writeDerived } from '../../estate/repository/files.ts';
import type { Files } from '../../contract/ports.ts';
import { writePackage } from './package.ts';

export interface InitFlags {
  readonly organization: string;
  readonly package?: string;
  readonly stateAccount?: string;
  readonly stateBucket?: string;
}

/**
 * `sluice init`: writes an estate into a folder. What is there already is kept, so that it can be run in a folder with a
 * package.json; a folder that is an estate already is refused.
 */
export async function initCommand(this: SluiceContext, flags: InitFlags, folder = '.'): Promise<void> {
  const services = await this.services();
  const files = services.filesAt(folder);
  if (await files.exists(settingsPath)) {
    throw new UsageError({
      what: `${folder} is an estate already.`,
      why: `It has ${settingsPath}.`,
      fix: 'Let its files be moved to this version of the product instead.',
      next: 'sluice upgrade',
    });
  }
  const organization = requireOrganization(flags.organization);
  const state = stateOf(flags);
  await writePackage(files, '.', flags.package ?? null);
  const { written, unchanged, generated } = await writeParts(services, files, organization);
  const program = (await files.exists('cdktf.json')) ? [] : ['cdktf.json'];
  if (program.length > 0) {
    await files.writeText('cdktf.json', programText(state));
  }
  const settings = { version: packageFile.version, organization, library: 'sluice/stacks', generated };
  await files.writeText(settingsPath, settingsText(settings));
  const derived = await writeDerived(files, '.');
  const all = new Set(['package.json', ...written, ...program, settingsPath, ...derived]);
  for (const path of [...all].toSorted()) {
    this.print(`wrote  ${path}\n`);
  }
  for (const path of unchanged) {
    this.print(`kept   ${path}\n`);
  }
  this.print(nextSteps(folder, state));
}

function nextSteps(folder: string, { r2 }: StateSettings): string {
  const lines = [
    '',
    'Next:',
    ...(folder === '.' ? [] : [`  cd ${folder}`]),
    '  npm install',
    '  ./sluice person add --help     who may agree to a change',
    '  ./sluice client add --help     the first client, with its first stack',
    '  ./sluice doctor                is everything in its place',
    ...(r2 === null
      ? [
          'State is kept beside the bundle, for trying out: before anything real, set context.backend in cdktf.json.',
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function requireOrganization(name: string): string {
  if (!isOrganization(name)) {
    throw new UsageError({
      what: `"${name}" is not the name of an account at GitHub.`,
      why: 'CODEOWNERS names its teams.',
      fix: 'Give the organization that owns the repository: letters, digits and single hyphens.',
      next: 'sluice init --help',
    });
  }
  return name;
}

function stateOf({ stateAccount, stateBucket }: InitFlags): StateSettings {
  if (stateAccount === undefined && stateBucket === undefined) {
    return { r2: null };
  }
  if (stateAccount === undefined || stateBucket === undefined || !/^[0-9a-f]{32}$/.test(stateAccount)) {
    throw new UsageError({
      what: 'State in R2 needs the id of the account and the name of the bucket.',
      fix: 'Give --state-account (32 hexadecimal digits) and --state-bucket, or neither of them.',
      next: 'sluice init --help',
    });
  }
  return { r2: { account: stateAccount, bucket: stateBucket } };
}

interface WrittenParts {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly generated: EstateSettings['generated'];
}

async function writeParts(services: Services, files: Files, organization: string): Promise<WrittenParts> {
  const written: string[] = [];
  const unchanged: string[] = [];
  const generated: [string, string][] = [];
  for (const part of parts) {
    if (await files.exists(part.path)) {
      unchanged.push(part.path);
      continue;
    }
    const text = await textOfPart(services, part, { organization });
    await files.writeText(part.path, text);
    written.push(part.path);
    if (part.upkeep === 'generated') {
      generated.push([part.path, digestOf(text)]);
    }
  }
  return { written, unchanged, generated: Object.fromEntries(generated) };
}
