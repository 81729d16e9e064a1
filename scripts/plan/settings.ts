/** What surrounds the resources of a configuration. */
import { dangersOf } from './dangers/dangers.ts';
import { canonicalJson, compareText, isObject, own, sha256Hex } from '../json/json.ts';
import { labelled, requiredProviders, undeclaredSource } from './stack-view.ts';
import type { StackView } from './stack-view.ts';
import type { Json, JsonObject, StackSettings } from './types.ts';

/** Backend, providers, provisioners, data sources and modules of one side; lists are sorted. */
export function settingsOf(configuration: JsonObject, view: StackView): StackSettings {
  const dataSources = [...view.data].flatMap(([type, { names }]) =>
    names.map((name) => ({ address: `data.${type}.${name}`, type })),
  );
  const modules = [...view.others.values()].flatMap(({ kind, name, body }) => {
    const source = own(body, 'source');
    return kind === 'module' ? [{ name, source: typeof source === 'string' ? source : '' }] : [];
  });
  return {
    backend: backendOf(configuration),
    providers: providersOf(configuration, view),
    provisioners: provisionersOf(view),
    dataSources: dataSources.toSorted((a, b) => compareText(a.address, b.address)),
    modules: modules.toSorted((a, b) => compareText(a.name, b.name)),
    dangers: dangersOf(configuration).map(({ place, what }) => `${place}: ${what}`),
    remainder: remainderOf(configuration),
  };
}

/**
 * Locals, variables, provider settings and the like: a change of them shows in the digest whatever else it does. Versions
 * of providers are not part of it, since `providers` has each of them; where it does not, they are.
 */
function remainderOf(configuration: JsonObject): string {
  const { resource: _resource, data: _data, ...rest } = configuration;
  const { terraform } = rest;
  const told = terraform === undefined ? rest : { ...rest, terraform: withoutVersions(terraform) };
  return `sha256:${sha256Hex(canonicalJson(told))}`;
}

/** Of the one plain `required_providers` block. Of several blocks with the same provider `providers` shows one only. */
function withoutVersions(terraform: Json): Json {
  const required = isObject(terraform) ? own(terraform, 'required_providers') : undefined;
  if (!isObject(terraform) || !isObject(required)) {
    return terraform;
  }
  const entries = Object.entries(required).map(([name, entry]) => [name, withoutVersion(entry)] as const);
  return { ...terraform, required_providers: Object.fromEntries(entries) };
}

function withoutVersion(entry: Json): Json {
  return isObject(entry) && typeof own(entry, 'version') === 'string' ? { ...entry, version: true } : entry;
}

function provisionersOf(view: StackView): readonly string[] {
  const found = [...view.resources].flatMap(([type, { census }]) =>
    census.provisioned.map((name) => `${type}.${name}`),
  );
  return found.toSorted(compareText);
}

/** `{ s3: { … } }`; HCP Terraform's `cloud` block counts as a backend called `cloud`. */
export function backendOf(configuration: JsonObject): JsonObject | null {
  for (const { body } of labelled(own(configuration, 'terraform'), 0)) {
    for (const { labels, body: backend } of labelled(own(body, 'backend'), 1)) {
      return Object.fromEntries([[labels[0] ?? '', backend]]);
    }
    const cloud = own(body, 'cloud');
    if (cloud !== undefined && cloud !== null) {
      return { cloud };
    }
  }
  return null;
}

/** Declared providers, and those that only a resource's type or a `provider` block implies. */
function providersOf(configuration: JsonObject, view: StackView): StackSettings['providers'] {
  const found = new Map<string, StackSettings['providers'][number]>();
  for (const entry of requiredProviders(configuration)) {
    found.set(entry.name, entry);
  }
  for (const name of impliedNames(configuration, view)) {
    if (!found.has(name)) {
      found.set(name, { name, source: undeclaredSource(name), version: null });
    }
  }
  return [...found.values()].toSorted((a, b) => compareText(a.name, b.name));
}

function impliedNames(configuration: JsonObject, view: StackView): ReadonlySet<string> {
  const names = new Set(labelled(own(configuration, 'provider'), 1).map(({ labels }) => labels[0] ?? ''));
  for (const type of [...view.resources.keys(), ...view.data.keys()]) {
    // `terraform_data` and `terraform_remote_state` come with Terraform itself.
    const name = type.split('_')[0] ?? '';
    if (name !== 'terraform') {
      names.add(name);
    }
  }
  return names;
}
