/**
 * Drives Terraform or OpenTofu, one stack's folder at a time, through its JSON output only.
 *
 * The child sees an environment made here: paths, proxies, the sandbox's provider, and the credentials the caller hands
 * over for a real target. A failure before the first resource was touched is an ExternalError; once one was started,
 * apply returns what is known instead, because state has changed and somebody has to go on from there.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import * as fs from 'node:fs/promises';
import { ExternalError, InputError, TerraformError, type TerraformStep } from '../../contract/errors.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { StateMark, Terraform, TerraformVersion } from '../../contract/ports.ts';
import { redact } from '../../secrets/redact.ts';
import { credentialNames, placeNames } from '../network/real-target.ts';
import { pickEnv, runProcess } from '../process/run-process.ts';
import type { ProcessRequest, ProcessResult } from '../process/run-process.ts';
import { terraformCell, type TerraformConfinement } from './cell.ts';
import { appliedSoFar, apply, endingOf } from './apply.ts';
import type { ApplyRun, ApplyOptions, Runner } from './apply.ts';
import { describeDiagnostic, describeEvent, readEvent } from './events.ts';
import type { TerraformEvent } from './events.ts';
import { isLockTimeout, lockedError, withoutLockAdvice } from './lock.ts';
import { checkLocalState } from './state.ts';
import { storeAdvice } from './store.ts';
import { isObject } from '../../json/json.ts';

const inheritedNames: readonly string[] = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TF_PLUGIN_CACHE_DIR',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/**
 * Terraform 1.10 is the first with `use_lockfile` in the S3 backend (upgrade guide of 1.10), which keeps two releases
 * of a stack apart; OpenTofu has it from 1.10 too.
 */
const oldest = { major: 1, minor: 10 } as const;

const second = 1_000;
const minute = 60 * second;

export interface TerraformOptions {
  /** The environment of the tool; only known harmless names of it reach Terraform. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Value of TF_REATTACH_PROVIDERS: the sandbox. */
  readonly reattach?: string;
  /** Taken out of everything that Terraform prints before it is kept or shown. */
  readonly secrets: readonly string[];
  /** For a real target only. Names outside `credentialNames` are refused. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** For a real target only, no secrets. Names outside `placeNames` are refused. */
  readonly places?: Readonly<Record<string, string>>;
  /** A CLI configuration file that exists, for a provider mirror. */
  readonly configFile?: string;
  /** How long to wait for another run's state lock. Default 30. */
  readonly lockTimeoutSeconds?: number;
  /** Default 60 minutes. */
  readonly applyTimeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Terraform runs in a cell, where the machine allows one. */
  readonly confine?: TerraformConfinement;
}

function isTooOld(version: string): boolean {
  const [major = Number.NaN, minor = Number.NaN] = version.split('.').map(Number);
  return !(major > oldest.major || (major === oldest.major && minor >= oldest.minor));
}

/** OpenTofu's version document has the same names but not `terraform_outdated`. */
function readVersion(text: string): TerraformVersion | null {
  try {
    const document = parseJson(text, limits.line);
    const fields = typeof document === 'object' && document !== null ? (document as JsonObject) : {};
    const version = fields['terraform_version'];
    return typeof version === 'string'
      ? { product: 'terraform_outdated' in fields ? 'terraform' : 'opentofu', version }
      : null;
  } catch {
    return null;
  }
}

function parseShowOutput(text: string, what: string): JsonObject {
  try {
    const document = parseJson(text, limits.terraform);
    if (isObject(document)) {
      return document;
    }
  } catch {
    // Said below, for both ways of not being an object.
  }
  throw new ExternalError({
    what: `${what} did not answer with a JSON document`,
    why: 'the program on the PATH may not be Terraform, or it ended early',
    fix: 'check which program it is',
    next: 'terraform version -json',
  });
}

class TerraformRunner implements Runner {
  readonly binary: string;
  private readonly options: TerraformOptions;
  private readonly secrets: readonly string[];
  private checked: Promise<TerraformVersion> | undefined;

  constructor(options: TerraformOptions) {
    const refused = [
      ...Object.keys(options.credentials ?? {}).filter((name) => !credentialNames.includes(name)),
      ...Object.keys(options.places ?? {}).filter((name) => !placeNames.includes(name)),
    ];
    if (refused.length > 0) {
      throw new InputError({
        what: `${refused.join(', ')} is not handed to Terraform`,
        fix: 'leave it out',
      });
    }
    this.options = options;
    this.binary = options.environment['TERRAFORM_BINARY_NAME'] ?? 'terraform';
    this.secrets = [...options.secrets, ...Object.values(options.credentials ?? {})];
  }

