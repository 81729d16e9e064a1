import { compareText } from '../../../scripts/json/json.ts';
import { registerOfStack } from '../../reading/estate-context.ts';
import { defineRule, finding, judged, notApplicable } from '../../rule.ts';

export const planOneClient = defineRule({
  id: 'plan-one-client',
  title: 'A change is for one client, or says for which ones',
  area: 'plan',
  severity: 'deny',
  why: 'Each client agrees to its own change in its own window; a shared change that fails is rolled back for all of them.',
  fix: 'Split the pull request by client, with a record each; for what all of them need, a provider patch for example, name them in `clients` of one record.',
  since: '2026-11-23',
  source: 'Change policy: one client per change',
  waivable: false,
  evaluate: (context) => {
    const { stacks } = context.reach;
    if (stacks.length === 0) {
      return notApplicable('nothing changes');
    }
    if (context.record?.record.clients !== undefined) {
      return notApplicable('its record is one of several clients, and names them');
    }
    const clients = new Set(
      stacks.map((stack) => registerOfStack(context.policy, stack)?.client ?? `(unregistered ${stack})`),
    );
    const names = [...clients].toSorted(compareText);
    return judged(
      names.length === 1 ? [] : finding('plan', `changes of ${names.join(', ')}`, 'changes of one client'),
    );
  },
});
