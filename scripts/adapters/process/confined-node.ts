/**
 * How a program in JavaScript that others wrote is started: under the guard (synth/guard.mjs) and Node's permission model
 * (files/permissions.ts), in a cell where the machine makes cells (confine.ts). It reads what is named, writes what is named, and
 * starts nothing.
 */
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProcessCell, ProcessConfinement } from './confine.ts';
import { permissionArguments } from '../files/permissions.ts';

export interface ConfinedProgram {
  /** Of the program. */
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The module that is loaded before it. */
  readonly guard: string;
  /** Besides the program and the guard. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

export interface ConfinedStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Null where the machine makes no cells. Its owner removes it. */
  readonly cell: ProcessCell | null;
}

export async function confinedStart(
  confinement: ProcessConfinement,
  { path, args, cwd, guard, readable: others, writable }: ConfinedProgram,
): Promise<ConfinedStart> {
  const readable = [guard, path, ...others];
  const isCell = (await confinement.whyNot()) === null;
  const permissions = await permissionArguments({ readable: isCell ? null : readable, writable });
  const program = {
    command: process.execPath,
    args: [...permissions, '--import', pathToFileURL(guard).href, path, ...args],
    cwd,
    readable: [dirname(dirname(process.execPath)), ...readable],
    writable,
  };
  const cell = isCell ? await confinement.cell(program) : null;
  return { ...program, ...cell, cell };
}
