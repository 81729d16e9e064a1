/** What a plan holds beside its changes, in words. */
import type { Folded } from '../../plan/types.ts';

/** `40 only in computed values`, `5 only spelled otherwise`: of resources; nothing where there are none. */
export function foldedResources(folded: Folded | undefined): readonly string[] {
  return folded === undefined
    ? []
    : [
        ...(folded.recomputed > 0 ? [`${String(folded.recomputed)} only in computed values`] : []),
        ...(folded.respelled > 0 ? [`${String(folded.respelled)} only spelled otherwise`] : []),
      ];
}

/** The same of the attributes of one resource, a sentence each. */
export function foldedAttributes(folded: Folded | undefined): readonly string[] {
  const { recomputed = 0, respelled = 0 } = folded ?? {};
  return [
    ...(recomputed > 0
      ? [`${count(recomputed, 'computed attribute', 'computed attributes')} will be known after apply`]
      : []),
    ...(respelled > 0
      ? [`${count(respelled, 'attribute is', 'attributes are')} only spelled otherwise`]
      : []),
  ];
}

function count(number: number, one: string, many: string): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}
