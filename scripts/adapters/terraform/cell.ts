/** Puts Terraform into a cell: what it is started with there, and which folders of the machine it needs to be Terraform. */
import { dirname } from 'node:path';
import { programPath, type ProcessCell, type ProcessConfinement } from '../process/confine.ts';
import { pickEnv } from '../process/run-process.ts';

export interface TerraformConfinement {
  readonly confinement: ProcessConfinement;
  /** Working folders and states, and the folder of the sandbox's socket. */
  readonly writable: readonly string[];
}

interface CellStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Of Terraform's environment, what has a meaning in a cell: it has no home, no network and no credentials. */
const names = [
  'PATH',
  'TF_PLUGIN_CACHE_DIR',
  'TF_CLI_CONFIG_FILE',
  'TF_IN_AUTOMATION',
  'CHECKPOINT_DISABLE',
  'GOGC',
];

/** Null where the machine allows no cells, and where there is no Terraform to put into one. */
export async function terraformCell(
  { confinement, writable }: TerraformConfinement,
  start: CellStart,
): Promise<(ProcessCell & Pick<CellStart, 'env'>) | null> {
  const binary = await programPath(start.command, start.env);
  if (binary === null || (await confinement.whyNot()) !== null) {
    return null;
  }
  const {
    TF_CLI_CONFIG_FILE: settings,
    TF_PLUGIN_CACHE_DIR: plugins,
    TF_REATTACH_PROVIDERS: sandbox,
  } = start.env;
  const cell = await confinement.cell({
    command: binary,
    args: start.args,
    cwd: start.cwd,
    readable: [dirname(binary), ...(settings === undefined ? [] : [settings])],
    writable: [...writable, ...planFolders(start.args), ...(plugins === undefined ? [] : [plugins])],
  });
  const reattach = sandbox === undefined ? {} : { TF_REATTACH_PROVIDERS: inCell(sandbox) };
  return { ...cell, env: { ...pickEnv(start.env, names), HOME: '/tmp', TMPDIR: '/tmp', ...reattach } };
}

/**
 * Terraform gives a provider up when it sees no process of that number. The sandbox's cannot be seen from a cell; number 1
 * is Terraform itself there.
 */
function inCell(reattach: string): string {
  return reattach.replaceAll(/"Pid":\d+/g, '"Pid":1');
}

/** Folders of the plan file that a command writes or reads. */
function planFolders(args: readonly string[]): readonly string[] {
  const named = args.map((arg) => (arg.startsWith('-out=') ? arg.slice('-out='.length) : arg));
  return named.filter((path) => path.startsWith('/')).map((path) => dirname(path));
}
