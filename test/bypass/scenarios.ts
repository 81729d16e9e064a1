/** Every attack of the list, tried or with the reason why it does not apply. */
import { approvalFreshness } from './approval-freshness.ts';
import { configAndSource } from './config-and-source.ts';
import type { NotApplicable, Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [...approvalFreshness, ...configAndSource];

export const notApplicable: readonly NotApplicable[] = [];
