/** The list of incidents that records may refer to: `changes/incidents.yaml` on the base branch, kept by the service desk. */
import { checkSchema } from '../read/schema/schema.ts';
import { readYaml } from '../read/yaml/yaml.ts';
import type { Parsed } from '../plan/types.ts';
import { placeOf } from '../../policies/reading/places/places.ts';
import type { Incident } from '../../policies/model/facts.ts';
import schema from '../../changes/incidents.schema.json' with { type: 'json' };
import type { Source } from './policy.ts';

/** No file means no incidents: an emergency that names one is then refused. */
export async function readIncidents(source: Source): Promise<Parsed<readonly Incident[]>> {
  const file = (await source('changes', isIncidents)).find(({ path }) => isIncidents(path));
  if (file === undefined) {
    return { ok: true, value: [] };
  }
  const document = readYaml(file.text, file.path);
  const checked = document.ok
    ? checkSchema<{ readonly incidents: readonly Incident[] }>(schema, document.value)
    : document;
  return checked.ok ? { ok: true, value: checked.value.incidents } : checked;
}

function isIncidents(path: string): boolean {
  return placeOf(path) === 'incidents';
}
