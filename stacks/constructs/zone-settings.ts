/**
 * Zone settings, one resource per setting as the provider wants them. The defaults are the safe ones; the types leave
 * out the values that weaken transport security (TLS below 1.2, SSL off or flexible), so that they cannot be asked for.
 */
import { Construct } from 'constructs';
import { ZoneSetting } from '@cdktf/provider-cloudflare/lib/zone-setting/index.js';
import { EstateError } from './checks/estate-error.ts';
import type { Zone } from './zone.ts';

type Switch = 'on' | 'off';

export interface ZoneSettingsProps {
  /** Default 1.2. */
  readonly minTlsVersion?: '1.2' | '1.3';
  /** Towards the origin; `strict` (default) checks its certificate. */
  readonly sslMode?: 'full' | 'strict';
  /** `max-age` of Strict-Transport-Security in days. Default 365. */
  readonly hstsDays?: number;
  /** Default true. */
  readonly hstsIncludeSubdomains?: boolean;
  /** Default false: browsers' preload lists are easy to enter and slow to leave. */
  readonly hstsPreload?: boolean;
  /** TLS 1.2 cipher suites to allow; Cloudflare's default set when absent. TLS 1.3 suites cannot be chosen. */
  readonly ciphers?: readonly string[];
  readonly securityLevel?: 'low' | 'medium' | 'high';
  /** WebSockets, default off. */
  readonly websockets?: Switch;
  /** Further settings by their Cloudflare id, for what has no safe or unsafe side. */
  readonly others?: Readonly<Partial<Record<PlainSetting, Switch | number>>>;
}

const plainSettings = [
  'brotli',
  'browser_cache_ttl',
  'cache_level',
  'challenge_ttl',
  'early_hints',
  'email_obfuscation',
  'hotlink_protection',
  'image_resizing',
  'ip_geolocation',
  'ipv6',
  'polish',
  'rocket_loader',
  'true_client_ip_header',
  'webp',
] as const;
type PlainSetting = (typeof plainSettings)[number];

const secondsPerDay = 86_400;
/** Below 180 days a browser may forget the promise between two visits; Cloudflare recommends at least six months. */
const minHstsDays = 180;

type SettingValue = string | number | readonly string[] | Readonly<Record<string, unknown>>;

export class ZoneSettings extends Construct {
  constructor(zone: Zone, props: ZoneSettingsProps = {}) {
    super(zone, 'settings');
    for (const [setting, value] of settingsOf(zone, props)) {
      zone.stack.declare('cloudflare_zone_setting', zone.scoped(resourceName(setting)), (id) => {
        const resource = new ZoneSetting(this, id, {
          zoneId: zone.zoneId,
          settingId: setting,
          // The binding types this dynamic attribute as a map and would drop numbers: the override sets it as it is.
          value: {},
        });
        resource.addOverride('value', value);
        return resource;
      });
    }
  }
}

function settingsOf(zone: Zone, props: ZoneSettingsProps): readonly (readonly [string, SettingValue])[] {
  const others = Object.entries(props.others ?? {});
  const unknown = others.find(([setting]) => !(plainSettings as readonly string[]).includes(setting));
  if (unknown !== undefined) {
    throw new EstateError(
      zone.stack.place('cloudflare_zone_setting', zone.scoped(unknown[0])),
      `"${unknown[0]}" is not a setting that may be given here`,
      `Use one of ${plainSettings.join(', ')}`,
    );
  }
  const settings: (readonly [string, SettingValue])[] = [
    ['min_tls_version', props.minTlsVersion ?? '1.2'],
    ['ssl', props.sslMode ?? 'strict'],
    ['tls_1_3', 'on'],
    // Early data can be replayed; it is off for every zone.
    ['0rtt', 'off'],
    ['always_use_https', 'on'],
    ['automatic_https_rewrites', 'on'],
    ['opportunistic_encryption', 'on'],
    ['security_header', strictTransportSecurity(zone, props)],
    ['security_level', props.securityLevel ?? 'medium'],
    ['browser_check', 'on'],
    ['websockets', props.websockets ?? 'off'],
    ['http3', 'on'],
  ];
  if (props.ciphers !== undefined) {
    settings.push(['ciphers', props.ciphers]);
  }
  return [...settings, ...others];
}

/** Terraform names may not start with a digit: `0rtt` becomes `zero_rtt`. */
function resourceName(setting: string): string {
  return setting === '0rtt' ? 'zero_rtt' : setting;
}

function strictTransportSecurity(zone: Zone, props: ZoneSettingsProps): Readonly<Record<string, unknown>> {
  const days = props.hstsDays ?? 365;
  if (!Number.isInteger(days) || days < minHstsDays) {
    throw new EstateError(
      zone.stack.place('cloudflare_zone_setting', zone.scoped('security_header')),
      `HSTS for ${days} days`,
      `Use a whole number of days, at least ${minHstsDays}`,
    );
  }
  return {
    strict_transport_security: {
      enabled: true,
      max_age: days * secondsPerDay,
      include_subdomains: props.hstsIncludeSubdomains ?? true,
      preload: props.hstsPreload ?? false,
      nosniff: true,
    },
  };
}
