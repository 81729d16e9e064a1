import type { Services, SluiceContext } from '../context.ts';
import { InputError, UsageError } from '../errors.ts';
import { verdictExit } from './verdict-exit.ts';
import { readJsonDocument } from '../gather/bundles.ts';
import { readLocatedFacts } from '../input/facts.ts';
import { decidePull, savePlan, type Decided } from '../operations/decide-pull.ts';
import { bundleSource } from './bundle-source.ts';
import { sweepCommand } from './gate-sweep.ts';
import { canonicalJson } from '../plan/json.ts';
import { renderDecisionMarkdown } from '../render/decision-markdown.ts';
import { maskPlan } from '../render/mask.ts';
import { renderDecisionText } from '../render/decision-text.ts';
import { renderState } from '../render/check-text.ts';
import { renderTrafficText } from '../render/traffic-text.ts';
import type { Style } from '../render/style.ts';
import { decide } from '../../policies/gate.ts';
import { deriveState } from '../../policies/model/state.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';

export interface GateFlags {
  readonly facts?: string;
  readonly pr?: number;
  readonly bundles?: string;
  readonly ciBundles: boolean;
  readonly sweep: boolean;
  readonly moment: 'merge' | 'apply';
  readonly publish: boolean;
  readonly saveFacts?: string;
  readonly savePlan?: string;
  readonly format: 'text' | 'json' | 'markdown';
}

/** `sluice gate`: one decision, from a facts document or from a pull request. */
export async function gateCommand(this: SluiceContext, flags: GateFlags): Promise<void> {
  if (flags.sweep) {
    await sweepCommand(this, flags);
    return;
  }
  const { facts, decision, publication } = await decided(await this.services(), flags);
  switch (flags.format) {
    case 'text':
      this.print(renderDecisionText(decision, this.style));
      this.print(renderTrafficText(facts.traffic, this.style));
      this.print(stateLine(facts, decision, this.style));
      break;
    case 'json':
      this.print(
        `${canonicalJson({ ...decision, traffic: facts.traffic, outcome: verdictExit(decision.verdict) })}\n`,
      );
      break;
    case 'markdown':
      this.print(renderDecisionMarkdown(decision, facts, publication));
      break;
  }
  this.exit(verdictExit(decision.verdict));
}

/** Where the change stands after this decision; nothing without exactly one record. */
function stateLine(facts: Facts, decision: Decision, style: Style): string {
  const [only, ...others] = facts.records;
  if (only === undefined || others.length > 0) {
    return '';
  }
  const { record } = only;
  const { pull, history, now } = facts;
  return `${renderState(deriveState({ record, pull, decision, releases: history, isApplying: false, now }), style)}\n`;
}

async function decided(services: Services, flags: GateFlags): Promise<Decided> {
  if (flags.facts !== undefined && flags.pr === undefined) {
    if (flags.publish || flags.ciBundles) {
      throw new UsageError({
        what: '--publish and --ci-bundles need a pull request.',
        fix: 'Give --pr NUMBER.',
        next: 'sluice gate --help',
      });
    }
    const facts = await loadFacts(services, flags.facts);
    const artifact = await savePlan(services, flags.savePlan, facts);
    return { facts, decision: decide(facts), publication: { artifact, publisher: null } };
  }
  if (flags.facts !== undefined || flags.pr === undefined) {
    throw new UsageError({
      what: 'The gate decides from one thing: a facts document or a pull request.',
      fix: 'Give either --facts FILE or --pr NUMBER.',
      next: 'sluice gate --help',
    });
  }
  const { result } = await decidePull(services, {
    number: flags.pr,
    moment: flags.moment,
    bundles: bundleSource(flags, 'gate'),
    publish: flags.publish ? 'always' : 'never',
    ...(flags.savePlan === undefined ? {} : { savePlan: flags.savePlan }),
  });
  if ('error' in result) {
    throw result.error;
  }
  if (flags.saveFacts !== undefined) {
    const { facts } = result;
    const text = canonicalJson({ ...facts, plan: maskPlan(facts.plan) });
    await services.files.writeText(flags.saveFacts, `${text}\n`);
  }
  return result;
}

/** A facts document from a file, checked against its schema. */
export async function loadFacts(services: Services, path: string): Promise<Facts> {
  const facts = readLocatedFacts(await readJsonDocument(services.files, path));
  if (!facts.ok) {
    throw new InputError({
      what: `${path} is not a facts document.`,
      diagnostics: facts.diagnostics,
      fix: 'Its schema is policies/schemas/facts.schema.json.',
      next: 'sluice gate --pr <number> --save-facts facts.json',
    });
  }
  return facts.value;
}
