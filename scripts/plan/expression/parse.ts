/**
 * The one reader of Terraform's expression language: templates as they stand in the strings of a JSON configuration, and
 * expressions as they stand alone in a few of its places. Total: it reads all of a text or says that it does not, and
 * what it does not read may do anything. One pass, bounded depth: texts come from outside.
 *
 * It takes a little more than Terraform does (operators between things that have no sum, a `for` with a key twice); what
 * it takes that Terraform does not, Terraform refuses. The other way round would be a hole:
 * `test/plan/expression/terraform.test.ts` asks Terraform.
 */
import { NotUnderstood } from './cursor.ts';
import { ExpressionReader } from './expression-reader.ts';
import type { TerraformExpression, PlacedReference, ExpressionReference, Template, Unread } from './facts.ts';

/** True when a text may hold an interpolation or a directive; most do not, so this comes first. */
export function mayBeTemplate(text: string): boolean {
  return text.includes('{') && (text.includes('${') || text.includes('%{'));
}

/** The template that a string of a JSON configuration is. */
export function parseTemplate(text: string): Template | Unread {
  const reader = new ExpressionReader(text);
  return reading(() => ({ kind: 'template', ...reader.wholeTemplate(), ...reader.names }));
}

/** The expression that a text is as a whole. */
export function parseExpression(text: string): TerraformExpression | Unread {
  const reader = new ExpressionReader(text);
  return reading(() => ({ kind: 'expression', whole: reader.wholeExpression(), ...reader.names }));
}

function reading<T>(read: () => T): T | Unread {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotUnderstood) {
      return { kind: 'unread', at: error.at, why: error.message };
    }
    throw error;
  }
}

/** The text that a string of a configuration stands for, with `$${` as `${`; null when that has to be evaluated first. */
export function literalText(text: string): string | null {
  if (!mayBeTemplate(text)) {
    return text;
  }
  const template = parseTemplate(text);
  if (template.kind === 'unread' || !template.isConcatenation) {
    return null;
  }
  const texts = template.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return texts.length === template.parts.length ? texts.join('') : null;
}

/** True when a text has to be evaluated before it is a value, or cannot be read. */
export function isOpenText(text: string): boolean {
  return literalText(text) === null;
}

/** What a text refers to; nothing when it cannot be read, which the list of dangers refuses. */
export function referencesOfText(text: string): readonly PlacedReference[] {
  const template = mayBeTemplate(text) ? parseTemplate(text) : null;
  return template?.kind === 'template' ? template.references : [];
}

/** The reference that a text is and nothing else: `${cloudflare_zone.shop.id}`. */
export function soleReference(text: string): ExpressionReference | null {
  const template = mayBeTemplate(text) ? parseTemplate(text) : null;
  const isPlain = template?.kind === 'template' && template.isConcatenation;
  const [part, ...more] = isPlain ? template.parts : [];
  return part?.kind === 'expression' && more.length === 0 && part.whole.kind === 'reference'
    ? part.whole.reference
    : null;
}

/**
 * The reference that a text is in the places where Terraform reads the text as one (`depends_on`, `moved`, `lifecycle`):
 * plain, or between interpolation marks as some frameworks write it.
 */
export function namedReference(text: string): ExpressionReference | null {
  if (mayBeTemplate(text)) {
    return soleReference(text);
  }
  const expression = parseExpression(text);
  return expression.kind === 'expression' && expression.whole.kind === 'reference'
    ? expression.whole.reference
    : null;
}
