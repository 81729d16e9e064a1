/**
 * What is known of a template or an expression of Terraform's language once all of it was read. Nothing here evaluates:
 * which names are called and referred to, and where they stand, is all that planning from configuration needs.
 */

/** One step behind a reference; null where only a run can tell it: a computed index, or every element of a splat. */
export type ReferenceStep = string | number | null;

/** `${cloudflare_zone.shop.id}` refers to `cloudflare_zone.shop`, steps `['id']`. */
export interface ExpressionReference {
  /** `var.x`, `local.x`, `module.x`, `data.TYPE.NAME` or `TYPE.NAME`; for `each` and the like the first word. */
  readonly target: string;
  readonly rest: readonly ReferenceStep[];
}

export interface PlacedReference extends ExpressionReference {
  /** Where the target stands in the text; null where the variable of a `for` stands for it. */
  readonly place: { readonly start: number; readonly end: number } | null;
  /** The elements are gone through by a `for`: what is taken of each is a reference of its own. */
  readonly isIterated: boolean;
}

/** What an expression is when it is nothing more than that. */
export type Whole =
  | { readonly kind: 'reference'; readonly reference: ExpressionReference }
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'composite' };

export interface ExpressionNames {
  readonly references: readonly PlacedReference[];
  /** Called functions, with their namespace: `length`, `provider::cloudflare::f`. */
  readonly calls: readonly string[];
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly whole: Whole };

export interface Template extends ExpressionNames {
  readonly kind: 'template';
  readonly parts: readonly TemplatePart[];
  /** The value is the parts one after another; false with directives and strip markers, where only a run can tell. */
  readonly isConcatenation: boolean;
}

export interface TerraformExpression extends ExpressionNames {
  readonly kind: 'expression';
  readonly whole: Whole;
}

/** The text is not, or not known to be, in the language: nothing may be concluded from it. */
export interface Unread {
  readonly kind: 'unread';
  /** Where reading ended. */
  readonly at: number;
  readonly why: string;
}
