/** IP Access rules, Zone Lockdown and User Agent Blocking as Terraform writes them, in the form that is run. */
import { objectAt, objectsAt, textAt, textsAt } from './attributes.ts';
import type { AccessControl, AccessSubject } from './access.ts';
import type { ConfiguredObject } from './configured.ts';

/** What decides before the custom rules of a zone: its own, and the IP Access rules of its account. */
export function accessOf(
  objects: readonly ConfiguredObject[],
  zone: ConfiguredObject,
): readonly AccessControl[] {
  const account = objectAt(zone.attributes, 'account')['id'];
  return objects.flatMap((object) => {
    const { attributes } = object;
    const inZone = attributes['zone_id'] ?? null;
    const isOf = inZone === null ? attributes['account_id'] === account : inZone === zone.id;
    return isOf && attributes['paused'] !== true ? readControl(object) : [];
  });
}

function readControl({ type, id, attributes }: ConfiguredObject): readonly AccessControl[] {
  const configuration = objectAt(attributes, 'configuration');
  const value = textAt(configuration, 'value');
  const mode = textAt(attributes, 'mode');
  const action = mode === 'whitelist' ? 'allow' : mode;
  switch (type) {
    case 'cloudflare_access_rule':
      return [
        { id, product: 'ip-access', action, concerns: accessSubject(textAt(configuration, 'target'), value) },
      ];
    case 'cloudflare_user_agent_blocking_rule':
      return [{ id, product: 'user-agent-blocking', action, concerns: { kind: 'agent', value } }];
    case 'cloudflare_zone_lockdown': {
      const from = objectsAt(attributes, 'configurations').map((one) => textAt(one, 'value'));
      const urls = textsAt(attributes, 'urls');
      return [{ id, product: 'zone-lockdown', action: 'block', concerns: { kind: 'lockdown', urls, from } }];
    }
    default:
      return [];
  }
}

function accessSubject(target: string, value: string): AccessSubject {
  return { kind: target === 'asn' || target === 'country' ? target : 'address', value };
}
