/** Settings that all borough zones share, after the council's transport security standard. */
import type { ZoneSettingsProps } from '../../constructs/zone-settings.ts';

export const strictSettings: ZoneSettingsProps = {
  minTlsVersion: '1.2',
  sslMode: 'strict',
  hstsDays: 730,
  hstsIncludeSubdomains: true,
  hstsPreload: true,
  // Forward secrecy and authenticated encryption only.
  ciphers: [
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ],
  securityLevel: 'medium',
  others: { ipv6: 'on', brotli: 'on', email_obfuscation: 'on' },
};
