import { Expressions } from '../../waf/reason/expressions.ts';
import { completeOf } from '../../../policies/gate/input.ts';
import type { Services, SluiceContext } from '../../contract/context.ts';
import { InputError, UsageError } from '../../contract/errors.ts';
import { verdictExit } from './verdict-exit.ts';
import { readJsonDocument } from '../../facts/bundles.ts';
import { readLocatedFacts } from '../../read/facts.ts';
import { fromWorkingTree, readPolicy } from '../../facts/policy.ts';
import { decidePull, savePlan, type DecidedPull } from '../../change/decide-pull.ts';
import type { BundleSource } from '../../change/proposed-bundles.ts';
import { bundleSource } from './bundle-source.ts';
import { sweepCommand } from './gate-sweep.ts';
import { chooseMode } from './modes.ts';
import { canonicalJson } from '../../json/json.ts';
import type { JsonObject } from '../../plan/types.ts';
import { releasableNow } from '../../release/run/waves/ready.ts';
import { renderDecisionMarkdown } from '../../render/decision/markdown.ts';
import { maskPlan } from '../../render/text/mask.ts';
import { renderDecisionText } from '../../render/decision/text.ts';
import { renderState } from '../../render/decision/check-text.ts';
import { renderTrafficText } from '../../render/waf/traffic-text.ts';
import type { Style } from '../../render/text/style.ts';
import { decide } from '../../../policies/gate.ts';
import { deriveState } from '../../../policies/model/state.ts';
import type { Decision } from '../../../policies/model/decision.ts';
import type { Facts } from '../../../policies/model/facts.ts';

export interface GateFlags {
  readonly facts?: string;
  readonly pr?: number;
  readonly bundles?: string;
  readonly ciBundles: boolean;
  readonly sweep: boolean;
  readonly moment?: 'merge' | 'apply';
  readonly publish: boolean;
  readonly saveFacts?: string;
  readonly savePlan?: string;
  readonly format: 'text' | 'json' | 'markdown';
}

/** What is decided on. A facts document says itself for which moment it is. */
type GateOrder =
  | { readonly mode: 'sweep'; readonly publish: boolean; readonly format: 'text' | 'json' }
  | { readonly mode: 'facts'; readonly path: string; readonly savePlan: string | undefined }
  | {
      readonly mode: 'pull';
      readonly number: number;
      readonly moment: 'merge' | 'apply';
      readonly bundles: BundleSource;
      readonly publish: boolean;
      readonly saveFacts: string | undefined;
      readonly savePlan: string | undefined;
    };

function orderOf(flags: GateFlags): GateOrder {
  const { facts = '', pr = 0, moment = 'merge', publish, saveFacts, format } = flags;
  const mode = chooseMode('gate', flags);
  switch (mode) {
    case 'sweep':
      return { mode, publish, format: sweepFormat(format) };
    case 'facts':
      return { mode, path: facts, savePlan: flags.savePlan };
    case 'pull':
      return {
        mode,
        number: pr,
        moment,
        bundles: bundleSource(flags, 'gate'),
        publish,
        saveFacts,
        savePlan: flags.savePlan,
      };
  }
}

function sweepFormat(format: GateFlags['format']): 'text' | 'json' {
  if (format === 'markdown') {
    throw new UsageError({
      what: 'A sweep has no page: it prints one line for each pull request.',
      fix: 'Ask for text or JSON.',
      next: 'sluice gate --sweep --format json',
    });
  }
  return format;
}

/** `sluice gate`: one decision, from a facts document or from a pull request. */
export async function gateCommand(this: SluiceContext, flags: GateFlags): Promise<void> {
  const order = orderOf(flags);
  if (order.mode === 'sweep') {
    await sweepCommand(this, order);
    return;
  }
  const { facts, decision, publication, expressions } = await decided(await this.services(), order);
  switch (flags.format) {
    case 'text':
      this.print(renderDecisionText(decision, completeOf(facts), this.style));
      this.print(renderTrafficText(facts.traffic, this.style));
      this.print(stateLine(facts, decision, this.style));
      break;
    case 'json':
      this.print(`${canonicalJson(documentOf(facts, decision))}\n`);
      break;
    case 'markdown':
      this.print(renderDecisionMarkdown(decision, facts, publication, expressions));
      break;
  }
  this.exit(verdictExit(decision.verdict));
}

function documentOf(facts: Facts, decision: Decision): JsonObject {
  const releasable = facts.moment === 'apply' ? { releasable: releasableNow(facts, decision) } : {};
  const document = {
    ...decision,
    traffic: facts.traffic,
    outcome: verdictExit(decision.verdict),
    ...releasable,
  };
  return document as unknown as JsonObject;
}

/** Where the change stands after this decision; nothing without exactly one record. */
function stateLine(facts: Facts, decision: Decision, style: Style): string {
  const only = completeOf(facts);
  if (only === null) {
    return '';
  }
  const { record } = only;
  const { pull, history, now } = facts;
  return `${renderState(deriveState({ record, pull, decision, releases: history, isApplying: false, now }), style)}\n`;
}

async function decided(
  services: Services,
  order: Exclude<GateOrder, { readonly mode: 'sweep' }>,
): Promise<Omit<DecidedPull, 'placed'>> {
  if (order.mode === 'facts') {
    const facts = await loadFacts(services, order.path);
    const artifact = await savePlan(services, order.savePlan, facts);
    const expressions = new Expressions();
    const publication = { artifact, publisher: null };
    return { facts, decision: decide(facts, expressions), publication, expressions };
  }
  const { number, moment, bundles } = order;
  const { result } = await decidePull(services, {
    number,
    moment,
    bundles,
    publish: order.publish ? 'always' : 'never',
    ...(order.savePlan === undefined ? {} : { savePlan: order.savePlan }),
  });
  if ('error' in result) {
    throw result.error;
  }
  if (order.saveFacts !== undefined) {
    const { facts } = result;
    const text = canonicalJson({ ...facts, plan: maskPlan(facts.plan) });
    await services.files.writeText(order.saveFacts, `${services.secrets.without(text)}\n`);
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
  await refuseOtherEstate(services, path, facts.value);
  return facts.value;
}

/** What is decided here is about stacks of this estate, as its registers list them. */
async function refuseOtherEstate(services: Services, path: string, { plan }: Facts): Promise<void> {
  const policy = await readPolicy(fromWorkingTree(services.files, await services.git.root()));
  const known = policy.ok
    ? policy.value.registers.flatMap(({ stacks }) => stacks.map(({ name }) => name))
    : [];
  const foreign = plan.stacks.filter(({ stack }) => !known.includes(stack)).map(({ stack }) => stack);
  if (known.length > 0 && foreign.length > 0 && foreign.length === plan.stacks.length) {
    throw new InputError({
      what: `${path} is about another estate.`,
      why: `It plans ${foreign.join(', ')}; the registers here have ${known.join(', ')}.`,
      fix: 'Decide in the repository that it comes from.',
      next: 'sluice gate --pr <number> --save-facts facts.json',
    });
  }
}
