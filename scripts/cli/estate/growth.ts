/** `sluice client add`, `sluice stack add`, `sluice person add`: what an estate grows by. */
import type { SluiceContext } from '../../contract/context.ts';
import { InputError, UsageError, type Diagnostic } from '../../contract/errors.ts';
import { readPolicySet } from '../../read/register/policy-set.ts';
import { readRegister } from '../../read/register/register.ts';
import { readYaml } from '../../read/yaml/yaml.ts';
import { withPerson, withStack } from '../../estate/grow.ts';
import { ruleSources } from '../../estate/rules.ts';
import { registerText, stackSources } from '../../estate/sources.ts';
import { loadSettings, textAt, writeDerived } from '../../estate/repository/files.ts';
import { fromWorkingTree } from '../../facts/policy.ts';
import { ownPrefix } from '../../../policies/model/finding.ts';
import { ownRuleAt } from '../../../policies/reading/places/places.ts';
import type { WeeklyWindow } from '../../../policies/model/calendar.ts';
import type { Register } from '../../../policies/model/facts.ts';
import type { Seat } from '../../../policies/model/seat.ts';
import type { Files } from '../../contract/ports.ts';

type NewEnvironment = Register['stacks'][number]['environment'];

export interface ClientFlags {
  readonly title: string;
  readonly account: string;
  readonly environment: NewEnvironment;
  readonly zone?: readonly string[];
  readonly tier: number;
  readonly window: string;
}

/** Writes the register of a client that is being taken over, with its first stack. */
export async function clientAdd(this: SluiceContext, flags: ClientFlags, client: string): Promise<void> {
  const { files, git } = await this.services();
  const root = await git.root();
  await loadSettings(files, root);
  const path = registerPath(client);
  if (await files.exists(`${root}/${path}`)) {
    throw new UsageError({
      what: `There is a client ${client} already.`,
      why: `It has ${path}.`,
      fix: 'Add a stack to it, or choose another name.',
      next: 'sluice stack add --help',
    });
  }
  const stack = stackOf(client, flags.environment, flags.zone ?? []);
  const text = registerText({
    client,
    title: flags.title,
    accountId: flags.account,
    tier: flags.tier,
    window: windowIn(flags.window, client),
  });
  await writeStack(this, { files, root, client, stack, register: withStack(text, stack, null) });
}

export interface StackFlags {
  readonly zone?: readonly string[];
  readonly service?: string;
}

/** Adds a stack to the register of a client. */
export async function stackAdd(
  this: SluiceContext,
  flags: StackFlags,
  client: string,
  environment: string,
): Promise<void> {
  const { files, git } = await this.services();
  const root = await git.root();
  await loadSettings(files, root);
  const text = await textAt(files, `${root}/${registerPath(client)}`);
  if (text === null) {
    throw new UsageError({
      what: `There is no client ${client}.`,
      why: `${registerPath(client)} does not exist.`,
      fix: 'Correct the name, or add the client first.',
      next: 'sluice client add --help',
    });
  }
  const stack = stackOf(client, environment as NewEnvironment, flags.zone ?? []);
  await writeStack(this, {
    files,
    root,
    client,
    stack,
    register: withStack(withinLimits(text, registerPath(client)), stack, flags.service ?? null),
  });
}

interface NewStack {
  readonly files: Files;
  readonly root: string;
  readonly client: string;
  readonly stack: Register['stacks'][number];
  /** The register as it will be. */
  readonly register: string;
}

/** Nothing is written unless the register reads; a source that exists is kept. */
async function writeStack(context: SluiceContext, wanted: NewStack): Promise<void> {
  const { files, root, client, stack, register } = wanted;
  const path = registerPath(client);
  const read = readRegister(register, path);
  if (!read.ok) {
    throw notValid('The register would not be valid.', read.diagnostics);
  }
  const paths = [path];
  await files.writeText(`${root}/${path}`, register);
  for (const [source, text] of stackSources(client, read.value.name, stack)) {
    if (!(await files.exists(`${root}/${source}`))) {
      await files.writeText(`${root}/${source}`, text);
      paths.push(source);
    }
  }
  tell(context, [...paths, ...(await writeDerived(files, root))]);
}

export interface PersonFlags {
  readonly name: string;
  readonly account: number;
  readonly seat: readonly Seat[];
  readonly client?: string;
  readonly from?: string;
}

