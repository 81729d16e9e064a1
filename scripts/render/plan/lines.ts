/**
 * What a change says, line by line, before any markup: shared by the text and the Markdown renderer, so that both say the
 * same. Values are masked here; escaping is left to the renderer, which knows where the text goes.
 */
import { diffLines, diffWordsWithSpace } from 'diff';

import { behaviourOf } from '../../provider/behaviour.ts';
import { canonicalJson } from '../../json/json.ts';
import { changeKind, keepsValue } from '../../provider/kind.ts';
import { untold } from '../../plan/difference/lifecycle.ts';
import { isPossible, isWorstAssumed } from '../../provider/possible.ts';
import { displayKind } from '../../plan/difference/summary.ts';
import { formatPath } from '../../plan/path.ts';
import { sentOnly, sentText } from '../../provider/read-back.ts';
import { leftByRollback, leftText, undoOf, undoText } from '../../provider/undo.ts';
import type {
  AttributeChange,
  AttributeChangeKind,
  DisplayKind,
  Json,
  Lifecycle,
  ResourceChange,
} from '../../plan/types.ts';
import { foldedAttributes } from './folded-words.ts';
import { maskText, displayValue } from '../text/mask.ts';
import type { Expressions } from '../../waf/reason/expressions.ts';
import { expressionLine, expressionProblems } from './expression.ts';

export interface PlanLine {
  readonly sign: '+' | '-' | '~' | '>' | ' ';
  readonly text: string;
}

/** Values longer than this are shown as a diff of their lines or words, in characters. */
const longValue = 80;
/** Beyond this a value is cut, with its length said: a page body must not drown the rest. */
const cutLength = 2000;
/** Texts longer than this are compared by lines only; words would take too long. */
const wordDiffLimit = 8000;

/** What a kind of change is called, and the sign it has. */
const kindWords: Readonly<Record<DisplayKind, string>> = {
  delete: 'delete',
  replace: 'REPLACE (destroy and create)',
  'may-replace': 'MAY BE REPLACED (destroy and create, or an update in place, or nothing)',
  undetermined: 'UNDETERMINED (may destroy)',
  forget: 'forget (left in place, no longer managed)',
  update: 'update',
  create: 'create',
  import: 'import',
  move: 'moved',
  read: 'read',
  'no-op': 'settings only',
};

/** The same for headings, where a replacement says its order. */
export function headingOf(change: ResourceChange): string {
  const kind = displayKind(change);
  if (kind !== 'replace') {
    return kindWords[kind];
  }
  return change.actions[0] === 'create' ? 'REPLACE (create, then destroy)' : 'REPLACE (destroy, then create)';
}

/** Everything about one change below its heading. */
export function linesOf(change: ResourceChange, expressions: Expressions): readonly PlanLine[] {
  const stays = changeKind(change) === 'forget' && keepsValue(change);
  return [
    ...noteLines(change),
    ...unchangedLines(change),
    ...unknownLast(change.attributes).flatMap((attribute) =>
      stays ? stayingLines(change, attribute) : attributeLines(change, attribute, expressions),
    ),
    ...foldedAttributes(change.folded).map((text): PlanLine => ({ sign: ' ', text })),
    ...lifecycleLines(change.lifecycle.before, change.lifecycle.after, change.after !== null),
  ];
}

/** What somebody decided comes before what only the apply can tell. */
function unknownLast(attributes: readonly AttributeChange[]): readonly AttributeChange[] {
  return [...attributes.filter((each) => !isOpen(each)), ...attributes.filter(isOpen)];
}

function isOpen({ unknown, after, kind }: AttributeChange): boolean {
  return unknown && after === undefined && kind !== 'removed';
}

function noteLines(change: ResourceChange): readonly PlanLine[] {
  const notes: PlanLine[] = [];
  if (change.movedFrom !== undefined) {
    notes.push({ sign: '>', text: `moved from ${change.movedFrom}` });
  }
  if (change.importing !== undefined) {
    const rest =
      change.before === null
        ? '; which of these values differ at Cloudflare only a Terraform plan can tell'
        : '';
    notes.push({
      sign: '>',
      text: `imports what exists at Cloudflare under the id ${change.importing}${rest}`,
    });
  }
  if (change.probableMoveFrom !== undefined) {
    notes.push({ sign: '>', text: `probably ${change.probableMoveFrom} under a new name` });
    notes.push({
      sign: '>',
      text: 'to keep the resource instead of destroying it, add to the configuration:',
    });
    notes.push(...renameAdvice(change.probableMoveFrom, change.address).map(plain));
  }
  if (change.probableMoveTo !== undefined) {
    notes.push({ sign: '>', text: `probably ${change.probableMoveTo} under its old name; see there` });
  }
  return [...notes, ...providerNotes(change)];
}

