/** What a person types to put one object right by hand, where Sluice does not do it by itself. */
import type { Json } from '../plan/types.ts';
import type { ReleaseTarget } from './types.ts';

interface Removable {
  readonly type: string;
  readonly id: string;
  /** Below the API's base. */
  readonly path: string;
}

/** A stand-in that the release was sent to is meant here too: its ids say nothing to Cloudflare. */
const base = '"${CLOUDFLARE_BASE_URL:-https://api.cloudflare.com/client/v4}"';
const token = '-H "Authorization: Bearer $CLOUDFLARE_API_TOKEN"';

/** Removes an object that no state has. */
export function removalCommand(target: ReleaseTarget, { type, id, path }: Removable): string {
  switch (target) {
    case 'sandbox':
      return `sluice sandbox drift --type ${type} --match id=${id} --delete`;
    case 'cloudflare':
      return `curl -X DELETE ${token} ${base}'${path}'`;
  }
}

/**
 * Gives a setting of a zone the value that it had; shows anything else that Cloudflare keeps, which every type sets in a way of
 * its own. Only the sandbox has settings without a value: there the setting goes.
 */
export function settingCommand(
  target: ReleaseTarget,
  setting: { readonly type: string; readonly path: string; readonly was: Json },
): string {
  const { type, path, was } = setting;
  if (type !== 'cloudflare_zone_setting') {
    return target === 'sandbox' ? `sluice sandbox show --type ${type}` : `curl ${token} ${base}'${path}'`;
  }
  const value = JSON.stringify(was).replaceAll("'", String.raw`'\''`);
  switch (target) {
    case 'sandbox': {
      // Every zone has a setting of this name.
      const [zone = '', name = ''] = path.replace('/zones/', '').split('/settings/');
      const edit = was === null ? '--delete' : `--set 'value=${value}'`;
      return `sluice sandbox drift --type ${type} --match zone_id=${zone} --match setting_id=${name} ${edit}`;
    }
    case 'cloudflare':
      return `curl -X PATCH ${token} --json '{"value":${value}}' ${base}'${path}'`;
  }
}
