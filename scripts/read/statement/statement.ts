/**
 * Reads one statement to Sluice: one line `/sluice <verb> …`, single blanks, every argument in its form, nothing left over.
 * What is not exactly that permits nothing. A reason of a grant stands behind `because`, so that `/sluice exempt xmas not
 * yet` is not an exemption. Which lines of a comment are statements is told in `statement-lines.ts`, who may say what in the
 * policies.
 */
import { findInvisible, isReason, leastReason } from '../../plan/visible.ts';
import type { Stops } from '../../../policies/model/facts.ts';
import { nearest, skeleton } from './words.ts';

/** One statement, without who said it and when. */
export type CommentStatement =
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
    }
  | { readonly kind: 'break-glass'; readonly reason: string }
  | { readonly kind: 'ratify' }
  | { readonly kind: 'refuse'; readonly reason: string }
  | Misread;

/** Meant for Sluice and not understood. */
export interface Misread {
  readonly kind: 'misread';
  /** What is wrong and the right form; never what was written, which may be anything. */
  readonly problem: string;
  readonly stops: Stops;
}

/** Longest reason; the facts' schema takes no longer one. */
const longestReason = 2000;

/** `because`: the word, then the reason. `free`: only for what stops, where no wording can turn the meaning round. */
type Reason = 'none' | 'free' | 'because' | 'may be';

interface StatementForm {
  /** Words between the verb and the reason, by name. */
  readonly words: readonly (readonly [string, RegExp])[];
  readonly reason: Reason;
  /** What a misread one stops. */
  readonly stops: Stops;
  readonly make: (words: Readonly<Record<string, string>>, reason: string) => CommentStatement;
}

const slug = /^[a-z0-9][a-z0-9-]{0,63}$/;
const person = /^[a-z][a-z0-9.-]{0,62}$/;

const forms: ReadonlyMap<string, StatementForm> = new Map<string, StatementForm>([
  [
    'waive-commit',
    {
      words: [['sha', /^[0-9a-f]{40}$/]],
      reason: 'because',
      stops: 'nothing',
      make: ({ sha = '' }, reason) => ({ kind: 'waive-commit', sha, reason }),
    },
  ],
  [
    'exempt',
    {
      words: [['freeze', slug]],
      reason: 'because',
      stops: 'nothing',
      make: ({ freeze = '' }, reason) => ({ kind: 'freeze-exemption', freeze, reason }),
    },
  ],
  [
    'reclassify',
    {
      words: [['type', /^normal$/]],
      reason: 'because',
      stops: 'change',
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
      reason: 'free',
      stops: 'change',
      make: ({ condition = '', closer = '' }, reason) => ({ kind: 'condition', condition, closer, reason }),
    },
  ],
  [
    'close',
    {
      words: [['condition', slug]],
      reason: 'may be',
      stops: 'nothing',
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
      reason: 'none',
      stops: 'nothing',
      make: ({ client = '', path = '', digest = '' }) => ({ kind: 'client-approval', client, path, digest }),
    },
  ],
  [
    'break-glass',
    {
      words: [],
      reason: 'because',
      stops: 'nothing',
      make: (_, reason) => ({ kind: 'break-glass', reason }),
    },
  ],
  ['ratify', { words: [], reason: 'none', stops: 'nothing', make: () => ({ kind: 'ratify' }) }],
  [
    'refuse',
    {
      words: [],
      reason: 'free',
      stops: 'change and ratification',
      make: (_, reason) => ({ kind: 'refuse', reason }),
    },
  ],
]);

/** Words that people try and that ask for nothing to be stopped. Every other unknown word may be an objection. */
const harmless: ReadonlySet<string> = new Set(['approve', 'approved', 'help', 'lgtm', 'status', 'thanks']);

const reasonUsage: Readonly<Record<Reason, readonly string[]>> = {
  none: [],
  free: ['<reason>'],
  because: ['because <reason>'],
  'may be': ['[because <reason>]'],
};

