/** What differs around the resources: backend, providers, provisioners, data sources, modules. */
import { canonicalJson, compareText } from '../../json/json.ts';
import type { StackSettings } from '../../plan/types.ts';
import { maskBackend } from '../text/mask.ts';
import type { PlanLine } from './lines.ts';

/** Nothing when a side is missing: a new stack has no old settings to differ from, a plan file does not tell them. */
export function settingsLines(
  before: StackSettings | null,
  after: StackSettings | null,
): readonly PlanLine[] {
  if (before === null || after === null) {
    return [];
  }
  const [old, now] = [maskBackend(before), maskBackend(after)];
  const changed: PlanLine[] =
    canonicalJson(before.backend) === canonicalJson(after.backend)
      ? []
      : [{ sign: '~', text: `backend: ${canonicalJson(old.backend)} → ${canonicalJson(now.backend)}` }];
  return [
    ...changed,
    ...listLines('provider', before.providers.map(providerText), after.providers.map(providerText)),
    ...listLines('provisioner in', before.provisioners, after.provisioners),
    ...listLines('danger:', before.dangers, after.dangers),
    ...listLines('module', before.modules.map(moduleText), after.modules.map(moduleText)),
  ];
}

function providerText(provider: StackSettings['providers'][number]): string {
  return `${provider.name} ${provider.source} ${provider.version ?? '(any version)'}`;
}

function moduleText(module: StackSettings['modules'][number]): string {
  return `${module.name} from ${canonicalJson(module.source)}`;
}

function listLines(what: string, before: readonly string[], after: readonly string[]): readonly PlanLine[] {
  const removed = before.filter((text) => !after.includes(text));
  const added = after.filter((text) => !before.includes(text));
  return [
    ...removed.toSorted(compareText).map((text): PlanLine => ({ sign: '-', text: `${what} ${text}` })),
    ...added.toSorted(compareText).map((text): PlanLine => ({ sign: '+', text: `${what} ${text}` })),
  ];
}
