/**
 * Errors that a person can act on. Each says what happened, where, why, how to fix it, and the next command. Anything
 * else that is thrown is a bug of ours and ends as exit code `internal`.
 */
import type { ExitName } from './exit-codes.ts';
import type { Diagnostic } from '../plan/types.ts';

export type { Diagnostic } from '../plan/types.ts';

export interface ErrorParts {
  /** What happened, one line. */
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
  /** The exact next command. */
  readonly next?: string;
  readonly diagnostics?: readonly Diagnostic[];
  /** Published in place of `what` and `why`, where these quote another program or what code of a pull request threw. */
  readonly published?: string;
  readonly cause?: unknown;
}

export abstract class SluiceError extends Error {
  abstract readonly exit: ExitName;
  readonly parts: ErrorParts;

  constructor(parts: ErrorParts) {
    super(parts.what, { cause: parts.cause });
    this.name = new.target.name;
    this.parts = parts;
  }
}

/** The command line asks for something that cannot be: unknown stack, missing argument, flags that exclude each other. */
export class UsageError extends SluiceError {
  readonly exit = 'usage';
}

/** A file or document from outside is malformed. */
export class InputError extends SluiceError {
  readonly exit = 'invalidInput';
}

/** A clone does not have a commit that is asked for: it may have been pushed since. */
export class MissingCommitError extends InputError {}

/** A policy refuses. */
export class DeniedError extends SluiceError {
  readonly exit = 'denied';
}

/** What is needed for a decision is not there or cannot be used. */
export class UndeterminedError extends SluiceError {
  readonly exit = 'undetermined';
}

/** What was approved is not what would happen now. */
export class StaleError extends SluiceError {
  readonly exit = 'stale';
}

/** A tool or service failed before anything was changed. */
export class ExternalError extends SluiceError {
  readonly exit = 'externalTool';
}

/** Terraform failed before anything was changed. `parts` quote it; what may be published is what it was doing, and where. */
export class TerraformError extends ExternalError {
  readonly during: TerraformStep;
  /** As Terraform wrote them, keys of instances included. */
  readonly addresses: readonly string[];

  constructor(
    parts: ErrorParts,
    failed: { readonly during: TerraformStep; readonly addresses: readonly string[] },
  ) {
    super(parts);
    this.during = failed.during;
    this.addresses = failed.addresses;
  }
}

export type TerraformStep = 'init' | 'plan' | 'apply' | 'show' | 'import' | 'interrupted';

/** State has changed and the operation did not end; the text says what was done and how to go on. */
export class PartialApplyError extends SluiceError {
  readonly exit = 'partialApply';
}

/** Live configuration is not what the ledger says was released. */
export class DriftError extends SluiceError {
  readonly exit = 'drift';
}
