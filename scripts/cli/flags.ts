/** Flags that several commands share, so that one name means one thing everywhere. */
import type { SluiceContext } from '../contract/context.ts';

/** Kinds of values that a shell completes, by the placeholder that stands for them. */
const completedKinds = ['client', 'service', 'stack', 'person', 'change', 'release', 'id', 'topic'] as const;
export type Completed = (typeof completedKinds)[number];

/** What is known of such values, looked up only at a tab. */
export function completed(placeholder: string) {
  const kind = completedKinds.find((known) => known === placeholder);
  return async function propose(this: SluiceContext): Promise<readonly string[]> {
    return kind === undefined
      ? []
      : (await import('./help/candidates.ts')).candidatesOf(kind, await this.services());
  };
}

export const optionalText = (brief: string, placeholder: string) =>
  ({
    kind: 'parsed',
    parse: String,
    brief,
    placeholder,
    proposeCompletions: completed(placeholder),
    optional: true,
  }) as const;

export const text = (brief: string, placeholder: string, value: string) =>
  ({
    kind: 'parsed',
    parse: String,
    brief,
    placeholder,
    proposeCompletions: completed(placeholder),
    default: value,
  }) as const;

export const requiredText = (brief: string, placeholder: string) =>
  ({
    kind: 'parsed',
    parse: String,
    brief,
    placeholder,
    proposeCompletions: completed(placeholder),
  }) as const;

export const repeatedText = (brief: string, placeholder: string) =>
  ({
    kind: 'parsed',
    parse: String,
    brief,
    placeholder,
    proposeCompletions: completed(placeholder),
    variadic: true,
    optional: true,
  }) as const;

export const toggle = (brief: string) =>
  ({ kind: 'boolean', brief, default: false, withNegated: false }) as const;

export const optionalNumber = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: wholeNumber, brief, placeholder, optional: true }) as const;

export const requiredNumber = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: wholeNumber, brief, placeholder }) as const;

export const wholeNumberOr = (fallback: number, brief: string) =>
  ({ kind: 'parsed', parse: wholeNumber, brief, placeholder: 'number', default: String(fallback) }) as const;

export const choice = <const T extends readonly string[]>(
  values: T,
  fallback: NoInfer<T[number]>,
  brief: string,
) => ({ kind: 'enum', values, default: fallback, brief }) as const;

/** Without a default: whether it was given matters. */
export const optionalChoice = <const T extends readonly string[]>(values: T, brief: string) =>
  ({ kind: 'enum', values, optional: true, brief }) as const;

export const stackNames = {
  kind: 'array',
  parameter: {
    parse: String,
    brief: 'stack, for example acme-production; all when none is named',
    placeholder: 'stack',
    proposeCompletions: completed('stack'),
  },
} as const;

export const changeId = {
  kind: 'tuple',
  parameters: [
    {
      parse: String,
      brief: 'a change, for example CHG-2026-0004',
      placeholder: 'change',
      proposeCompletions: completed('change'),
    },
  ],
} as const;

export const changeOrRelease = {
  kind: 'tuple',
  parameters: [
    {
      parse: String,
      brief: 'a change (CHG-2026-0004) or a release (R0006)',
      placeholder: 'id',
      proposeCompletions: completed('id'),
    },
  ],
} as const;

export const maybeOneStack = {
  kind: 'tuple',
  parameters: [
    {
      parse: String,
      brief: 'stack, for example acme-production',
      placeholder: 'stack',
      proposeCompletions: completed('stack'),
      optional: true,
    },
  ],
} as const;

const targets = ['sandbox', 'cloudflare'] as const;
const where = 'where Terraform applies: the local sandbox (no credentials) or Cloudflare itself';

export const targetFlag = choice(targets, 'sandbox', where);

export const optionalTarget = optionalChoice(targets, `${where}; the sandbox when left away`);

export function wholeNumber(input: string): number {
  if (!/^\d{1,9}$/.test(input)) {
    throw new SyntaxError(`"${input}" is not a whole number`);
  }
  return Number(input);
}
