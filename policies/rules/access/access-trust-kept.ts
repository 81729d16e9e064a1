import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { isLongerDuration } from '../../reading/access/options.ts';
import {
  applicationsUsing,
  asksForCertificate,
  certificateType,
  changedIdentity,
  isOpenIdentity,
  newlyTrustedHosts,
  organizationType,
  providerType,
  tokenType,
} from '../../reading/access/trust.ts';
import { show, showAt, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { readValue } from '../../reading/values.ts';
import type { RuleContext } from '../../model/finding.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const accessTrustKept = defineRule({
  id: 'access-trust-kept',
  title: 'Access believes nobody new',
  area: 'estate',
  severity: 'deny',
  why: 'Policies name mail addresses and certificates; whoever vouches for those decides who comes in, at every application.',
  fix: 'Keep the account of the provider and the authority of certificates; bring a new one in with applications that name it.',
  since: '2026-11-30',
  source: 'Cloudflare documentation of identity providers, mutual TLS, service tokens and organizations',
  protects: 'security',
  waivable: true,
  kinds: ['certificate-authority', 'identity-provider', 'organization', 'service-token'],
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, providerType, certificateType, organizationType, tokenType),
      'no identity provider, certificate authority, service token or organization changes',
      (change) => judges[change.type]?.(change, context) ?? fine,
    ),
});

const judges: Readonly<Record<string, (change: ResourceChange, context: RuleContext) => Judgement>> = {
  [providerType]: judgeProvider,
  [certificateType]: judgeAuthority,
  [organizationType]: judgeOrganization,
  [tokenType]: judgeToken,
};

function judgeProvider(change: ResourceChange, { estate }: RuleContext): Judgement {
  const kind = 'identity-provider';
  if (change.before === null || change.after === null) {
    const [first, ...more] = applicationsUsing(change, estate);
    const named = `${first?.address ?? ''}${more.length > 0 ? ` and ${more.length} more` : ''}`;
    const seen =
      change.before === null
        ? `whoever it vouches for may log in to ${named}, where every provider is allowed`
        : `nobody logs in to ${named} by it any more`;
    return first === undefined
      ? fine
      : finding(subjectOf(change), seen, 'the providers from before', { kind, severity: 'warn' });
  }
  return changedIdentity(change).flatMap((name) => {
    const path = name === 'type' || name === 'config' ? [name] : ['config', name];
    const subject = subjectOf(change, path.join('.'));
    return isOpenIdentity(change, name)
      ? doubt(subject, `${path.join('.')} is known only after apply`, kind)
      : finding(
          subject,
          `${path.join('.')}: ${showAt(change, 'before', path)} -> ${showAt(change, 'after', path)}`,
          'the same one vouches for people',
          { kind },
        );
  });
}

function judgeAuthority(change: ResourceChange, { estate }: RuleContext): Judgement {
  const kind = 'certificate-authority';
  const subject = subjectOf(change, 'associated_hostnames');
  return newlyTrustedHosts(change).flatMap((host) => {
    const asks = asksForCertificate(host, estate);
    const seen = `certificates that it signs are believed at ${show(host)}`;
    const required = 'the authorities from before';
    return asks === null
      ? finding(subject, `${seen}, and who enters there is not known`, required, { kind, severity: 'warn' })
      : asks
        ? finding(subject, `${seen}, where a certificate lets in`, required, { kind })
        : fine;
  });
}

/** What holds for all applications that do not say it themselves. */
function judgeOrganization(change: ResourceChange): Judgement {
  const looser = ['session_duration', 'warp_auth_session_duration'].filter((name) =>
    isLongerDuration(change, name),
  );
  const [was, is] = (['before', 'after'] as const).map(
    (side) => change[side]?.['allow_authenticate_via_warp'],
  );
  return change.before === null || change.after === null
    ? fine
    : [
        ...looser,
        ...(is === true && was !== true ? ['allow_authenticate_via_warp'] : []),
        ...(change.before['auth_domain'] === change.after['auth_domain'] ? [] : ['auth_domain']),
      ].flatMap((name) => changed(change, name, 'organization'));
}

function judgeToken(change: ResourceChange): Judgement {
  return change.before !== null && change.after !== null && isLongerDuration(change, 'duration')
    ? changed(change, 'duration', 'service-token')
    : fine;
}

function changed(change: ResourceChange, name: string, kind: string): Judgement {
  const subject = subjectOf(change, name);
  return readValue(change, 'after', [name]).kind === 'unknown'
    ? doubt(subject, `${name} is known only after apply`, kind)
    : finding(
        subject,
        `${name}: ${showAt(change, 'before', [name])} -> ${showAt(change, 'after', [name])}`,
        'no looser than before',
        { kind },
      );
}
