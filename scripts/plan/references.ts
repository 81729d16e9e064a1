/**
 * The little of Terraform's expression syntax that a plan from configuration needs: where a template holds
 * interpolations, and which objects an expression refers to. Anything that is not understood stays an expression.
 * Scanning is by hand and linear: configurations come from outside, and a pattern could be made to backtrack.
 */

/** `${cloudflare_zone.shop.id}` refers to `cloudflare_zone.shop`, attribute path `['id']`. */
export interface Reference {
  /** `var.x`, `local.x`, `module.x`, `data.TYPE.NAME` or `TYPE.NAME`; for `each` and the like the first word. */
  readonly target: string;
  readonly rest: readonly (string | number)[];
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string };

/** True when a text may hold an interpolation or a directive; most do not, so this comes first. */
export function mayBeTemplate(text: string): boolean {
  return text.includes('{') && (text.includes('${') || text.includes('%{'));
}

/**
 * A template in parts, with `$${` and `%%{` unescaped. A `%{…}` directive, or braces that never close, give one expression
 * part: the whole text then cannot be known.
 */
export function templateParts(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let index = 0;
  while (index < text.length) {
    const two = text.slice(index, index + 2);
    const three = text.slice(index, index + 3);
    if (three === '$${' || three === '%%{') {
      literal += three.slice(1);
      index += 3;
    } else if (two === '${') {
      const end = closingBrace(text, index + 2);
      if (end < 0) {
        return [{ kind: 'expression', text }];
      }
      if (literal !== '') {
        parts.push({ kind: 'text', text: literal });
      }
      parts.push({ kind: 'expression', text: text.slice(index + 2, end).trim() });
      literal = '';
      index = end + 1;
    } else if (two === '%{') {
      return [{ kind: 'expression', text }];
    } else {
      literal += text[index] ?? '';
      index += 1;
    }
  }
  return literal === '' ? parts : [...parts, { kind: 'text', text: literal }];
}

/** Position of the brace that closes an interpolation, with strings and inner braces passed over; -1 if none does. */
function closingBrace(text: string, start: number): number {
  let depth = 1;
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\' && quoted) {
      index += 1;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && character === '{') {
      depth += 1;
    } else if (!quoted && character === '}') {
      depth -= 1;
      if (depth === 0) {
        return index;
      }
    }
  }
  return -1;
}

const traversal = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d{1,9}\]|\["[^"\\]{0,200}"\])*$/;

/** The reference that an expression is as a whole, or null when it is anything more. */
export function wholeReference(expression: string): Reference | null {
  if (expression.length > 1000 || !traversal.test(expression)) {
    return null;
  }
  return toReference(expression);
}

/**
 * Every reference in an expression, in order, with where it stands. Dotted words inside strings are given too: a caller
 * asks whether something that changed is among them, and one name too many is the safe side.
 */
export function scanReferences(
  expression: string,
): readonly { readonly start: number; readonly end: number; readonly reference: Reference }[] {
  const found: { start: number; end: number; reference: Reference }[] = [];
  let index = 0;
  while (index < expression.length) {
    const character = expression[index] ?? '';
    if (isWordStart(character) && !isWordPart(expression[index - 1] ?? ' ')) {
      const end = endOfTraversal(expression, index);
      const reference = toReference(expression.slice(index, end));
      if (reference.target.includes('.')) {
        found.push({ start: index, end, reference });
      }
      index = end;
    } else {
      index += 1;
    }
  }
  return found;
}

function endOfTraversal(text: string, start: number): number {
  let index = start;
  while (index < text.length && isWordPart(text[index] ?? '')) {
    index += 1;
  }
  return index;
}

function isWordStart(character: string): boolean {
  return /[A-Za-z_]/.test(character);
}

function isWordPart(character: string): boolean {
  return /[\w.-]/.test(character);
}

function toReference(text: string): Reference {
  const steps = [...text.matchAll(/[\w-]+|"[^"]*"/g)].map(([step]) =>
    step.startsWith('"') ? step.slice(1, -1) : step,
  );
  const length = targetLengths.get(steps[0] ?? '') ?? 2;
  const rest = steps.slice(length).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return { target: steps.slice(0, length).join('.'), rest };
}

/** How many steps name the object; for all other first words two. */
const targetLengths: ReadonlyMap<string, number> = new Map([
  ['each', 1],
  ['count', 1],
  ['self', 1],
  ['path', 1],
  ['terraform', 1],
  ['data', 3],
  ['ephemeral', 3],
]);
