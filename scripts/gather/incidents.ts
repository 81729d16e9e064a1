/** The list of incidents that records may refer to: `changes/incidents.yaml` on the base branch, kept by the service desk. */
import { InputError } from '../errors.ts';
import { checkSchema } from '../input/schema.ts';
import { readYaml } from '../input/yaml.ts';
import type { Incident } from '../../policies/model/facts.ts';
import schema from '../../changes/incidents.schema.json' with { type: 'json' };
import type { Source } from './policy.ts';

const path = 'changes/incidents.yaml';

/** No file means no incidents: an emergency that names one is then refused. */
export async function loadIncidents(source: Source): Promise<readonly Incident[]> {
  const file = (await source('changes')).find((candidate) => candidate.path === path);
  if (file === undefined) {
    return [];
  }
  const document = readYaml(file.text, path);
  const checked = document.ok
    ? checkSchema<{ readonly incidents: readonly Incident[] }>(schema, document.value)
    : document;
  if (!checked.ok) {
    throw new InputError({
      what: 'The list of incidents does not read.',
      diagnostics: checked.diagnostics,
      why: 'Emergencies are only believed when the incident they name is on it.',
      next: 'sluice check',
    });
  }
  return checked.value.incidents;
}