/** What the provider makes of the change. */
function providerNotes(change: ResourceChange): readonly PlanLine[] {
  const { provider, replacePaths, type } = change;
  const refuses = changeKind(change) === 'update' && behaviourOf(type, provider)?.update !== undefined;
  const paths = [...new Set(replacePaths.map(formatPath))];
  const reason = untold(change);
  if (reason !== null) {
    return [{ sign: ' ', text: reason }];
  }
  return [
    ...(refuses
      ? ['the provider cannot update this type: nothing reaches Cloudflare, or the apply fails']
      : []),
    ...(paths.length === 0 ? [] : [becauseOf(change, paths.slice(0, 10).join(', '))]),
  ].map((text): PlanLine => ({ sign: ' ', text }));
}

/** Nobody may take what is only possible for what will happen, nor the other way round. */
function becauseOf(change: ResourceChange, paths: string): string {
  if (!isPossible(change)) {
    return `replaced because of ${paths}`;
  }
  return isWorstAssumed(change)
    ? `may be replaced because of ${paths}: what this type does on a change is not known here, so the worst is assumed`
    : `may be replaced because of ${paths}: whether the value differs is told only when Terraform plans`;
}

/** What this type does not do: be deleted, or be read back. */
function unchangedLines(change: ResourceChange): readonly PlanLine[] {
  const text = undoText(undoOf(change)) ?? leftText(leftByRollback(change));
  const sent = sentOnly(change);
  return [
    ...(changeKind(change) === 'forget' && keepsValue(change)
      ? [note('deleting this type changes nothing at Cloudflare: it stays as it is')]
      : []),
    ...(text === null ? [] : [note(text)]),
    ...(sent === null ? [] : [note(`sent, and not read back by a plan afterwards: ${sentText(sent)}`)]),
  ];
}

function note(text: string): PlanLine {
  return { sign: ' ', text };
}

function stayingLines(change: ResourceChange, attribute: AttributeChange): readonly PlanLine[] {
  const value = displayText(displayValue(change, attribute, 'before'));
  return [note(`${formatPath(attribute.path)} stays ${value}`)];
}

function plain(text: string): PlanLine {
  return { sign: '>', text };
}

/** The exact block to write, for both kinds of configuration. */
function renameAdvice(from: string, to: string): readonly string[] {
  return [
    `  in *.tf.json: "moved": [{ "from": ${JSON.stringify(from)}, "to": ${JSON.stringify(to)} }]`,
    `  in cdktf:     stack.addOverride('moved', [{ from: '${from}', to: '${to}' }])`,
  ];
}

interface DisplayLines {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly attribute: AttributeChange;
  readonly forces: string;
}

function attributeLines(
  change: ResourceChange,
  attribute: AttributeChange,
  expressions: Expressions,
): readonly PlanLine[] {
  const effect = expressionLine(change, attribute, expressions);
  const lines = linesByKind[attribute.kind]({
    path: formatPath(attribute.path),
    before: displayValue(change, attribute, 'before'),
    after: displayValue(change, attribute, 'after'),
    attribute,
    forces: forcesText(change, attribute),
  });
  const problems = expressionProblems(change, attribute, expressions);
  const effects = [...(effect === null || problems.length > 0 ? [] : [effect]), ...problems];
  return [...lines, ...effects.map((text): PlanLine => ({ sign: ' ', text: `  ${text}` }))];
}

function forcesText(change: ResourceChange, { forcesReplacement }: AttributeChange): string {
  if (!forcesReplacement || untold(change) !== null) {
    return '';
  }
  return isPossible(change) ? ' (may force replacement)' : ' (forces replacement)';
}

const linesByKind: Readonly<Record<AttributeChangeKind, (input: DisplayLines) => readonly PlanLine[]>> = {
  added: ({ path, after, attribute, forces }) => {
    const value = after === undefined ? '(known after apply)' : displayText(after);
    return [{ sign: '+', text: `${path} = ${value}${openMark(attribute)}${forces}` }];
  },
  removed: ({ path, before, attribute, forces }) => {
    const then = attribute.unknown
      ? ' (Cloudflare keeps it or computes it anew: not known before apply)'
      : '';
    return [{ sign: '-', text: `${path} = ${displayText(before)}${then}${forces}` }];
  },
  moved: ({ path, attribute, forces }) => {
    const from = (attribute.fromIndex ?? 0) + 1;
    const to = (attribute.toIndex ?? 0) + 1;
    return [{ sign: '>', text: `${path} moved from position ${from} to ${to}${forces}` }];
  },
  changed: changedLines,
};

