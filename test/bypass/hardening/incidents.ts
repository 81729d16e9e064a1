/** An issue is what anybody writes: only one that somebody of the roster stands for is an incident. */
import { api, approved, newId, openIncident, propose, type Decided } from '../acts.ts';
import { emergency } from '../release-and-window.ts';
import type { Attempt, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** An emergency that the one approval of the ECAB would let through. */
async function emergencyFor(world: World, incident: string): Promise<Decided> {
  const pull = await propose(world, { id: newId(), record: (text) => emergency(text, incident) });
  return approved(world, pull, ['p-iyer']);
}

async function editedBy(world: World, login: string, incident: string, changes: object): Promise<string> {
  const path = `issues/${incident.slice('INC-'.length)}`;
  await api(world, login, { method: 'PATCH', path, body: changes });
  return incident;
}

async function textOf(world: World, incident: string): Promise<string> {
  const path = `issues/${incident.slice('INC-'.length)}`;
  return (await api<{ readonly body: string }>(world, 'k-dunne', { path })).body;
}

export const incidents: readonly Scenario[] = [
  {
    id: 'H81',
    attack: 'an issue that is no incident makes an emergency',
    run: async (world) => {
      const minor = await openIncident(world, { impact: 'low' });
      await api(world, 'r-okafor', {
        method: 'POST',
        path: `issues/${minor.slice(4)}/labels`,
        body: { labels: ['P1', 'incident'] },
      });
      const raised = await openIncident(world, { impact: 'low' });
      const worse = (await textOf(world, raised)).replace('### Impact\n\nlow', '### Impact\n\nhigh');
      await editedBy(world, 'o-stranger', raised, { body: worse });
      const over = await openIncident(world);
      await editedBy(world, 'k-dunne', over, { state: 'closed' });
      const revived = await openIncident(world);
      await editedBy(world, 'k-dunne', revived, { state: 'closed' });
      await editedBy(world, 'o-stranger', revived, { state: 'open' });
      const tricks: readonly (readonly [string, string, string])[] = [
        [
          'opened by somebody else',
          await openIncident(world, { login: 'o-stranger' }),
          'opened by o-stranger',
        ],
        ['with a priority by its label', minor, 'is a P3'],
        ['made worse by somebody else', raised, 'edited by o-stranger'],
        ['that is over', over, 'is resolved'],
        ['that somebody else has opened again', revived, 'reopened by o-stranger'],
        [
          'of another service',
          await openIncident(world, { services: ['trade-portal'] }),
          'is about trade-portal',
        ],
      ];
      const attempts: Attempt[] = [];
      for (const [trick, incident, says] of tricks) {
        attempts.push({
          trick,
          outcome: await emergencyFor(world, incident),
          exit: 'denied',
          checks: ['rules/record-emergency-incident', 'emergency'],
          says,
        });
      }
      const corrected = await openIncident(world, { impact: 'medium' });
      await editedBy(world, 'k-dunne', corrected, {
        body: (await textOf(world, corrected)).replace('### Impact\n\nmedium', '### Impact\n\nhigh'),
      });
      return {
        honest: [await emergencyFor(world, await openIncident(world)), await emergencyFor(world, corrected)],
        attempts,
      };
    },
  },
];
