/**
 * Which references of a configuration give a value that is sensitive: attributes that the provider marks, variables that
 * are declared so, and locals made of them. What cannot be told counts as sensitive where it could be.
 */
import { isSecretName } from '../../secrets/names.ts';
import type { PlacedReference, ReferenceStep } from '../expression/facts.ts';
import { cloudflareSource, factsOf, type AttributeFacts } from '../../provider/facts.ts';
import { isList, isObject, own } from '../../json/json.ts';
import { labelled } from '../stack-view.ts';
import { isMarked } from '../typed.ts';
import type { Json, JsonObject } from '../types.ts';
import type { TextReading, TextReader } from './texts.ts';

/** Read by everybody who opens the page that it stands in. */
const publicNames: ReadonlySet<string> = new Set(['site_token']);
/** Of a type that is not in the table nothing else is known to be harmless. */
const harmlessNames: ReadonlySet<string> = new Set(['id', 'name', 'zone_id', 'account_id']);

/** Locals that are made of locals are followed so far. An estate has a handful; what is longer would exhaust the stack. */
const longestChain = 100;

export class SecretSources {
  readonly #configuration: JsonObject;
  readonly #reader: TextReader;
  readonly #variables: ReadonlySet<string>;
  readonly #readings = new Map<TextReading, string | null>();
  /** Whether anything in a local is sensitive. */
  readonly #locals = new Map<string, boolean>();
  #chain = 0;

  /** With `ids`, a variable that is named for the id of a zone or an account is none of a secret. */
  constructor(configuration: JsonObject, reader: TextReader, ids: 'secret' | 'plain' = 'secret') {
    this.#configuration = configuration;
    this.#reader = reader;
    this.#variables = new Set(
      labelled(own(configuration, 'variable'), 1)
        .filter(({ body }) => isMarked(body, 'sensitive') || isMarked(body, 'ephemeral'))
        .map(({ labels }) => labels[0] ?? '')
        .filter((name) => ids === 'secret' || !isIdName(name)),
    );
  }

  /** The reference that makes a template sensitive, as it may be shown; null when none does. */
  secretIn(reading: TextReading): string | null {
    const known = this.#readings.get(reading);
    if (known !== undefined) {
      return known;
    }
    const found = reading.references.find((reference) => this.#isSecret(reference));
    const readable = found === undefined ? null : readableName(found);
    this.#readings.set(reading, readable);
    return readable;
  }

  #isSecret(reference: PlacedReference): boolean {
    const [first = '', second = '', third = ''] = reference.target.split('.');
    switch (first) {
      case 'var':
        return this.#variables.has(second);
      case 'local':
        return this.#isSecretLocal(second, reference.rest);
      case 'module':
        return true;
      case 'data':
        return isSecretData(second, reference);
      default:
        return (
          first.startsWith('cloudflare_') && this.#isSecretAttribute(first, second, reference) && third === ''
        );
    }
  }

  #isSecretLocal(name: string, rest: readonly ReferenceStep[]): boolean {
    const known = this.#locals.get(name);
    if (known === false) {
      return false;
    }
    if (this.#chain >= longestChain) {
      return true;
    }
    this.#chain += 1;
    try {
      return this.#isSecretStated(name, rest, known);
    } finally {
      this.#chain -= 1;
    }
  }

  #isSecretStated(name: string, rest: readonly ReferenceStep[], known: true | undefined): boolean {
    const stated = labelled(own(this.#configuration, 'locals'), 0)
      .map(({ body }) => own(body, name))
      .filter((value) => value !== undefined);
    if (known === undefined) {
      // A local that refers to itself adds nothing, and Terraform refuses it.
      this.#locals.set(name, false);
      this.#locals.set(
        name,
        stated.some((value) => this.#holdsSecret(value)),
      );
    }
    return this.#locals.get(name) === true && stated.some((value) => this.#holdsSecret(part(value, rest)));
  }

  #holdsSecret(value: Json): boolean {
    let isSecret = false;
    this.#reader.visit(value, (reading) => {
      isSecret ||= this.secretIn(reading) !== null;
    });
    return isSecret;
  }

  #isSecretAttribute(type: string, name: string, { isIterated, rest }: PlacedReference): boolean {
    const facts = factsOf(type, cloudflareSource);
    const steps = this.#isRepeated(type, name) ? rest.slice(1) : rest;
    return facts === null ? !isHarmlessName(steps) : isSecretPath(facts, steps, isIterated);
  }

  #isRepeated(type: string, name: string): boolean {
    return labelled(own(this.#configuration, 'resource'), 0)
      .flatMap(({ body }) => labelled(own(body, type), 0))
      .flatMap(({ body }) => labelled(own(body, name), 0))
      .some(({ body }) => own(body, 'for_each') !== undefined || own(body, 'count') !== undefined);
  }
}

/** `zone_id`, `cloudflare_account`, `shop_zone_ids`; not `zone_token`. */
function isIdName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/u);
  return words.some((word) => /^(?:zone|account)(?:id|s|ids)?$/u.test(word)) && !isSecretName(name);
}

/** The part of a value that the steps lead to; all of what they cannot be followed in. */
function part(value: Json, rest: readonly ReferenceStep[]): Json {
  let here = value;
  for (const step of rest) {
    const next = isObject(here) && typeof step === 'string' ? own(here, step) : undefined;
    const item = isList(here) && typeof step === 'number' ? here[step] : next;
    if (item === undefined) {
      return here;
    }
    here = item;
  }
  return here;
}

/** True when something sensitive stands on the way of the steps, or below their end. */
function isSecretPath(node: AttributeFacts, rest: readonly ReferenceStep[], isIterated: boolean): boolean {
  const [step, ...more] = rest;
  if (node.sensitive) {
    return true;
  }
  if (step === undefined) {
    // Of what is gone through, each part that is used is a reference of its own.
    return node.sensitiveBelow && !isIterated;
  }
  if (typeof step === 'string') {
    const next = node.attributes.get(step) ?? node.items;
    return next !== undefined && isSecretPath(next, more, isIterated);
  }
  return node.items === undefined ? node.sensitiveBelow : isSecretPath(node.items, more, isIterated);
}

function isHarmlessName(rest: readonly ReferenceStep[]): boolean {
  const [step] = rest;
  return typeof step === 'string' && harmlessNames.has(step);
}

/** The table holds resource types: a data source is taken for one of its name, and its attributes for what they are called. */
function isSecretData(type: string, { isIterated, rest }: PlacedReference): boolean {
  if (rest.some((step) => typeof step === 'string' && isSecretName(step) && !publicNames.has(step))) {
    return true;
  }
  const facts = factsOf(type, cloudflareSource) ?? factsOf(type.replace(/s$/, ''), cloudflareSource);
  if (rest.length === 0 && !isIterated && (isSecretName(type) || facts?.sensitiveBelow === true)) {
    return true;
  }
  const steps = rest[0] === 'result' ? rest.slice(2) : rest;
  return facts !== null && steps.length > 0 && isSecretPath(facts, steps, isIterated);
}

/** The name of the reference when it is a plain one. */
function readableName({ rest, target }: PlacedReference): string {
  const name = [target, ...rest.filter((step) => typeof step === 'string')].join('.');
  return /^[\w.-]{1,128}$/.test(name) ? name : 'a value';
}
