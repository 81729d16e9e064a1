/** Every attack of the list, tried or with the reason why it does not apply. */
import { approvalFreshness } from './approval-freshness.ts';
import { configAndSource } from './config-and-source.ts';
import { repeated } from './hardening/repeated.ts';
import { isolation } from './hardening/isolation.ts';
import { claims } from './hardening/claims.ts';
import { incidents } from './hardening/incidents.ts';
import { recordNames } from './hardening/record-names.ts';
import { providerPatch } from './hardening/provider-patch.ts';
import { releasedMeaning } from './hardening/released.ts';
import { ledgerHardening } from './hardening/ledger.ts';
import { control } from './hardening/control.ts';
import { lockedGate } from './hardening/locked-gate.ts';
import { limitScenarios } from './hardening/limits.ts';
import { expressions } from './hardening/expressions.ts';
import { typedValues } from './hardening/typed.ts';
import { foreignRuns } from './hardening/foreign-runs.ts';
import { standardModels } from './hardening/standard.ts';
import { injectionAndWorkflow } from './injection-and-workflow.ts';
import { ownRules } from './hardening/own-rules.ts';
import { planIntegrity } from './plan-integrity.ts';
import { releaseAndWindow, withoutTarget } from './release-and-window.ts';
import type { NotApplicable, PlayedElsewhere, Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [
  ...approvalFreshness,
  ...configAndSource,
  ...planIntegrity,
  ...injectionAndWorkflow,
  ...releaseAndWindow,
  ...isolation,
  ...claims,
  ...recordNames,
  ...incidents,
  ...releasedMeaning,
  ...providerPatch,
  ...ledgerHardening,
  ...control,
  ...lockedGate,
  ...limitScenarios,
  ...expressions,
  ...typedValues,
  ...repeated,
  ...standardModels,
  ...foreignRuns,
  ...ownRules,
];

export const notApplicable: readonly NotApplicable[] = withoutTarget;

export const playedElsewhere: readonly PlayedElsewhere[] = Object.entries({
  'test/attacks/rehearsal-theft.test.ts': ['H05', 'H06', 'H07'],
  'test/attacks/killed-release.test.ts': ['H39', 'H40', 'H41', 'H42', 'H48'],
  'test/attacks/killed-baseline.test.ts': ['H43'],
  'test/attacks/killed-replacement.test.ts': ['H44', 'H45', 'H46', 'H47'],
  'test/attacks/signal-while-reading.test.ts': ['H62'],
  'test/attacks/secret-sinks.test.ts': ['H69', 'H70', 'H71', 'H72'],
}).flatMap(([file, ids]) => ids.map((id) => ({ id, file })));
