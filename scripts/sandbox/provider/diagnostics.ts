/** Diagnostics as Terraform's protocol carries them, and what may be said in them. */
import { SluiceError } from '../../contract/errors.ts';
import type { ValuePath } from './plan-change.ts';

export interface AttributePath {
  readonly steps: readonly (
    | { readonly attribute_name: string }
    | { readonly element_key_string: string }
    | { readonly element_key_int: number }
  )[];
}

export interface ProtocolDiagnostic {
  /** 1 is an error. */
  readonly severity: 1;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePath;
}

export function errorDiagnostic(summary: string, detail: string, path?: ValuePath): ProtocolDiagnostic {
  return {
    severity: 1,
    summary,
    detail,
    ...(path === undefined ? {} : { attribute: attributePath(path) }),
  };
}

export function attributePath(path: ValuePath): AttributePath {
  return {
    steps: path.map((step) => {
      if ('attribute' in step) {
        return { attribute_name: step.attribute };
      }
      return 'index' in step ? { element_key_int: step.index } : { element_key_string: step.key };
    }),
  };
}

/** An API error that the local Cloudflare gives: the request was understood and refused. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  readonly path: ValuePath | undefined;

  constructor(status: number, message: string, path?: ValuePath) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.path = path;
  }
}

/** Turns anything thrown while a request is served into a diagnostic for the person at Terraform. */
export function diagnosticOf(error: unknown, subject: string): ProtocolDiagnostic {
  if (error instanceof ApiError) {
    return errorDiagnostic(`${subject}: the API answered ${error.status}`, error.message, error.path);
  }
  if (error instanceof SluiceError) {
    const { what, why, fix, next } = error.parts;
    const lines = [why, fix, next === undefined ? undefined : `Next: ${next}`];
    return errorDiagnostic(what, lines.filter((line) => line !== undefined).join('\n'));
  }
  // What is left is the file system's (no space, no permission) or a mistake in the sandbox.
  const detail = error instanceof Error ? error.message : String(error);
  return errorDiagnostic(`${subject}: the sandbox failed, and changed nothing`, detail);
}
