/**
 * Whose entries are not the estate's to answer for. A list: whoever is not in it is somebody. Actor types and scopes:
 * https://developers.cloudflare.com/fundamentals/account/account-security/audit-logs/ (read 2026-12-01), "Audit Log structure".
 */
import type { AuditEntry } from './types.ts';

/**
 * Values of `actor.type`: what Cloudflare's systems do without input of a user, and what its people do. `delegated_service` is of the
 * API's schema and not explained anywhere: it counts as somebody.
 */
const ofCloudflare = /^(?:system|cloudflare_admin)$/i;

/** Scopes of somebody's login, which is seen in every account that the person may enter. */
const ofProfile: ReadonlySet<string> = new Set(['user', 'memberships']);

/** The documentation writes `Cloudflare_admin`, the schema of the API `cloudflare_admin`. */
export function isOfCloudflare({ actor }: AuditEntry): boolean {
  return ofCloudflare.test(actor.type ?? '');
}

/** A zone or an object of the account is no profile, whatever the scope says. */
export function isOfProfile({ resource, zone, request }: AuditEntry): boolean {
  return (
    ofProfile.has(resource.scope ?? '') &&
    zone.id === null &&
    zone.name === null &&
    !/\/(?:zones|accounts)\//.test(request.uri ?? '')
  );
}