/** The verbs with their words, for help texts: `/sluice condition <condition> <closer> <reason>`. */
export const statementForms: readonly string[] = [...forms].map(([verb, form]) => usage(verb, form));

function usage(verb: string, { words, reason }: StatementForm): string {
  return ['/sluice', verb, ...words.map(([name]) => `<${name}>`), ...reasonUsage[reason]].join(' ');
}

/** Whether a word, as people may write it, is a verb of ours. */
export function isVerb(word: string): boolean {
  return nearest(word, [...forms.keys()]) !== null;
}

/** Whether a word is one of the verbs, without any slip. */
export function isExactVerb(word: string): boolean {
  return forms.has(word);
}

/** What a text stops that begins with this word and is not a statement: nothing only where it is known to object to nothing. */
export function stopsOf(word: string): Stops {
  const verb = nearest(word, [...forms.keys()]);
  const form = verb === null ? undefined : forms.get(verb);
  return form?.stops ?? (word === '' || harmless.has(word) ? 'nothing' : 'change and ratification');
}

/** Reads a line that begins with `/sluice`, in this very spelling. Blanks at its end are nobody's words. */
export function readStatement(line: string): CommentStatement {
  const [, verb = '', ...rest] = withoutEnd(line).split(' ');
  const form = forms.get(verb);
  if (form === undefined) {
    return misread(
      `there is no statement of that name; there are: ${[...forms.keys()].join(', ')}`,
      stopsOf(skeleton(verb)),
    );
  }
  const read = wordsAndReason(form, rest) ?? problemOf(line);
  return typeof read === 'string'
    ? misread(`${read}; the form is: ${usage(verb, form)}`, form.stops)
    : form.make(read.words, read.reason);
}

/** By hand: an expression for it takes quadratic time on blanks in the middle. */
function withoutEnd(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') {
    end -= 1;
  }
  return line.slice(0, end);
}

function misread(problem: string, stops: Stops): Misread {
  return { kind: 'misread', problem, stops };
}

interface StatementWords {
  readonly words: Readonly<Record<string, string>>;
  readonly reason: string;
}

/** The parts, what is wrong with one of them, or null when the line is not plain text with single blanks. */
function wordsAndReason(form: StatementForm, parts: readonly string[]): StatementWords | string | null {
  if (parts.some((part) => part === '' || /\s/.test(part) || findInvisible(part) !== null)) {
    return null;
  }
  const words: Record<string, string> = {};
  for (const [index, [name, pattern]] of form.words.entries()) {
    const word = parts[index] ?? '';
    if (!pattern.test(word)) {
      return `${word === '' ? 'no' : 'not a'} ${name}`;
    }
    words[name] = word;
  }
  const reason = reasonIn(form, parts.slice(form.words.length));
  return 'problem' in reason ? reason.problem : { words, reason: reason.text };
}

function reasonIn(
  { reason }: StatementForm,
  rest: readonly string[],
): { readonly text: string } | { readonly problem: string } {
  if (rest.length === 0 && (reason === 'none' || reason === 'may be')) {
    return { text: '' };
  }
  if (reason === 'none') {
    return { problem: 'words are left over' };
  }
  if (reason !== 'free' && rest[0] !== 'because') {
    return { problem: rest.length === 0 ? 'no reason' : 'words that are not `because` and a reason' };
  }
  const text = rest.slice(reason === 'free' ? 0 : 1).join(' ');
  if (!isReason(text)) {
    return { problem: `no reason of at least ${String(leastReason)} letters or digits` };
  }
  return text.length > longestReason
    ? { problem: `a reason of more than ${String(longestReason)} characters` }
    : { text };
}

function problemOf(line: string): string {
  const hidden = findInvisible(line);
  return hidden === null
    ? 'two blanks or a tab where one blank belongs'
    : `a character that nobody can see (${hidden.name}) at character ${String(hidden.offset + 1)}`;
}
