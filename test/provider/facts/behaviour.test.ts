import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../../../scripts/provider/behaviour.ts';
import { cloudflareSource, factsOf } from '../../../scripts/provider/facts.ts';

describe('behaviour of the provider', () => {
  it('knows that destroying a setting keeps its value, and destroying a record does not', () => {
    expect(behaviourOf('cloudflare_zone_setting', cloudflareSource)?.delete).toBe('keeps-value');
    expect(behaviourOf('cloudflare_dns_record', cloudflareSource)?.delete).toBeUndefined();
  });

  it('knows what Cloudflare reports until the registrar has acted', () => {
    expect(behaviourOf('cloudflare_zone_dnssec', cloudflareSource)?.reportedFor).toEqual({
      status: { active: ['active', 'pending'], disabled: ['disabled', 'pending-disabled'] },
    });
  });

  it('says nothing about other providers, unknown types and names of the language', () => {
    expect(behaviourOf('cloudflare_zone_setting', 'registry.terraform.io/somebody/cloudflare')).toBeNull();
    expect(behaviourOf('cloudflare_unheard_of', cloudflareSource)).toBeNull();
    expect(behaviourOf('constructor', cloudflareSource)).toBeNull();
    expect(factsOf('terraform_data', 'terraform.io/builtin/terraform')).not.toBeNull();
    expect(behaviourOf('terraform_data', 'terraform.io/builtin/terraform')).toBeNull();
  });
});
