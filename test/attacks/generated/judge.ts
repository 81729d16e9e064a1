/** Whether the gate did as it should with one hostile pull request. */
import type { Ended } from '../../scenarios/small-estate.ts';
import type { Ingredient } from './draft.ts';
import { mayBeAllowed, type Event } from './events.ts';
import { makeMarker, markersIn } from './markers.ts';

export interface Attack {
  readonly ingredients: readonly Ingredient[];
  readonly events: readonly Event[];
}

export interface Judged {
  readonly name: string;
  readonly allowed: boolean;
  /** Whether the oracle would have let it through. */
  readonly mayBe: boolean;
  /** Empty when the gate did as it should. */
  readonly problems: readonly string[];
}

/** Secrets of the gate's job that no pull request may get to see, under the names that the product reads them by. */
const secretNames = [
  'CLOUDFLARE_API_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'SLUICE_GIT_TOKEN',
  'SLUICE_LEDGER_KEY',
] as const;

/** The environment of the gate's job. The process that plays should have been started with it as well: `/proc` shows how it began. */
export const secrets: Readonly<Record<string, string>> = Object.fromEntries(
  secretNames.map((name, index) => [name, makeMarker(String(index), 9 + index)]),
);

interface Observed {
  /** How the gate answered in the end. */
  readonly last: Ended | null;
  /** Everything that it printed and published on the way. */
  readonly seen: readonly string[];
  /** The gate's own token for GitHub. */
  readonly token: string;
}

export function judge({ ingredients, events }: Attack, { last, seen, token }: Observed): Judged {
  const allowed = last?.exit === 'ok';
  const mayBe = !ingredients.some(({ hostile }) => hostile) && mayBeAllowed(events);
  return {
    name: [...ingredients.map(({ name }) => name), events.map(describeEvent).join(', ')].join('; '),
    allowed,
    mayBe,
    problems: [
      ...(allowed && !mayBe ? ['the gate allowed what the oracle would not'] : []),
      ...(isPlain(ingredients, events) && !allowed
        ? [`the gate refused an honest change: ${said(last)}`]
        : []),
      ...(last?.exit === 'internal' ? [`the gate broke: ${said(last)}`] : []),
      ...leaks(seen, token),
    ],
  };
}

function said(ended: Ended | null): string {
  return ended === null
    ? 'nothing'
    : `${ended.exit} ${ended.stdout.slice(0, 2000)} ${ended.stderr.slice(0, 2000)}`;
}

function leaks(seen: readonly string[], token: string): readonly string[] {
  const markers = [...Object.values(secrets), token].filter((marker) => marker.length >= 8);
  return markersIn(seen.join('\n'), markers).map((marker) => `${nameOf(marker)} was published`);
}

/** Nothing in the way of it: these have to go through, or the gate refuses everything. */
function isPlain(ingredients: readonly Ingredient[], events: readonly Event[]): boolean {
  return (
    ingredients.length === 0 &&
    mayBeAllowed(events) &&
    events.every(({ kind }) => kind === 'show' || kind === 'approve')
  );
}

function nameOf(marker: string): string {
  return Object.entries(secrets).find(([, value]) => value === marker)?.[0] ?? 'the token of GitHub';
}

function describeEvent(event: Event): string {
  switch (event.kind) {
    case 'approve':
      return `approve by ${event.by.join(' ')}`;
    case 'say':
      return `${event.by} says ${JSON.stringify(event.text)}`;
    case 'veto':
    case 'dismiss':
    case 'push':
      return `${event.kind} by ${event.by}`;
    case 'show':
    case 'base':
      return event.kind;
  }
}
