import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { sandboxStore } from '../../release/run/workspace.ts';
import type { Json } from '../../plan/types.ts';
import { escapeTerminalLine } from '../../render/text/escape.ts';
import { loadCatalogue } from '../../sandbox/provider/catalogue.ts';
import { sandboxDashboard } from '../../sandbox/provider/audit/log.ts';
import { injectDrift } from '../../sandbox/provider/drift.ts';
import { addFault } from '../../sandbox/provider/faults.ts';
import { report } from '../../sandbox/provider/reports.ts';
import { withoutSecrets } from '../../sandbox/provider/secrets.ts';
import { readStore } from '../../sandbox/provider/store.ts';
import { chooseMode } from '../change/modes.ts';
import { workshopOf } from '../change/surroundings.ts';

export interface SandboxShowFlags {
  readonly type?: string;
  readonly format: 'text' | 'json';
}

/** `sluice sandbox show`: what exists in the local Cloudflare. */
export async function sandboxShow(this: SluiceContext, flags: SandboxShowFlags): Promise<void> {
  const services = await this.services();
  const workshop = await workshopOf(services, 'sandbox');
  refuseUnknownType(flags.type);
  const visible = withoutSecrets(readStore(sandboxStore(workshop)), loadCatalogue());
  const objects = visible.filter((object) => flags.type === undefined || object.type === flags.type);
  if (flags.format === 'json') {
    this.print(printedJson({ kind: 'sluice.sandbox', version: 1, objects }));
    return;
  }
  for (const { type, id, attributes } of objects) {
    const name = typeof attributes['name'] === 'string' ? attributes['name'] : '';
    this.print(`${type.padEnd(40)} ${id}  ${escapeTerminalLine(name)}\n`);
  }
  this.print(`${String(objects.length)} object(s)\n`);
}

/** A misspelt type would otherwise show an empty Cloudflare, or a fault that never strikes. */
function refuseUnknownType(type: string | undefined): void {
  if (type !== undefined && !Object.hasOwn(loadCatalogue().resources, type)) {
    throw new UsageError({
      what: `There is no resource type ${type}.`,
      fix: 'Use the name as it stands in the configuration, for example cloudflare_dns_record.',
      next: 'sluice sandbox show',
    });
  }
}

export interface SandboxDriftFlags {
  readonly type: string;
  readonly match: readonly string[];
  readonly set?: string;
  readonly delete: boolean;
}

/** `sluice sandbox drift`: an edit as somebody would make it in the dashboard. */
export async function sandboxDrift(this: SluiceContext, flags: SandboxDriftFlags): Promise<void> {
  chooseMode('sandbox drift', flags);
  const services = await this.services();
  const match = Object.fromEntries(flags.match.map(pair));
  const change = flags.set === undefined ? { delete: true as const } : { set: setting(flags.set) };
  const edited = injectDrift({
    folder: sandboxStore(await workshopOf(services, 'sandbox')),
    type: flags.type,
    match,
    ...change,
    by: sandboxDashboard,
    now: services.clock.now(),
  });
  this.print(
    `${flags.type} ${edited.id} was ${flags.delete ? 'deleted' : 'edited'} behind the back of Terraform.\n`,
  );
}

export interface SandboxFaultFlags {
  readonly kind: 'error' | 'hang' | 'drop';
  readonly on: 'create' | 'update' | 'delete' | 'read';
  readonly call?: number;
  readonly status?: number;
  readonly type?: string;
}

/** `sluice sandbox fault`: a later call of the API fails once. */
export async function sandboxFault(this: SluiceContext, flags: SandboxFaultFlags): Promise<void> {
  if (flags.status !== undefined && flags.kind !== 'error') {
    throw new UsageError({
      what: `--status does not go with --kind ${flags.kind}.`,
      why: 'Only an API error has a status.',
      fix: 'Leave it away.',
      next: `sluice sandbox fault --kind ${flags.kind}`,
    });
  }
  const services = await this.services();
  const effect =
    flags.kind === 'error' ? { kind: flags.kind, status: flags.status ?? 500 } : { kind: flags.kind };
  const workshop = await workshopOf(services, 'sandbox');
  refuseUnknownType(flags.type);
  addFault(sandboxStore(workshop), {
    operation: flags.on,
    nth: flags.call ?? 1,
    effect,
    ...(flags.type === undefined ? {} : { type: flags.type }),
  });
  this.print(
    `Call ${String(flags.call ?? 1)} from now on to ${flags.on} something will fail (${flags.kind}).\n`,
  );
}

export interface SandboxReportFlags {
  readonly type: string;
  readonly set?: string;
}

/** `sluice sandbox report`: from now on a value of this type is reported as on the way. */
export async function sandboxReport(this: SluiceContext, { type, set }: SandboxReportFlags): Promise<void> {
  const services = await this.services();
  const workshop = await workshopOf(services, 'sandbox');
  refuseUnknownType(type);
  const [path = '', value = ''] = set === undefined ? [] : pair(set);
  report(sandboxStore(workshop), type, set === undefined ? null : { path, value });
  this.print(
    set === undefined
      ? `What ${type} has is reported as it is from now on.\n`
      : `${type} is reported with ${path} = ${value} from now on.\n`,
  );
}

/** `sluice sandbox reset`: an empty Cloudflare and no Terraform state. The ledger is not touched. */
export async function sandboxReset(this: SluiceContext): Promise<void> {
  const { files, git } = await this.services();
  const root = `${await git.root()}/.sluice`;
  for (const folder of ['sandbox', 'state', 'work']) {
    await files.remove(`${root}/${folder}`);
  }
  this.print('The sandbox is empty.\n');
}

function pair(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new UsageError({ what: `${text} is not attribute=value.`, next: 'sluice sandbox drift --help' });
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The value is JSON where it reads as JSON; anything else is a text, as a person would type it. */
function setting(text: string): Readonly<Record<string, Json>> {
  const [name, value] = pair(text);
  try {
    return { [name]: JSON.parse(value) as Json };
  } catch {
    return { [name]: value };
  }
}
