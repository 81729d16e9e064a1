import { windowsOfClient } from '../../windows.ts';
import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const recordWindowKnown = defineRule({
  id: 'record-window-known',
  title: 'The release window is one agreed with the client',
  area: 'record',
  severity: 'deny',
  why: 'Outside the agreed windows the client has not agreed to any risk.',
  fix: 'Name a window id of the service register; a change outside every window is an emergency.',
  since: '2026-11-23',
  source: 'Service register; change policy on release windows',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      const id = record.schedule?.window;
      if (record.clients !== undefined) {
        return judged(id === undefined ? [] : wrong(id, 'no window: each client is released in its own'));
      }
      if (id === undefined && record.type !== 'normal') {
        return notApplicable(`a change of type ${record.type} may go without a window`);
      }
      const ids = windowsOfClient(context.policy, record.client).map((window) => window.id);
      return judged(
        id !== undefined && ids.includes(id) ? [] : wrong(id, `one of ${ids.join(', ') || '(none)'}`),
      );
    }),
});

function wrong(id: string | undefined, required: string): Judgement {
  return finding('record', id === undefined ? 'no window' : `window ${id}`, required, {
    pointer: id === undefined ? '/schedule' : '/schedule/window',
  });
}
