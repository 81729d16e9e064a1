import type { Json, ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isReference, readList } from '../../reading/values.ts';

/** Cloudflare's own role ids, the same in every account. */
const broadRoles: Readonly<Record<string, string>> = {
  '33666b9c79b9a5273fc7344ff42f953d': 'Super Administrator',
  '05784afa30c1afe1440e79d9351c7430': 'Administrator',
};

export const accountMemberRoles = defineRule({
  id: 'account-member-roles',
  title: 'Nobody becomes an account administrator by the way',
  area: 'estate',
  severity: 'deny',
  why: 'An administrator can change every zone of every client outside change control.',
  fix: 'Give roles for the zones and products that the person works on; an administrator needs a waiver from security.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of account roles',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_account_member').filter((change) => change.after !== null),
      'no account member is added or changed',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  const subject = subjectOf(change, 'roles');
  const roles = readList(change, 'after', ['roles']);
  if (roles === null || roles.some((role) => isReference(role))) {
    return doubt(subject, 'its roles are known only after apply');
  }
  const had = new Set(readList(change, 'before', ['roles']));
  return roles
    .filter((role) => !had.has(role))
    .flatMap((role) => {
      const name = nameOf(role);
      return name === null
        ? []
        : finding(subject, `gets the role ${name}`, 'roles for single zones or products');
    });
}

function nameOf(role: Json): string | null {
  return typeof role === 'string' && Object.hasOwn(broadRoles, role) ? (broadRoles[role] ?? null) : null;
}