/** Adds somebody to the roster, or seats to somebody who is on it. */
export async function personAdd(this: SluiceContext, flags: PersonFlags, id: string): Promise<void> {
  const { files, git, clock } = await this.services();
  const root = await git.root();
  await loadSettings(files, root);
  const from = flags.from ?? clock.now().slice(0, 10);
  const roster = 'policies/roster.yaml';
  const policies = await fromWorkingTree(files, root)('policies', (path) =>
    /^policies\/[a-z-]+\.yaml$/.test(path),
  );
  const texts = new Map(policies.map(({ path, text }) => [path.slice('policies/'.length), text]));
  const text = withPerson(withinLimits(texts.get('roster.yaml') ?? 'people: []\n', roster), {
    id,
    name: flags.name,
    accounts: [flags.account],
    seats: flags.seat.map((seat) => ({
      seat,
      ...(seat === 'client-approver' && flags.client !== undefined ? { client: flags.client } : {}),
      from,
    })),
  });
  const read = readPolicySet(texts.set('roster.yaml', text));
  if (!read.ok) {
    throw notValid('The roster would not be valid.', read.diagnostics);
  }
  await files.writeText(`${root}/${roster}`, text);
  tell(this, [roster, ...(await writeDerived(files, root))]);
}

export interface RuleFlags {
  readonly title: string;
  readonly why: string;
}

/** Writes a rule of the estate's own, with its cases. */
export async function ruleAdd(this: SluiceContext, flags: RuleFlags, name: string): Promise<void> {
  const { files, git, clock } = await this.services();
  const root = await git.root();
  await loadSettings(files, root);
  const id = name.startsWith(ownPrefix) ? name : `${ownPrefix}${name}`;
  const sources = ruleSources({ id, ...flags, since: clock.now().slice(0, 10) });
  const paths = [...sources.keys()];
  if (ownRuleAt(paths[0] ?? '', 'ownRule') === null) {
    throw new UsageError({
      what: `"${name}" is not the name of a rule.`,
      fix: 'Give lower-case words and digits joined by hyphens, for example: ttl-not-short',
      next: 'sluice rule add --help',
    });
  }
  for (const path of paths) {
    if (await files.exists(`${root}/${path}`)) {
      throw new UsageError({
        what: `There is a rule ${id} already.`,
        why: `It has ${path}.`,
        fix: 'Change that, or choose another name.',
        next: 'sluice doctor',
      });
    }
  }
  for (const [path, text] of sources) {
    await files.writeText(`${root}/${path}`, text);
  }
  tell(this, paths);
  this.print(
    `\nIt is an example that works: change what it looks for, and its cases with it.\n  ${'./sluice doctor'.padEnd(20)} tries the cases\nIt judges nothing before it is on the default branch: rules are read from there only.\n`,
  );
}

function tell(context: SluiceContext, paths: readonly string[]): void {
  for (const path of paths) {
    context.print(`wrote  ${path}\n`);
  }
}

/** The text itself, once it is known to be YAML that may be read. */
function withinLimits(text: string, path: string): string {
  const read = readYaml(text, path);
  if (!read.ok) {
    throw notValid(`${path} cannot be read.`, read.diagnostics);
  }
  return text;
}

function registerPath(client: string): string {
  return `stacks/clients/${client}/service.yaml`;
}

function stackOf(
  client: string,
  environment: NewEnvironment,
  zones: readonly string[],
): Register['stacks'][number] {
  return { name: environment === 'account' ? client : `${client}-${environment}`, environment, zones };
}

function notValid(what: string, diagnostics: readonly Diagnostic[]): InputError {
  return new InputError({
    what,
    diagnostics,
    why: 'Nothing was written.',
    fix: 'Correct what was given, or the file itself.',
    next: 'sluice doctor',
  });
}

/** `MO,TU 10:00-16:00 Europe/London`; a range of days is `MO-FR`. */
function windowIn(text: string, client: string): WeeklyWindow {
  const found = /^(?<days>\S+) (?<start>\S+)-(?<end>\S+) (?<timezone>\S+)$/.exec(text)?.groups;
  if (found === undefined) {
    throw new UsageError({
      what: `"${text}" is not a release window.`,
      fix: 'Give days, times and a time zone, for example: MO-TH 10:00-16:00 Europe/London',
      next: 'sluice client add --help',
    });
  }
  const { days = '', start = '', end = '', timezone = '' } = found;
  return {
    id: `${client}-window`,
    days: days.split(',').flatMap((part) => daysIn(part)) as WeeklyWindow['days'],
    start,
    end,
    timezone,
  };
}

const week = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** What is not a range is left to the register's own check. */
function daysIn(part: string): readonly string[] {
  const [first = '', last] = part.split('-');
  return last === undefined ? [first] : week.slice(week.indexOf(first), week.indexOf(last) + 1);
}
