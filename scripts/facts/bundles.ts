/** Where the two sides of a plan come from: the working tree, a ref, a folder of bundles, or the ledger. */
import { InputError, UsageError } from '../contract/errors.ts';
import type { LocatedDocument } from '../read/document.ts';
import { limits } from '../json/limits.ts';
import { readJson } from '../read/json/json.ts';
import { bundleText, canonicalBundle } from '../plan/bundle.ts';
import { readConfiguration } from '../plan/terraform/configuration.ts';
import type { Bundle, JsonObject } from '../plan/types.ts';
import type { Files, Git, GitFile, LocalSynthesizer, Synthesizer } from '../contract/ports.ts';
import { startingStates, type ApprovedChange } from '../release/approval-use.ts';
import { bundleOf } from '../release/history.ts';
import type { Ledger } from '../release/types.ts';
import { refuseHcl } from './not-json.ts';
import { refuseUnaccepted } from './unaccepted.ts';

export type Bundles = ReadonlyMap<string, Bundle>;

/** What each stack is configured with. */
export function configurationsOf(bundles: Bundles): ReadonlyMap<string, JsonObject> {
  return new Map([...bundles].map(([stack, { configuration }]) => [stack, configuration]));
}

/** What the stack code of a folder gives. */
export async function synthesized(by: Synthesizer | LocalSynthesizer, folder: string): Promise<Bundles> {
  return bundlesOf(await stacksOf(by, folder));
}

async function stacksOf(
  by: Synthesizer | LocalSynthesizer,
  folder: string,
): Promise<ReadonlyMap<string, JsonObject>> {
  return 'synth' in by ? by.synth(folder) : by.synthCached(folder);
}

function bundlesOf(stacks: ReadonlyMap<string, JsonObject>): Bundles {
  return new Map([...stacks].map(([stack, configuration]) => [stack, canonicalBundle(stack, configuration)]));
}

/**
 * The same, for what is to be released: stack code that writes a value which the provider refuses is refused where it is built,
 * with the construct that wrote it. What was merged or released before is not asked: a bad value in it has to be mended.
 */
export async function synthesizedProposal(
  by: Synthesizer | LocalSynthesizer,
  folder: string,
): Promise<Bundles> {
  const stacks = await stacksOf(by, folder);
  const bundles = bundlesOf(stacks);
  refuseUnaccepted(stacks, bundles);
  return bundles;
}

/** Runs the stack code of another commit in a checkout of its own. */
export async function synthesizedAt(git: Git, synth: Synthesizer, ref: string): Promise<Bundles> {
  const checkout = await git.checkout(ref);
  try {
    return await synthesized(synth, checkout.path);
  } finally {
    await checkout.release();
  }
}

/**
 * What the ledger says is live, for every stack that has been released; for an approval that is being judged, without
 * what it released itself.
 */
export function released(ledger: Ledger, judged: Pick<ApprovedChange, 'headSha'> | null): Bundles {
  const states = startingStates(ledger, judged);
  return new Map([...states].map(([stack, folder]) => [stack, bundleOf(ledger, folder)]));
}

/** Bundles written by `sluice synth --out`: hostile data until proven otherwise. */
export async function fromFolder(files: Files, folder: string): Promise<Bundles> {
  if (!(await files.exists(folder))) {
    throw new UsageError({
      what: `The bundle folder ${folder} does not exist.`,
      fix: 'Write it first, or name the folder that the synth job uploaded.',
      next: `sluice synth --out ${folder}`,
    });
  }
  const texts: GitFile[] = [];
  for (const path of await files.list(folder)) {
    stackOf(path, folder);
    texts.push({ path, text: await files.readText(`${folder}/${path}`, documentLimit) });
  }
  return fromTexts(texts, folder);
}

/** The same, from texts that are here already. `origin` names in errors where they are from. */
export function fromTexts(texts: readonly GitFile[], origin: string): Bundles {
  const bundles = new Map<string, Bundle>();
  for (const { path, text } of texts) {
    const stack = stackOf(path, origin);
    const configuration = configurationIn(documentIn(text, `${origin}/${path}`).value, `${origin}/${path}`);
    bundles.set(stack, canonicalBundle(stack, configuration));
  }
  if (bundles.size === 0) {
    throw new InputError({
      what: `${origin} holds no bundle.`,
      why: 'An empty folder would read as an estate from which everything is deleted.',
      fix: 'Check that the synth job wrote it and that the whole artifact was downloaded.',
      next: `sluice synth --out ${origin}`,
    });
  }
  return bundles;
}

function stackOf(path: string, origin: string): string {
  const stack = /^([a-z0-9][a-z0-9-]*)\.tf\.json$/.exec(path)?.[1];
  if (stack === undefined) {
    throw new InputError({
      what: `${origin}/${path} is not a bundle.`,
      why: 'A bundle folder holds <stack>.tf.json files and nothing else.',
      next: `sluice synth --out ${origin}`,
    });
  }
  return stack;
}

/** Writes one file per stack; returns their paths. */
export async function writeBundles(
  files: Files,
  folder: string,
  bundles: Bundles,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const bundle of bundles.values()) {
    const path = `${folder}/${bundle.stack}.tf.json`;
    await files.writeText(path, bundleText(bundle));
    written.push(path);
  }
  return written;
}

/** Limit for one configuration or plan document, in bytes. */
const documentLimit = limits.json.bytes;

/** A `*.tf.json` file as a configuration; a plan, a state or a file with blocks of the wrong shape is refused. */
export async function readConfigurationFile(files: Files, path: string): Promise<JsonObject> {
  return configurationIn(await readJsonFile(files, path), path);
}

function configurationIn(document: unknown, path: string): JsonObject {
  const reading = readConfiguration(document, path);
  if (!reading.ok) {
    throw new InputError({
      what: `${path} is not a Terraform JSON configuration.`,
      diagnostics: reading.diagnostics,
      fix: 'Name a *.tf.json file, for example cdktf.out/stacks/<stack>/cdk.tf.json.',
      next: 'sluice plan --help',
    });
  }
  return reading.value;
}

/** Any JSON document from outside, read with the limits of scripts/input. */
export async function readJsonFile(files: Files, path: string): Promise<unknown> {
  return (await readJsonDocument(files, path)).value;
}

/** The same with the places of its parts, for readers that name them. */
export async function readJsonDocument(files: Files, path: string): Promise<LocatedDocument> {
  const text = await files.readText(path, documentLimit);
  refuseHcl(path, text);
  return documentIn(text, path);
}

function documentIn(text: string, path: string): LocatedDocument {
  const document = readJson(text, path);
  if (!document.ok) {
    throw new InputError({
      what: `${path} is not JSON that can be read.`,
      diagnostics: document.diagnostics,
      next: 'sluice plan --help',
    });
  }
  return document.value;
}

/** Checks names given on the command line: an unknown one is an error, never everything and never the last one. */
export function selectStacks(known: readonly string[], wanted: readonly string[]): readonly string[] {
  const unknown = wanted.filter((stack) => !known.includes(stack));
  if (unknown.length > 0) {
    throw new UsageError({
      what: `Unknown stack: ${unknown.join(', ')}.`,
      why: `The estate has: ${known.join(', ')}.`,
      fix: 'Check the spelling.',
      next: 'sluice plan --help',
    });
  }
  return (wanted.length === 0 ? known : [...new Set(wanted)]).toSorted((a, b) => (a < b ? -1 : 1));
}
