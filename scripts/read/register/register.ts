/**
 * Reads a client's service register: YAML, then the schema `stacks/clients/service.schema.json`, then what a schema
 * cannot say (that ids are unique, that references lead somewhere, that the file lies in the client's folder). The
 * decisions need a small part of it, which is returned; the rest is checked all the same, because people rely on it.
 */
import registerSchema from '../../../stacks/clients/service.schema.json' with { type: 'json' };
import type { Freeze, Window } from '../../../policies/model/calendar.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { isObject } from '../../json/json.ts';
import type { Diagnostic, Parsed } from '../../plan/types.ts';
import { tidyDiagnostics } from '../document.ts';
import { registerProblems } from './checks.ts';
import {
  completed,
  type ServiceDocument,
  type WrittenFreeze,
  type WrittenRegister,
  type WrittenWindow,
} from './service-document.ts';
import { checkSchema } from '../schema/schema.ts';
import { readYaml } from '../yaml/yaml.ts';

/**
 * The register in `text`, or everything that is wrong with it. `file` is the path as it is shown in messages; below a
 * folder `stacks/clients/` it must be `stacks/clients/<client>/service.yaml`.
 */
export function readRegister(text: string, file: string): Parsed<Register> {
  const document = readYaml(text, file);
  if (!document.ok) {
    return document;
  }
  const checked = checkSchema<WrittenRegister>(registerSchema, document.value);
  if (!checked.ok) {
    return checked;
  }
  const whole = completed(checked.value);
  const problems = registerProblems(whole, document.value);
  return problems.length > 0
    ? { ok: false, diagnostics: tidyDiagnostics(problems) }
    : { ok: true, value: asRegister(whole) };
}

/**
 * What a register that reads does not say yet and has to say before its client is in service, each with its place. Empty
 * for one of a client in service.
 */
export function stillMissing(text: string, file: string): readonly Diagnostic[] {
  const document = readYaml(text, file);
  if (!document.ok || !isObject(document.value.value)) {
    return [];
  }
  const { spec } = document.value.value;
  const live = { ...document.value.value, spec: { ...(isObject(spec) ? spec : {}), lifecycle: 'live' } };
  const checked = checkSchema(registerSchema, { ...document.value, value: live });
  return checked.ok ? [] : checked.diagnostics;
}

function asRegister({ metadata, spec }: ServiceDocument): Register {
  return {
    client: metadata.name,
    name: metadata.title,
    tier: spec.tier,
    lifecycle: spec.lifecycle,
    accountId: spec.account.cloudflareId,
    services: spec.services.map(({ id, name, zones, probes }) => ({
      id,
      name,
      zones,
      ...(probes === undefined ? {} : { probes }),
    })),
    stacks: spec.stacks,
    windows: spec.windows.map(asWindow),
    freezes: spec.freezes.map((freeze) => asFreeze(freeze, metadata.name)),
    relations: [
      ...spec.configurationItems.map(({ id, relations = [] }) => ({ id, to: relations })),
      ...spec.dependencies.map(({ id, neededBy = [] }) => ({ id, to: neededBy })),
    ].filter(({ to }) => to.length > 0),
    clientApprovalRequired: spec.clientApprovalRequired,
    standardChanges: spec.standardChanges,
    ...releaseTokens(spec),
  };
}

function releaseTokens({ access }: ServiceDocument['spec']): Pick<Register, 'releaseTokens'> {
  const tokens = (access?.tokens ?? [])
    .filter(({ releases = false }) => releases)
    .map(({ name, id }) => ({ name, ...(id === undefined ? {} : { id }) }));
  return tokens.length === 0 ? {} : { releaseTokens: tokens };
}

/** Without what is for people. */
function asWindow(written: WrittenWindow): Window {
  const { noticeDays: _, note: __, ...window } = written;
  return window;
}

function asFreeze(written: WrittenFreeze, client: string): Freeze {
  const { contact: _, ...freeze } = written;
  return { kind: 'hard', exemptionBy: 'change-manager', ...freeze, clients: [client] };
}
