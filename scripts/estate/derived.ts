/**
 * What of an estate follows from its registers and its roster: the list of stacks, the account ids, who is asked for a
 * review of which client's changes, and what the forms and the workflows offer to choose. The one home of all of it:
 * written by whatever changes a register, checked by `sluice doctor`.
 */
import type { Register, Roster } from '../../policies/model/facts.ts';
import { declareName } from './names.ts';
import type { Regions } from './regions.ts';
import type { EstateSettings } from './settings.ts';

export interface EstateFacts {
  /** By client. */
  readonly registers: readonly Register[];
  readonly roster: Roster;
  readonly settings: Pick<EstateSettings, 'library' | 'organization'>;
}

/** Files that are derived as a whole, by their path. */
export function derivedFiles(known: EstateFacts): ReadonlyMap<string, string> {
  return new Map([
    ['stacks/accounts.ts', accountsText(known.registers)],
    ['stacks/estate.ts', estateText(known)],
  ]);
}

/** Regions of other files, by the path of the file. */
export function derivedRegions({ registers, roster, settings }: EstateFacts): ReadonlyMap<string, Regions> {
  const clients = new Map([['clients', [options(registers.map(({ client }) => client))]]]);
  const names = registers.flatMap(({ stacks }) => stacks.map(({ name }) => name));
  const stacks = new Map([['stacks', [options(names)]]]);
  return new Map<string, Regions>([
    ['.github/CODEOWNERS', new Map([['clients', owners(registers, roster, settings.organization)]])],
    ['.github/ISSUE_TEMPLATE/change-request.yml', clients],
    ['.github/ISSUE_TEMPLATE/incident.yml', new Map([['services', [options(concerned(registers))]]])],
    ['.github/workflows/baseline.yml', stacks],
    ['.github/workflows/rollback.yml', stacks],
  ]);
}

/** What an incident may be about: each client as a whole, and each of its services. */
function concerned(registers: readonly Register[]): readonly string[] {
  return [...new Set(registers.flatMap(({ client, services }) => [client, ...services.map(({ id }) => id)]))];
}

/** GitHub takes no empty list. */
function options(names: readonly string[]): string {
  return `options: [${names.length === 0 ? 'none' : names.join(', ')}]`;
}

/** Clients of which somebody is a client approver: a team that nobody is in would take the line's owners away. */
function owners(registers: readonly Register[], roster: Roster, organization: string): readonly string[] {
  const approved = new Set(
    roster.people.flatMap(({ seats }) =>
      seats.flatMap(({ seat, client }) => (seat === 'client-approver' ? [client] : [])),
    ),
  );
  return registers
    .map(({ client }) => client)
    .filter((client) => approved.has(client))
    .map(
      (client) =>
        `${`/changes/${client}/`.padEnd(35)} @${organization}/change-managers @${organization}/${client}-approvers`,
    );
}

const note = 'Derived from the registers of the clients: `sluice doctor --fix` writes it.';

function accountsText(registers: readonly Register[]): string {
  const lines = registers.map(({ client, accountId }) => `  ${keyOf(client, registers)}: '${accountId}',`);
  return [
    '/**',
    ' * Cloudflare account identifiers. They are not secrets; credentials reach Terraform through its environment only.',
    ` * ${note}`,
    ' */',
    ...(lines.length === 0
      ? ['export const accounts = {} as const;']
      : ['export const accounts = {', ...lines, '} as const;']),
    '',
  ].join('\n');
}

/** In quotes as soon as one of them needs some. */
function keyOf(client: string, registers: readonly Register[]): string {
  return registers.some((register) => !isIdentifier(register.client)) ? `'${client}'` : client;
}

function isIdentifier(text: string): boolean {
  return /^[a-z][a-z0-9]*$/.test(text);
}

function estateText({ registers, settings }: EstateFacts): string {
  const stacks = registers.flatMap(({ client, stacks: own }) =>
    own.map(({ name, environment }) => ({ name, environment, client })),
  );
  const head = [
    '/**',
    ' * Every stack of the estate, in the order of the registers: what is not listed here does not exist.',
    ` * ${note}`,
    ' */',
    `import type { StackEntry } from '${settings.library}';`,
  ];
  if (stacks.length === 0) {
    return [...head, '', 'export const estate: readonly StackEntry[] = [];', ''].join('\n');
  }
  return [
    ...head,
    "import { accounts } from './accounts.ts';",
    ...stacks.map(
      ({ name, environment, client }) =>
        `import { ${declareName(name)} } from './clients/${client}/${environment}.ts';`,
    ),
    '',
    'export const estate: readonly StackEntry[] = [',
    ...stacks.flatMap(({ name, environment, client }) => [
      '  {',
      `    name: '${name}',`,
      `    client: '${client}',`,
      `    environment: '${environment}',`,
      `    accountId: accounts${isIdentifier(client) ? `.${client}` : `['${client}']`},`,
      `    declare: ${declareName(name)},`,
      '  },',
    ]),
    '];',
    '',
  ].join('\n');
}
