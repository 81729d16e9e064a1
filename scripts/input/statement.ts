/**
 * Reads what somebody says to Sluice in a comment of a pull request. A statement is a whole comment that begins with
 * `/sluice`: quoted text, a second line or a mention in passing says nothing. Who may say it is decided elsewhere.
 */

/** One statement, without who said it and when. */
export type Said =
  | { readonly kind: 'waive-commit'; readonly sha: string; readonly reason: string }
  | { readonly kind: 'freeze-exemption'; readonly freeze: string; readonly reason: string }
  | { readonly kind: 'reclassify'; readonly to: 'normal'; readonly reason: string }
  | {
      readonly kind: 'condition';
      readonly condition: string;
      readonly closer: string;
      readonly reason: string;
    }
  | { readonly kind: 'condition-closed'; readonly condition: string; readonly reason: string }
  | {
      readonly kind: 'client-approval';
      readonly client: string;
      readonly path: string;
      readonly digest: string;
      readonly reason: string;
    }
  | { readonly kind: 'break-glass'; readonly reason: string }
  | { readonly kind: 'ratify'; readonly decision: 'ratified' | 'refused'; readonly reason: string }
  | { readonly kind: 'misread'; readonly problem: string };

/** Longest reason that is kept; the facts' schema takes no longer one. */
const longestReason = 2000;

interface Form {
  /** Words between the verb and the reason, by name. */
  readonly words: readonly (readonly [string, RegExp])[];
  /** A statement that takes responsibility says why. */
  readonly needsReason: boolean;
  readonly make: (words: Readonly<Record<string, string>>, reason: string) => Said;
}

const slug = /^[a-z0-9][a-z0-9-]{0,63}$/;
const person = /^[a-z][a-z0-9.-]{0,62}$/;

const forms: ReadonlyMap<string, Form> = new Map<string, Form>([
  [
    'waive-commit',
    {
      words: [['sha', /^[0-9a-f]{40}$/]],
      needsReason: true,
      make: ({ sha = '' }, reason) => ({ kind: 'waive-commit', sha, reason }),
    },
  ],
  [
    'exempt',
    {
      words: [['freeze', slug]],
      needsReason: true,
      make: ({ freeze = '' }, reason) => ({ kind: 'freeze-exemption', freeze, reason }),
    },
  ],
  [
    'reclassify',
    {
      words: [['type', /^normal$/]],
      needsReason: true,
      make: (_, reason) => ({ kind: 'reclassify', to: 'normal', reason }),
    },
  ],
  [
    'condition',
    {
      words: [
        ['condition', slug],
        ['closer', person],
      ],
      needsReason: true,
      make: ({ condition = '', closer = '' }, reason) => ({ kind: 'condition', condition, closer, reason }),
    },
  ],
  [
    'close',
    {
      words: [['condition', slug]],
      needsReason: false,
      make: ({ condition = '' }, reason) => ({ kind: 'condition-closed', condition, reason }),
    },
  ],
  [
    'client-approval',
    {
      words: [
        ['client', slug],
        ['path', /^changes\/[a-z0-9-]+\/evidence\/[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/],
        ['digest', /^sha256:[0-9a-f]{64}$/],
      ],
      needsReason: false,
      make: ({ client = '', path = '', digest = '' }, reason) => ({
        kind: 'client-approval',
        client,
        path,
        digest,
        reason,
      }),
    },
  ],
  ['break-glass', { words: [], needsReason: true, make: (_, reason) => ({ kind: 'break-glass', reason }) }],
  [
    'ratify',
    {
      words: [],
      needsReason: false,
      make: (_, reason) => ({ kind: 'ratify', decision: 'ratified', reason }),
    },
  ],
  [
    'refuse',
    { words: [], needsReason: true, make: (_, reason) => ({ kind: 'ratify', decision: 'refused', reason }) },
  ],
]);

/** The verbs with their words, for help texts: `/sluice condition <condition> <closer> <reason>`. */
export const statementForms: readonly string[] = [...forms].map(([verb, form]) => usage(verb, form));

function usage(verb: string, { words, needsReason }: Form): string {
  const reason = needsReason ? '<reason>' : '[reason]';
  return ['/sluice', verb, ...words.map(([name]) => `<${name}>`), reason].join(' ');
}

/** Null when the comment is not meant for Sluice; `misread` when it is, and is not one of the forms. */
export function readSaid(comment: string): Said | null {
  const text = /^\/sluice(?:\s+([\s\S]*))?$/.exec(comment);
  if (text === null) {
    return null;
  }
  const [verb = '', ...rest] = (text[1] ?? '').trim().split(/\s+/);
  const form = forms.get(verb);
  if (form === undefined) {
    return misread(`there is no statement of that name; there are: ${[...forms.keys()].join(', ')}`);
  }
  const words: Record<string, string> = {};
  for (const [index, [name, pattern]] of form.words.entries()) {
    const word = rest[index] ?? '';
    if (!pattern.test(word)) {
      return misread(`${word === '' ? 'no' : 'not a'} ${name}; it reads: ${usage(verb, form)}`);
    }
    words[name] = word;
  }
  const reason = rest.slice(form.words.length).join(' ').slice(0, longestReason);
  return form.needsReason && reason === ''
    ? misread(`no reason; it reads: ${usage(verb, form)}`)
    : form.make(words, reason);
}

function misread(problem: string): Said {
  return { kind: 'misread', problem };
}