  /** Asked once; every other command waits for it, so nothing starts with a Terraform that is missing or too old. */
  async version(): Promise<TerraformVersion> {
    this.checked ??= this.checkVersion();
    return this.checked;
  }

  async run(folder: string, args: readonly string[], more: ApplyOptions = {}): Promise<ApplyRun> {
    const { onEvent, ...options } = more;
    await this.version();
    await checkLocalState(folder);
    const events: TerraformEvent[] = [];
    const onStdout = (line: string): void => {
      const event = this.read(line);
      if (event === null) {
        return;
      }
      events.push(event);
      const text = describeEvent(event);
      if (text !== null) {
        onEvent?.(text);
      }
    };
    const result = await this.start(folder, args, { ...options, onStdout });
    return { result, events };
  }

  /** One line of output as an event; null for one that is none. */
  read(line: string): TerraformEvent | null {
    const event = this.clean(readEvent(line));
    return event.kind !== 'other' || line.startsWith('{') ? event : null;
  }

  /** What to say when a command failed and nothing was changed. */
  async failure(
    folder: string,
    verb: Exclude<TerraformStep, 'interrupted'>,
    run: ApplyRun,
  ): Promise<ExternalError> {
    const errors = run.events
      .filter((event) => event.kind === 'diagnostic')
      .map((event) => event.diagnostic)
      .filter((diagnostic) => diagnostic.severity === 'error');
    const message = errors.map(describeDiagnostic).join('\n') || run.result.stderr.trim();
    if (isLockTimeout(run.events)) {
      return lockedError(this.binary, folder, message);
    }
    const advice = storeAdvice(message, this.options.places?.['AWS_ENDPOINT_URL_S3'] ?? null);
    const stopped = run.result.ending === 'aborted' || run.result.ending === 'interrupted';
    return new TerraformError(
      {
        what: `${this.binary} ${verb} ${endingOf(run.result) ?? 'failed'} in ${folder}`,
        why: withoutLockAdvice(message) || 'it gave no reason',
        fix: 'correct what the reason names and repeat the command; nothing was changed',
        // A look, never an apply: one by hand would be of a plan that nobody approved.
        next: `${this.binary} -chdir=${folder} ${verb === 'apply' || verb === 'import' ? 'plan' : verb}`,
        ...advice,
      },
      { during: stopped ? 'interrupted' : verb, addresses: errors.flatMap(({ address }) => address ?? []) },
    );
  }

  lockTimeout(): string {
    return `-lock-timeout=${this.options.lockTimeoutSeconds ?? 30}s`;
  }

  private async start(
    folder: string,
    args: readonly string[],
    more: Pick<ProcessRequest, 'onStdout' | 'onStarted' | 'outputFiles'> = {},
  ): Promise<ProcessResult> {
    const isApply = args[0] === 'apply';
    const { confine } = this.options;
    const order = { command: this.binary, args, cwd: folder, env: this.environment() };
    const cell = confine === undefined ? null : await terraformCell(confine, order);
    const request: ProcessRequest = {
      ...(cell ?? order),
      cwd: folder,
      timeoutMs: isApply ? (this.options.applyTimeoutMs ?? 60 * minute) : 15 * minute,
      graceMs: isApply ? 2 * minute : 10 * second,
      stopSignal: 'SIGINT',
      secrets: this.secrets,
      stdout: 'data',
      ...more,
      ...(this.options.signal === undefined ? {} : { signal: this.options.signal }),
      ifMissing: {
        fix: `install Terraform ${oldest.major}.${oldest.minor} or newer, or OpenTofu ${oldest.major}.${oldest.minor} or newer and set TERRAFORM_BINARY_NAME=tofu`,
        next: `${this.binary} version`,
      },
    };
    try {
      return await runProcess(request);
    } finally {
      await cell?.remove();
    }
  }

  private environment(): Readonly<Record<string, string>> {
    const { environment, reattach, configFile, credentials, places } = this.options;
    return {
      ...pickEnv(environment, inheritedNames),
      // A quarter of Go's collections (pkg.go.dev/runtime): what a sandbox holds is small.
      ...(reattach === undefined ? {} : { TF_REATTACH_PROVIDERS: reattach, GOGC: '400' }),
      ...(configFile === undefined ? {} : { TF_CLI_CONFIG_FILE: configFile }),
      ...places,
      ...credentials,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
    };
  }

  private clean(event: TerraformEvent): TerraformEvent {
    if (event.kind !== 'diagnostic') {
      return event;
    }
    const { summary, detail } = event.diagnostic;
    return {
      kind: 'diagnostic',
      diagnostic: {
        ...event.diagnostic,
        summary: redact(summary, this.secrets),
        detail: redact(detail, this.secrets),
      },
    };
  }

