/**
 * What every command gets: the outside world as ports, built on first use so that `sluice --help` loads none of it.
 * Tests build the same object with a temporary folder, captured streams and a fake clock.
 */
import type { GuardRails } from './guard-rails.ts';
import type { CommandContext, InputCompletion, RouteMap } from '@stricli/core';
import type { ExitName } from './exit-codes.ts';
import type {
  Clock,
  CloudflareReader,
  Editor,
  Files,
  Git,
  GitHub,
  KeyStore,
  LocalSynthesizer,
  ProbeReach,
  Prober,
  Processes,
  PullRequests,
  Reporter,
  SynthRuns,
  Synthesizer,
  Terraform,
  Tracker,
} from './ports.ts';
import type { ReplayThreads } from './replay-threads.ts';
import type { RuleRunner } from './own-rules.ts';
import type { ReleaseTarget } from '../release/types.ts';
import type { Style } from '../render/text/style.ts';
import type { KnownValues } from '../secrets/known-values.ts';

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Asks a person; null when there is none (no terminal). */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Aborted on SIGINT and SIGTERM, once they are held. */
  readonly signal: AbortSignal;
  /**
   * From here on a signal asks to stop at the next safe place. Until then it ends the process at once, whatever it is
   * doing: a listener would have to wait for a loop that reads something hostile. Left away where nobody sends signals.
   */
  readonly holdSignals?: () => void;
}

interface TerraformSettings {
  readonly target: ReleaseTarget;
  /** `TF_REATTACH_PROVIDERS` of a running sandbox; null for the real provider. */
  readonly reattach: string | null;
  /** Terraform runs in a cell where it sees these folders and no others; null where it runs as the user does. */
  readonly cell: readonly string[] | null;
}

/** Which Cloudflare is read: the sandbox's, at this address, or the real one with the credentials of the environment. */
export type ReaderOptions = ReaderTarget & {
  /** Waited for before each request: who asks a lot keeps within Cloudflare's limit. */
  readonly beforeRequest?: () => Promise<void>;
};

type ReaderTarget = { readonly target: 'sandbox'; readonly api: string } | { readonly target: 'cloudflare' };

export interface Services {
  /** The folder that Sluice itself stands in; the repository under control may be another. */
  readonly home: string;
  /** The secrets of this process: what is written where others can read it goes past them. */
  readonly secrets: KnownValues;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly files: Files;
  /** Files below another folder, where relative paths begin there and nothing outside is written. */
  readonly filesAt: (folder: string) => Files;
  /** Folder of traffic samples that the environment names (`SLUICE_TRAFFIC`); null when it names none. */
  readonly trafficFolder: string | null;
  readonly git: Git;
  /** Keys that sign the ledger. */
  readonly keys: KeyStore;
  /** Name of the default branch, where the environment says it (`SLUICE_DEFAULT_BRANCH`); null: as origin says. */
  readonly defaultBranch: string | null;
  /** Runs stack code each time it is asked. */
  readonly synth: Synthesizer;
  readonly localSynth: LocalSynthesizer;
  /** Rules of the estate's own. */
  readonly rules: RuleRunner;
  readonly replayThreads: ReplayThreads;
  readonly prober: (reach: ProbeReach) => Prober;
  readonly processes: Processes;
  /** Null where nobody is at a terminal, or `VISUAL` and `EDITOR` name none. */
  readonly editor: Editor | null;
  readonly terraform: (options: TerraformSettings) => Terraform;
  /** Server that keeps the states of a real target in place of the bundles'; null: as each bundle says. Throws UsageError. */
  readonly stateServer: () => string | null;
  /** Nothing is loaded or sent before the first question. */
  readonly cloudflare: (options: ReaderOptions) => CloudflareReader;
  /** Throws UsageError when no token or no repository is configured. */
  readonly github: () => Promise<GitHub>;
  /** The same. May use another token: that of the workflow may read artifacts, so that of the App need not. */
  readonly synthRuns: () => Promise<SynthRuns>;
  /** The same, for raising a change. */
  readonly pullRequests: () => Promise<PullRequests>;
  /** The same, for incidents. */
  readonly tracker: () => Promise<Tracker>;
  /** The same, for the settings of the repository itself. */
  readonly guardRails: () => Promise<GuardRails>;
  /** Numeric id of the App, without any connection; null when none is configured. Throws UsageError when it is not a number. */
  readonly appId: () => number | null;
}

/** The commands themselves: what help and completion are about. */
interface CommandLine {
  readonly root: RouteMap<SluiceContext>;
  /** What could stand in place of the last of these words. */
  readonly propose: (words: readonly string[]) => Promise<readonly InputCompletion[]>;
}

export interface SluiceContext extends CommandContext {
  readonly commandLine: CommandLine;
  readonly surroundings: Surroundings;
  readonly services: () => Promise<Services>;
  readonly style: Style;
  /** The result of a command: data on stdout. */
  readonly print: (text: string) => void;
  /** Sets the exit code of a command that ended without an error but not with `ok`. */
  readonly exit: (name: ExitName) => void;
}
