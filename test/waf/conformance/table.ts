import type { Case } from './case.ts';
import { literalCases } from './literals.ts';
import { operatorCases } from './operators.ts';
import { functionCases, missingCases, requestCases, typeCases } from './values.ts';

/** The whole conformance table. */
export const conformanceTable: readonly Case[] = [
  ...operatorCases,
  ...literalCases,
  ...typeCases,
  ...functionCases,
  ...missingCases,
  ...requestCases,
];