  private async checkVersion(): Promise<TerraformVersion> {
    const result = await this.start('/', ['version', '-json']);
    const found = readVersion(result.stdout);
    if (result.ending !== 'exited' || result.exitCode !== 0 || found === null) {
      throw new ExternalError({
        what: `${this.binary} does not answer to \`version -json\` as Terraform does`,
        why: result.stderr.trim() || `it ${endingOf(result) ?? 'gave another answer'}`,
        fix: `install Terraform ${oldest.major}.${oldest.minor} or newer, or name another program in TERRAFORM_BINARY_NAME`,
        next: `${this.binary} version -json`,
      });
    }
    if (isTooOld(found.version)) {
      throw new ExternalError({
        what: `${found.product === 'terraform' ? 'Terraform' : 'OpenTofu'} ${found.version} is too old`,
        why: `${oldest.major}.${oldest.minor} is the first that locks a state in object storage without a database`,
        fix: `install ${oldest.major}.${oldest.minor} or newer; nothing was changed`,
        next: `${this.binary} version`,
      });
    }
    return found;
  }
}

function endedWell(run: ApplyRun): boolean {
  return run.result.ending === 'exited' && run.result.exitCode === 0;
}

async function show(runner: TerraformRunner, folder: string, planFile: string | null): Promise<JsonObject> {
  const run = await runner.run(folder, ['show', '-json', ...(planFile === null ? [] : [planFile])]);
  if (!endedWell(run)) {
    throw await runner.failure(folder, 'show', run);
  }
  return parseShowOutput(run.result.stdout, `${runner.binary} show -json`);
}

async function plan(
  runner: TerraformRunner,
  folder: string,
  planFile: string,
  more: readonly string[] = [],
): Promise<JsonObject> {
  const run = await runner.run(folder, [
    'plan',
    '-json',
    '-input=false',
    runner.lockTimeout(),
    `-out=${planFile}`,
    ...more,
  ]);
  if (!endedWell(run)) {
    throw await runner.failure(folder, 'plan', run);
  }
  // A plan file holds values in clear text.
  await fs.chmod(planFile, 0o600);
  return show(runner, folder, planFile);
}

async function refresh(
  runner: TerraformRunner,
  folder: string,
  asked: { readonly planFile: string; readonly addresses: readonly string[] },
): Promise<JsonObject> {
  const { planFile, addresses } = asked;
  try {
    return await plan(runner, folder, planFile, [
      '-refresh-only',
      ...addresses.map((address) => `-target=${address}`),
    ]);
  } finally {
    await fs.rm(planFile, { force: true });
  }
}

async function adopt(
  runner: TerraformRunner,
  folder: string,
  object: { readonly address: string; readonly importId: string },
): Promise<void> {
  const { address, importId } = object;
  const options = ['-no-color', '-input=false', runner.lockTimeout()];
  const run = await runner.run(folder, ['import', ...options, address, importId]);
  if (!endedWell(run)) {
    throw await runner.failure(folder, 'import', run);
  }
}

/** The state itself holds values in clear text: only its two marks leave this function. */
async function stateMark(runner: TerraformRunner, folder: string): Promise<StateMark | null> {
  const run = await runner.run(folder, ['state', 'pull']);
  if (!endedWell(run)) {
    throw await runner.failure(folder, 'show', run);
  }
  if (run.result.stdout.trim() === '') {
    return null;
  }
  const { serial, lineage } = parseShowOutput(run.result.stdout, `${runner.binary} state pull`);
  return typeof serial === 'number' && typeof lineage === 'string' ? { serial, lineage } : null;
}

/** Terraform (or OpenTofu, by TERRAFORM_BINARY_NAME) as the commands use it. Nothing runs before the first call. */
export function createTerraform(options: TerraformOptions): Terraform {
  const runner = new TerraformRunner(options);
  return {
    version: async () => runner.version(),
    init: async (folder) => {
      const run = await runner.run(folder, [
        'init',
        '-json',
        '-input=false',
        '-reconfigure',
        runner.lockTimeout(),
      ]);
      if (!endedWell(run)) {
        throw await runner.failure(folder, 'init', run);
      }
    },
    plan: async (folder, planFile) => plan(runner, folder, planFile),
    apply: async (folder, planFile, onEvent) => apply(runner, folder, { planFile, onEvent }),
    appliedSoFar: async (planFile) => appliedSoFar(runner, planFile),
    adopt: async (folder, address, importId) => adopt(runner, folder, { address, importId }),
    state: async (folder) => show(runner, folder, null),
    stateMark: async (folder) => stateMark(runner, folder),
    refresh: async (folder, planFile, addresses) => refresh(runner, folder, { planFile, addresses }),
  };
}
