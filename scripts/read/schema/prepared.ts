/**
 * Validators that were made when the command line was bundled (scripts/build/validators.mjs), by the digest of their
 * schema: compiling one takes longer than most commands do. None where the sources run as they are.
 */
import type { ValidateFunction } from 'ajv/dist/2020.js';

export const prepared: Readonly<Record<string, ValidateFunction>> = {};
