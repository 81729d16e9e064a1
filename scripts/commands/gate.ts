import type { Services, SluiceContext } from '../context.ts';
import { InputError, UsageError } from '../errors.ts';
import { verdictExit } from './verdict-exit.ts';
import { checkName } from '../check-name.ts';
import { fromFolder, readJsonDocument, synthesized } from '../gather/bundles.ts';
import { readLocatedFacts } from '../input/facts.ts';
import { gatherPullFacts } from '../operations/pull-facts.ts';
import { canonicalJson, sha256Hex } from '../plan/json.ts';
import { renderAnnotations } from '../render/decision-annotations.ts';
import { renderDecisionMarkdown } from '../render/decision-markdown.ts';
import type { Publication } from '../render/decision-publication.ts';
import { renderDecisionText } from '../render/decision-text.ts';
import { maskPlan } from '../render/mask.ts';
import { renderPlanJson } from '../render/plan-json.ts';
import { renderState } from '../render/check-text.ts';
import type { Style } from '../render/style.ts';
import { decide } from '../../policies/gate.ts';
import { deriveState } from '../../policies/model/state.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';

export interface GateFlags {
  readonly facts?: string;
  readonly pr?: number;
  readonly bundles?: string;
  readonly moment: 'merge' | 'apply';
  readonly publish: boolean;
  readonly saveFacts?: string;
  readonly savePlan?: string;
  readonly format: 'text' | 'json' | 'markdown';
}

/** `sluice gate`: one decision, from a facts document or from a pull request. */
export async function gateCommand(this: SluiceContext, flags: GateFlags): Promise<void> {
  const services = await this.services();
  const { facts, artifact } = await prepare(services, flags).catch(async (error: unknown) => {
    if (flags.publish && flags.pr !== undefined) {
      await publishFailure(services, flags.pr);
    }
    throw error;
  });
  const decision = decide(facts);
  const publication: Publication = {
    artifact,
    publisher: flags.publish && flags.pr !== undefined ? (await services.github()).publisher : null,
  };
  switch (flags.format) {
    case 'text':
      this.print(renderDecisionText(decision, this.style));
      this.print(stateLine(facts, decision, this.style));
      break;
    case 'json':
      this.print(`${canonicalJson({ ...decision, outcome: verdictExit(decision.verdict) })}\n`);
      break;
    case 'markdown':
      this.print(renderDecisionMarkdown(decision, facts, publication));
      break;
  }
  if (flags.publish) {
    await publish(services, flags, { facts, decision, publication });
  }
  this.exit(verdictExit(decision.verdict));
}

/** Everything that may fail before the decision: an older verdict must not outlive a plan that could not be written either. */
async function prepare(
  services: Services,
  flags: GateFlags,
): Promise<{ readonly facts: Facts; readonly artifact: Publication['artifact'] }> {
  const facts = await factsFor(services, flags);
  return { facts, artifact: await savePlan(services, flags, facts) };
}

/**
 * Writes the whole plan, masked, for the artifact that the comment names: `decision-<number>` is what gate.yml keeps. The
 * digest is of the bytes of the file.
 */
async function savePlan(
  services: Services,
  { savePlan: path }: GateFlags,
  { plan, pull }: Facts,
): Promise<Publication['artifact']> {
  if (path === undefined) {
    return null;
  }
  const text = renderPlanJson(plan);
  await services.files.writeText(path, text);
  return pull === null
    ? null
    : {
        name: `decision-${String(pull.number)}`,
        file: path.split('/').at(-1) ?? path,
        sha256: sha256Hex(text),
      };
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

async function factsFor(services: Services, flags: GateFlags): Promise<Facts> {
  if ((flags.facts === undefined) === (flags.pr === undefined)) {
    throw new UsageError({
      what: 'The gate decides from one thing: a facts document or a pull request.',
      fix: 'Give either --facts FILE or --pr NUMBER.',
      next: 'sluice gate --help',
    });
  }
  if (flags.facts !== undefined) {
    return loadFacts(services, flags.facts);
  }
  const proposed =
    flags.bundles === undefined
      ? await synthesized(services.synth, await services.git.root())
      : await fromFolder(services.files, flags.bundles);
  const { facts } = await gatherPullFacts(services, {
    number: flags.pr ?? 0,
    moment: flags.moment,
    proposed,
    mayPage: flags.publish,
  });
  if (flags.bundles === undefined) {
    await refuseOtherTree(services, facts);
  }
  if (flags.saveFacts !== undefined) {
    await services.files.writeText(
      flags.saveFacts,
      `${canonicalJson({ ...facts, plan: maskPlan(facts.plan) })}\n`,
    );
  }
  return facts;
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

/**
 * A gate that could not decide must not leave an older verdict standing: an `allow` from before a veto would still merge.
 * The tuple is of nothing, so no review given now counts for anything. What could not be read is not read again for it.
 */
async function publishFailure(services: Services, number: number): Promise<void> {
  const github = await services.github();
  const { headSha, baseBranch } = await github.placeOf(number);
  const nothing = `sha256:${'0'.repeat(64)}`;
  await github.publish(number, {
    checkName: checkName(baseBranch),
    headSha,
    conclusion: 'failure',
    title: 'undetermined: the gate could not read everything it needs',
    summary:
      'The gate failed before it could decide; the log of its run says why. Nothing may be merged until it has decided.',
    annotations: [],
    tuple: { headSha, effectDigest: nothing, recordDigest: nothing, policyDigest: nothing },
  });
}

/** Without bundles from the synth job the working tree stands in for the head, so it must be exactly that. */
async function refuseOtherTree(services: Services, facts: Facts): Promise<void> {
  const [head, dirty] = await Promise.all([services.git.headSha(), services.git.dirtyPaths()]);
  if (facts.pull !== null && (head !== facts.pull.headSha || dirty.length > 0)) {
    throw new UsageError({
      what: `The working tree is not the head of pull request ${String(facts.pull.number)}.`,
      why: 'The decision would be about other code than the one that is approved and merged.',
      fix: 'Name the bundles of the synth job, or check out the head without local changes.',
      next: `git checkout ${facts.pull.headSha}`,
    });
  }
}

interface Decided {
  readonly facts: Facts;
  readonly decision: Decision;
  readonly publication: Publication;
}

async function publish(
  services: Services,
  flags: GateFlags,
  { facts, decision, publication }: Decided,
): Promise<void> {
  if (flags.pr === undefined || facts.pull === null) {
    throw new UsageError({
      what: '--publish needs a pull request.',
      fix: 'Give --pr NUMBER.',
      next: 'sluice gate --help',
    });
  }
  const github = await services.github();
  await github.publish(flags.pr, {
    checkName: checkName(facts.pull.baseBranch),
    headSha: facts.pull.headSha,
    conclusion:
      decision.verdict === 'allow' ? 'success' : decision.verdict === 'deny' ? 'failure' : 'action_required',
    title: `${decision.verdict}: risk ${decision.risk.effective}`,
    summary: renderDecisionMarkdown(decision, facts, publication),
    annotations: renderAnnotations(decision, facts),
    tuple: decision.tuple,
  });
}