function changedLines({ path, before, after, attribute, forces }: DisplayLines): readonly PlanLine[] {
  if (attribute.sensitive && before === maskText && after === maskText) {
    return [{ sign: '~', text: `${path}: (sensitive, changed)${forces}` }];
  }
  if (attribute.unknown && (attribute.after === undefined || before === after)) {
    return [{ sign: '~', text: `${path}: ${displayText(before)} → (known after apply)${forces}` }];
  }
  const isLong = [before, after].some(
    (value) => typeof value === 'string' && (value.length > longValue || value.includes('\n')),
  );
  if (typeof before === 'string' && typeof after === 'string' && isLong) {
    return [{ sign: '~', text: `${path}:${openMark(attribute)}${forces}` }, ...textDiff(before, after)];
  }
  return [
    {
      sign: '~',
      text: `${path}: ${displayText(before)} → ${displayText(after)}${openMark(attribute)}${forces}`,
    },
  ];
}

/** An expression stands in the value: what it gives is known only when applied. */
function openMark(attribute: AttributeChange): string {
  return attribute.unknown && attribute.after !== undefined ? ' (holds values known after apply)' : '';
}

function displayText(value: Json | undefined): string {
  if (value === undefined) {
    return '(none)';
  }
  if (value === maskText) {
    return maskText;
  }
  const text = canonicalJson(value);
  return text.length > cutLength ? `${text.slice(0, cutLength)}… (${text.length} characters)` : text;
}

/** Lines of a text of several lines; words of a text of one line, with what stays in between cut short. */
function textDiff(before: string, after: string): readonly PlanLine[] {
  if (before.includes('\n') || after.includes('\n') || before.length + after.length > wordDiffLimit) {
    return diffLines(before, after).flatMap((part) => {
      const lines = part.value.replace(/\n$/, '').split('\n');
      const sign = part.added ? '+' : part.removed ? '-' : ' ';
      return shortened(lines, sign).map((text): PlanLine => ({ sign, text: `  ${text}` }));
    });
  }
  const parts = diffWordsWithSpace(before, after);
  const side = (skip: 'added' | 'removed', open: string, close: string): string =>
    parts
      .filter((part) => !part[skip])
      .map((part) => (part.added || part.removed ? `${open}${part.value}${close}` : part.value))
      .join('');
  return [
    { sign: '-', text: `  ${side('added', '[-', '-]')}` },
    { sign: '+', text: `  ${side('removed', '{+', '+}')}` },
  ];
}

/** Unchanged lines far from a change are left out, and so is the middle of very long ones. */
function shortened(lines: readonly string[], sign: '+' | '-' | ' '): readonly string[] {
  const most = sign === ' ' ? 6 : 200;
  const cut = lines.map((line) => (line.length > cutLength ? `${line.slice(0, cutLength)}…` : line));
  if (cut.length <= most) {
    return cut;
  }
  const half = most / 2;
  return [...cut.slice(0, half), `… ${cut.length - most} lines …`, ...cut.slice(-half)];
}

function lifecycleLines(
  before: Lifecycle | null,
  after: Lifecycle | null,
  exists: boolean,
): readonly PlanLine[] {
  if (!exists || canonicalJson(before ?? {}) === canonicalJson(after ?? {})) {
    return [];
  }
  const [old, now] = [before ?? noLifecycle, after ?? noLifecycle];
  const rows: readonly (readonly [string, string, string])[] = [
    ['prevent_destroy', String(old.preventDestroy), String(now.preventDestroy)],
    ['create_before_destroy', String(old.createBeforeDestroy), String(now.createBeforeDestroy)],
    ['ignore_changes', names(old), names(now)],
  ];
  return rows
    .filter(([, was, is]) => was !== is)
    .map(([name, was, is]): PlanLine => ({ sign: '~', text: `lifecycle.${name}: ${was} → ${is}` }));
}

const noLifecycle: Lifecycle = { preventDestroy: false, createBeforeDestroy: false, ignoreChanges: [] };

function names(lifecycle: Lifecycle): string {
  return lifecycle.ignoreChanges.length === 0 ? 'none' : lifecycle.ignoreChanges.join(', ');
}
