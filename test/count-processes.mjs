/**
 * Loaded before a program (`NODE_OPTIONS=--import=…`): writes down each process that the program starts, one line of JSON
 * with its command and arguments, to the file that STARTED_PROCESSES names.
 */
import { appendFileSync } from 'node:fs';
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

// Now: the program takes its environment over, and leaves nothing of it behind.
const file = process.env.STARTED_PROCESSES;
const { spawn } = childProcess;
childProcess.spawn = (command, args, options) => {
  appendFileSync(file, `${JSON.stringify([command, ...(args ?? [])])}\n`);
  return spawn(command, args, options);
};
syncBuiltinESMExports();
