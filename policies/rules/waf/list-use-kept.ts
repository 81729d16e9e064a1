import type { RuleContext } from '../../model/finding.ts';
import { listEffects, usesBefore } from '../../reading/lists/effects.ts';
import type { ListEffect } from '../../reading/lists/effects.ts';
import { changedLists } from '../../reading/lists/lists.ts';
import type { ChangedList } from '../../reading/lists/lists.ts';
import { stoppingActions } from '../../reading/rulesets/skip-rules.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const listUseKept = defineRule({
  id: 'list-use-kept',
  title: 'A list that rules use is not emptied, and its changes are judged through them',
  area: 'estate',
  severity: 'deny',
  why: 'A list acts through every rule that names it: an empty allow list locks everybody out, an empty block list stops nobody.',
  fix: 'Keep the items that the rules count on, in one place: all of them in the list, or all as cloudflare_list_item.',
  since: '2026-11-30',
  source: 'Cloudflare documentation, lists; provider 5.14.0, update of cloudflare_list',
  waivable: true,
  evaluate: (context) =>
    judgeEach(changedLists(context.estate), 'no list changes what it holds', (list) => judge(list, context)),
});

function judge(list: ChangedList, context: RuleContext): Judgement {
  const effects = listEffects(context).filter((effect) => effect.list.subject === list.subject);
  const isGone = list.after === null || list.after.items?.length === 0;
  const hidden = Math.max(0, (list.uses ?? 0) - usesBefore(list, context));
  const required = 'a list that still holds what the rules count on';
  if (isGone) {
    return effects.length + hidden === 0
      ? fine
      : finding(list.subject, `${whatGoes(list)}; ${usedBy(effects, hidden)}`, required);
  }
  if (list.isOpen && list.uses !== 0) {
    const users = effects.length + hidden === 0 ? '' : `; ${usedBy(effects, hidden)}`;
    return doubt(list.subject, `what the list $${list.name} holds is known only after apply${users}`);
  }
  return judgeChanged(list, effects, required);
}

function judgeChanged(list: ChangedList, effects: readonly ListEffect[], required: string): Judgement {
  const purged = list.purged !== 0 && list.purged !== null ? [whatGoes(list)] : [];
  const told = effects.filter((effect) => stopsMore(effect) || opensMore(effect) || isUntold(effect));
  return purged.length + told.length === 0
    ? fine
    : finding(
        list.subject,
        [...purged, ...(told.length === 0 ? [] : [usedBy(told, 0)])].join('; '),
        required,
        { severity: 'warn' },
      );
}

/** Who was let through by the list is stopped. A longer list of what is stopped does what it is for. */
function stopsMore({ list, action, gains, loses }: ListEffect): boolean {
  const isShorter = shorter(list);
  return isShorter && (stoppingActions.has(action) ? gains === 'yes' : action === 'skip' && loses === 'yes');
}

/** An exception reaches further. */
function opensMore({ action, gains }: ListEffect): boolean {
  return action === 'skip' && gains === 'yes';
}

function isUntold({ list, action }: ListEffect): boolean {
  return (stoppingActions.has(action) || action === 'skip') && list.after?.items === null;
}

function shorter({ before, after }: ChangedList): boolean {
  const left = new Set(after?.items ?? []);
  return before.items?.some((item) => !left.has(item)) ?? true;
}

function whatGoes({ name, after, before, purged, change }: ChangedList): string {
  if (after === null) {
    return change.after === null ? `the list $${name} is deleted` : `the list $${name} gets another name`;
  }
  const held = before.items === null ? 'every item' : `${String(before.items.length)} item(s)`;
  if (purged === 0) {
    return `the list $${name} is emptied: ${held} go`;
  }
  const items = purged === null ? 'every item' : `${String(purged)} item(s) that it does not name itself`;
  const sent = after.items?.length === 0 ? 'empty' : 'with the items written in it only';
  return `an apply sends the list $${name} ${sent}: ${items} go`;
}

/** Findings name at most this many rules. */
const maxNamed = 5;

function usedBy(effects: readonly ListEffect[], hidden: number): string {
  const named = effects
    .slice(0, maxNamed)
    .map(
      ({ label, action, line, holder }) =>
        `${label} of ${holder.address}${action === '' ? '' : ` (${action})`}: ${line}`,
    );
  const more = effects.length - named.length;
  return [
    ...named,
    ...(more > 0 ? [`and ${String(more)} more`] : []),
    ...(hidden > 0 ? [`Cloudflare counts ${String(hidden)} use(s) in rules that are not in view`] : []),
  ].join('; ');
}
