/** Drift as JSON, for other programs: a row for each attribute, secrets masked. */
import type { DriftedObject, DriftReport } from '../../live/drift/types.ts';
import { formatPath } from '../../plan/path.ts';
import { displayValue } from '../text/mask.ts';
import { printedJson } from '../text/printed-json.ts';

/** `released` and `live` are absent where the attribute is not there on that side. */
export function driftJson({ stacks, ...report }: DriftReport): string {
  return printedJson({
    ...report,
    stacks: stacks.map(({ drifted, ...stack }) => ({ ...stack, drifted: drifted.map(driftedJson) })),
  });
}

function driftedJson({ kind, change }: DriftedObject): object {
  const { address, type, zone, attributes } = change;
  return {
    kind,
    address,
    type,
    zone,
    attributes:
      kind === 'deleted'
        ? []
        : attributes.map((attribute) => {
            const [released, live] = [
              displayValue(change, attribute, 'before'),
              displayValue(change, attribute, 'after'),
            ];
            return {
              path: formatPath(attribute.path),
              ...(released === undefined ? {} : { released }),
              ...(live === undefined ? {} : { live }),
            };
          }),
  };
}
