import { clientsInScope } from '../../reading/clients.ts';
import { zoneName } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeRecord, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { KnownIncident } from '../../model/incident.ts';
import type { ChangeRecord } from '../../model/record.ts';

export const recordOpenIncident = defineRule({
  id: 'record-open-incident',
  title: 'A service with an open P1 incident takes only its fix',
  area: 'record',
  severity: 'deny',
  why: 'While a service is down, any other change of it hides the cause and takes the hands that are needed.',
  fix: 'Wait until the incident is closed, or, if this change is its fix, name it in links.incidents.',
  since: '2026-11-30',
  source: 'Rules of collision: nothing but the fix while a P1 is open',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      const clients = clientsInScope(record, context.policy, context.reach.stacks);
      const parts = clients.map((client) => partOf(context, record, client));
      return judgeEach(context.incidents.filter(isOpenP1), 'no P1 incident is open', (incident) =>
        parts.flatMap(({ affected, isFix }) => (isFix ? [] : held(incident, affected))),
      );
    }),
});

/** Of two at once neither may hold up the fix of the other; that of one client is no fix for another. */
function partOf(
  context: RuleContext,
  record: ChangeRecord,
  client: string,
): { readonly affected: ReadonlySet<string>; readonly isFix: boolean } {
  const affected = affectedBy(context, record, client);
  const named = new Set([...(record.links?.incidents ?? []), record.emergency?.incident]);
  const isFix = context.incidents
    .filter(isOpenP1)
    .some(({ id, services }) => named.has(id) && services.some((service) => affected.has(service)));
  return { affected, isFix };
}

function isOpenP1(incident: RuleContext['incidents'][number]): incident is KnownIncident {
  return 'priority' in incident && incident.priority === 'P1' && incident.state === 'open';
}

function held({ id, services }: KnownIncident, affected: ReadonlySet<string>): Judgement {
  const shared = services.filter((service) => affected.has(service));
  if (shared.length === 0) {
    return [];
  }
  const fix = `Wait until ${id} is closed, or, if this change is its fix, name ${id} in links.incidents and have that approved.`;
  return finding('record', `P1 incident ${id} of ${shared.join(', ')} is open`, `only the fix of ${id}`, {
    pointer: '/service',
    fix,
  });
}

/** The client, the service that the record names where it is its, and each service one of whose zones the plan changes. */
function affectedBy(
  { index, policy }: RuleContext,
  record: ChangeRecord,
  client: string,
): ReadonlySet<string> {
  const zones = new Set(index.changes.map(zoneName));
  const services = policy.registers.find((register) => register.client === client)?.services ?? [];
  const touched = services.filter((service) => service.zones.some((zone) => zones.has(zone)));
  return new Set([
    client,
    ...(client === record.client ? [record.service] : []),
    ...touched.map(({ id }) => id),
  ]);
}
