/** Providers, provisioners, data sources and modules from the `configuration` part of a Terraform plan. */
import { canonicalProvider } from '../../provider/facts.ts';
import { compareText, isList, isObject, own } from '../../json/json.ts';
import type { Json, JsonObject, StackSettings } from '../types.ts';

/** Null when the plan has no configuration part. The backend is not in a plan, so it is null here. */
export function terraformSettings(plan: JsonObject): StackSettings | null {
  const configuration = own(plan, 'configuration');
  if (!isObject(configuration)) {
    return null;
  }
  const found: FoundSetting = { provisioners: [], dataSources: [], modules: [] };
  visitModule(own(configuration, 'root_module'), '', found);
  return {
    backend: null,
    providers: providersOf(own(configuration, 'provider_config')),
    provisioners: found.provisioners.toSorted(compareText),
    dataSources: found.dataSources.toSorted((a, b) => compareText(a.address, b.address)),
    modules: found.modules.toSorted((a, b) => compareText(a.name, b.name)),
    // A plan was made already: whatever ran has run, and what surrounds its resources is not in it.
    dangers: [],
    remainder: null,
  };
}

interface FoundSetting {
  readonly provisioners: string[];
  readonly dataSources: { address: string; type: string }[];
  readonly modules: { name: string; source: string }[];
}

function visitModule(module: Json | undefined, prefix: string, found: FoundSetting): void {
  if (!isObject(module)) {
    return;
  }
  const resources = own(module, 'resources');
  for (const entry of isList(resources) ? resources : []) {
    if (isObject(entry)) {
      visitResource(entry, prefix, found);
    }
  }
  const calls = own(module, 'module_calls');
  for (const name of isObject(calls) ? Object.keys(calls) : []) {
    const call = isObject(calls) ? own(calls, name) : undefined;
    if (isObject(call)) {
      found.modules.push({ name: `${prefix}${name}`, source: text(own(call, 'source')) });
      visitModule(own(call, 'module'), `${prefix}module.${name}.`, found);
    }
  }
}

function visitResource(entry: JsonObject, prefix: string, found: FoundSetting): void {
  const address = `${prefix}${text(own(entry, 'address'))}`;
  const provisioners = own(entry, 'provisioners');
  if (isList(provisioners) && provisioners.length > 0) {
    found.provisioners.push(address);
  }
  if (own(entry, 'mode') === 'data') {
    found.dataSources.push({ address, type: text(own(entry, 'type')) });
  }
}

function providersOf(value: Json | undefined): StackSettings['providers'] {
  const entries = isObject(value) ? Object.keys(value).map((key) => [key, own(value, key)] as const) : [];
  return entries
    .flatMap(([key, entry]) =>
      isObject(entry)
        ? [
            {
              name: text(own(entry, 'name')) || key,
              source: canonicalProvider(text(own(entry, 'full_name'))),
              version: text(own(entry, 'version_constraint')) || null,
            },
          ]
        : [],
    )
    .toSorted((a, b) => compareText(a.name, b.name) || compareText(a.source, b.source));
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
