/**
 * Edits of a record that people would make by hand: its end, or the same change once more. Pure: from a text to a text.
 * Whatever the author wrote beside it, comments too, stays as it is.
 */
import { Document, isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';
import type { ProposedTime } from './new-schedule.ts';

/** What is written about the end of a change. It is the word of who writes it; the gate compares it with the ledger. */
export interface RecordEnd {
  readonly result:
    | 'successful'
    | 'successful-with-issues'
    | 'rolled-back'
    | 'failed'
    | 'aborted'
    | 'cancelled'
    | 'rejected';
  readonly incidentsCaused: readonly string[];
  readonly deviation: readonly string[];
  readonly closedBy: string;
  readonly closedAt: string;
  readonly registerUpdated: boolean;
  /** How what an emergency left out was made up for. */
  readonly owed: readonly { readonly item: string; readonly settled: string }[];
}

/** The record with fields that it does not have; what it has of them stays as it is. */
export function withFields(text: string, fields: Readonly<Record<string, object | string>>): string {
  const document = parseDocument(text, { version: '1.2', schema: 'core' });
  for (const [name, value] of Object.entries(fields)) {
    const there: unknown = document.get(name);
    if (there === undefined || typeof value === 'string') {
      document.set(name, there ?? document.createNode(value));
      continue;
    }
    for (const [part, inside] of Object.entries(value)) {
      if (!document.hasIn([name, part])) {
        document.setIn([name, part], document.createNode(inside));
      }
    }
  }
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}

/** The record with its end. It has none yet; every byte of the rest stays. */
export function withOutcome(text: string, end: RecordEnd): string {
  const { result, incidentsCaused, deviation, closedBy, closedAt, registerUpdated, owed } = end;
  const part = new Document({
    outcome: {
      result,
      ...(incidentsCaused.length === 0 ? {} : { incidentsCaused }),
      ...(deviation.length === 0 ? {} : { deviation }),
      ...(owed.length === 0 ? {} : { owed }),
      closedBy,
      closedAt,
      registerUpdated,
    },
  });
  return `${text.trimEnd()}\n${part.toString({ lineWidth: 110, flowCollectionPadding: false })}`;
}

/** Path of a JSON pointer, with the places in lists as numbers. */
function pathOf(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/u.test(step) ? Number(step) : step));
}

/** The record with one text in the place of another one, by JSON pointer. Who says what changes for security has assessed it. */
export function withText(text: string, pointer: string, answer: string): string {
  const document = parseDocument(text, { version: '1.2', schema: 'core' });
  document.setIn(pathOf(pointer), answer);
  if (pointer === '/securityImpact/summary') {
    document.setIn(['securityImpact', 'assessed'], true);
  }
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}

/** The record with another slot; the window follows from the register. Every byte of the rest stays. */
export function withSlot(
  text: string,
  { start, end }: { readonly start: string; readonly end: string },
): string {
  const document = parseDocument(text, { version: '1.2', schema: 'core' });
  const schedule = document.get('schedule');
  const [first, last, window] = ['plannedStart', 'plannedEnd', 'window'].map((name) =>
    isMap(schedule) ? placeOf(schedule, name) : null,
  );
  if (!first || !last) {
    document.set('schedule', document.createNode({ plannedStart: start, plannedEnd: end }));
    return document.toString({ lineWidth: 110, flowCollectionPadding: false });
  }
  const edits = [
    { from: first.value, to: first.valueEnd, text: start },
    { from: last.value, to: last.valueEnd, text: end },
    ...(window ? [{ from: lineStart(text, window.key), to: window.end, text: '' }] : []),
  ].toSorted((one, other) => other.from - one.from);
  return edits.reduce((edited, edit) => edited.slice(0, edit.from) + edit.text + edited.slice(edit.to), text);
}

interface MemberPlace {
  readonly key: number;
  readonly value: number;
  readonly valueEnd: number;
  /** With its line end, and a comment behind it. */
  readonly end: number;
}

/** Where a member of a block map stands in the text; null for one that is not there, and in a map on one line. */
function placeOf(map: YAMLMap, name: string): MemberPlace | null {
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === name);
  const [key, value] = [pair?.key, pair?.value];
  return map.flow === true || !isScalar(key) || !isScalar(value) || !key.range || !value.range
    ? null
    : { key: key.range[0], value: value.range[0], valueEnd: value.range[1], end: value.range[2] };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset) + 1;
}

export interface Repeat {
  readonly id: string;
  /** The change that is tried again; null for one that is merely alike. */
  readonly retryOf: string | null;
  /** Null: no window opens, the author writes the time. */
  readonly schedule: (ProposedTime & { readonly window: string | null }) | null;
}

/** What belonged to that one time: its end, its waivers, its emergency, what the client agreed to then, its traffic. */
const ofOnce = ['outcome', 'waivers', 'emergency', 'clientApproval', 'traffic', 'retryOf', 'schedule'];

/** The same change under another id, as a normal one when it was an emergency. What was agreed for the first does not come along. */
export function repeated(text: string, { id, retryOf, schedule }: Repeat): string {
  const document = parseDocument(text, { version: '1.2', schema: 'core' });
  if (!isMap(document.contents)) {
    throw new Error('a record that was read is a map');
  }
  ofOnce.forEach((key) => document.delete(key));
  document.set('id', id);
  if (document.get('type') === 'emergency') {
    document.set('type', 'normal');
  }
  if (retryOf !== null) {
    document.set('retryOf', retryOf);
  }
  if (schedule !== null) {
    const { start, end, window } = schedule;
    document.set(
      'schedule',
      document.createNode({ plannedStart: start, plannedEnd: end, ...(window === null ? {} : { window }) }),
    );
  }
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}
