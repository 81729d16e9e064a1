/**
 * Whether a live value is the approved one. Approved values come from configuration and may still hold references; what
 * a reference resolves to is Terraform's to say, but the text around it is not.
 */
import type { TemplatePart, Template } from '../../plan/expression/facts.ts';
import { literalText, mayBeTemplate, parseTemplate } from '../../plan/expression/parse.ts';
import type { Json, JsonObject } from '../../plan/types.ts';

/**
 * Every value of `approved` is in `live`. Live may hold more: what the provider fills in. A reference
 * (`${cloudflare_zone.shop.id}`) stands for whatever Terraform resolves it to, because the bundle that resolves it is the
 * approved one; the literal parts around it must be there. `$${` is text, not a reference.
 */
export function includesValue(approved: Json, live: Json): boolean {
  if (typeof approved === 'string') {
    return includesText(approved, live);
  }
  if (approved === null) {
    return live === null || (Array.isArray(live) && live.length === 0);
  }
  if (Array.isArray(approved)) {
    return includesList(approved as readonly Json[], live);
  }
  if (typeof approved === 'object') {
    return includesObject(approved as JsonObject, live);
  }
  return sameScalar(approved, live);
}

/** True for a text that is one reference or expression and nothing else: it can resolve to any value, a list included. */
export function standsForAnything(approved: Json | undefined): boolean {
  return typeof approved === 'string' && literalParts(approved)?.join('') === '';
}

function includesText(approved: string, live: Json): boolean {
  const literals = literalParts(approved);
  if (literals === null) {
    return sameScalar(approved, live) || isUnescaped(approved, live);
  }
  if (literals.join('') === '') {
    return true;
  }
  return live !== null && typeof live !== 'object' && hasInOrder(String(live), literals);
}

/** `$${x}` in the configuration is `${x}` at Cloudflare. Texts without a reference may come resolved or as written. */
function isUnescaped(approved: string, live: Json): boolean {
  return mayBeTemplate(approved) && literalText(approved) === live;
}

/**
 * The texts before, between and after the references, so that there is one more of them than there are references; null
 * when nothing in the text refers to anything. `${1}` in a Cloudflare expression is such a text, and so is what cannot be
 * read: no such template reaches Terraform.
 */
function literalParts(text: string): readonly string[] | null {
  const template = mayBeTemplate(text) ? parseTemplate(text) : null;
  if (template?.kind !== 'template' || !evaluates(template)) {
    return null;
  }
  // What a directive makes of its parts only Terraform can tell.
  return template.isConcatenation ? textsAround(template.parts) : ['', ''];
}

/** What is not a reference, no function, no operation and no directive is text that only looks like a template. */
function evaluates({ calls, isConcatenation, parts, references }: Template): boolean {
  return (
    !isConcatenation ||
    calls.length > 0 ||
    references.some(({ target }) => target.includes('.') || repeated.has(target)) ||
    parts.some((part) => part.kind === 'expression' && part.whole.kind === 'composite')
  );
}

const repeated: ReadonlySet<string> = new Set(['each', 'count', 'self', 'path', 'terraform']);

function textsAround(parts: readonly TemplatePart[]): readonly string[] {
  const literals = [''];
  for (const part of parts) {
    const text = part.kind === 'text' ? part.text : part.whole.kind === 'value' ? part.whole.value : null;
    literals.push(text === null ? '' : `${literals.pop() ?? ''}${String(text)}`);
  }
  return literals;
}

function hasInOrder(text: string, literals: readonly string[]): boolean {
  const [first = '', ...rest] = literals;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) {
    return false;
  }
  const end = text.length - last.length;
  let from = first.length;
  for (const literal of rest) {
    const found = text.indexOf(literal, from);
    if (found < 0 || found + literal.length > end) {
      return false;
    }
    from = found + literal.length;
  }
  return true;
}

function includesObject(approved: JsonObject, live: Json): boolean {
  if (live === null || typeof live !== 'object' || Array.isArray(live)) {
    return Object.keys(approved).length === 0 && live === null;
  }
  return Object.entries(approved).every(([name, value]) =>
    includesValue(value, (live as JsonObject)[name] ?? null),
  );
}

/** Lists must agree in length; order may differ only where every element finds its own partner (sets). */
function includesList(approved: readonly Json[], live: Json): boolean {
  if (!Array.isArray(live)) {
    return approved.length === 0 && live === null;
  }
  const found = live as readonly Json[];
  if (found.length !== approved.length) {
    return false;
  }
  if (approved.every((value, index) => includesValue(value, found[index] ?? null))) {
    return true;
  }
  if (approved.some((value) => typeof value === 'object')) {
    return false;
  }
  // Those that can only be one value choose first; a reference takes what is left.
  const left = [...found];
  return approved
    .toSorted((a, b) => Number(standsForAnything(a)) - Number(standsForAnything(b)))
    .every((value) => {
      const at = left.findIndex((candidate) => includesValue(value, candidate));
      left.splice(Math.max(at, 0), 1);
      return at >= 0;
    });
}

/** Terraform converts between numbers, booleans and strings as the schema asks: `"300"` and `300` are one value. */
function sameScalar(approved: boolean | number | string, live: Json): boolean {
  return (
    approved === live || (live !== null && typeof live !== 'object' && String(approved) === String(live))
  );
}
