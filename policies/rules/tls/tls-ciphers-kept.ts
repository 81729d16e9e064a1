import type { Json } from '../../../scripts/plan/types.ts';
import { settingChanges } from '../../reading/zone-settings.ts';
import type { SettingChange } from '../../reading/zone-settings.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const tlsCiphersKept = defineRule({
  id: 'tls-ciphers-kept',
  title: 'No weak cipher is let in again',
  area: 'estate',
  severity: 'deny',
  why: 'Ciphers without authenticated encryption (CBC, RC4, 3DES) have known attacks, and a list that is emptied allows all of them.',
  fix: 'List only ciphers with GCM, CCM or CHACHA20; a client that needs an older one gets it on a host of its own, under a waiver.',
  since: '2026-11-30',
  source: 'RFC 9325, section 4.2; Cloudflare documentation of cipher suites',
  protects: 'security',
  waivable: true,
  evaluate: (context) => judgeEach(settingChanges(context, 'ciphers'), 'no list of ciphers changes', judge),
});

/** An empty list, and none, stand for everything that Cloudflare supports. */
function judge(setting: SettingChange): Judgement {
  if (setting.after.kind === 'unknown') {
    return doubt(setting.subject, 'the list of ciphers is known only after apply');
  }
  const before = setting.before.kind === 'known' ? listed(setting.before.value) : [];
  const after = setting.after.kind === 'known' ? listed(setting.after.value) : [];
  if (after.length === 0) {
    return before.length === 0
      ? fine
      : finding(
          setting.subject,
          'the list is emptied: every cipher is allowed, weak ones too',
          'a list of strong ciphers',
        );
  }
  // Narrowing from everything takes nothing away, also where weak ones are left.
  const added = after.filter((cipher) => isWeak(cipher) && !before.includes(cipher));
  if (added.length === 0) {
    return fine;
  }
  const isNarrowed = before.length === 0 && setting.change.before !== null;
  return finding(
    setting.subject,
    `lets in ${added.slice(0, 4).join(', ')}${added.length > 4 ? ` and ${added.length - 4} more` : ''}`,
    'ciphers with authenticated encryption (GCM, CCM, CHACHA20)',
    isNarrowed ? { severity: 'warn' } : {},
  );
}

function listed(value: Json): readonly string[] {
  return (Array.isArray(value) ? (value as readonly Json[]) : [value]).flatMap((one) =>
    typeof one === 'string' && one !== '' ? [one.toUpperCase()] : [],
  );
}

function isWeak(cipher: string): boolean {
  return !/GCM|CCM|CHACHA20/u.test(cipher);
}
