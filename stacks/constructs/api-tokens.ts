/** API tokens of the service user. Every token names accounts or zones, carries an end date and is bound to networks. */
import { Construct } from 'constructs';
import { ApiToken } from '@cdktf/provider-cloudflare/lib/api-token/index.js';
import { isCalendarDate } from './checks/calendar-date.ts';
import { EstateError } from './checks/estate-error.ts';
import type { EstateStack } from './estate-stack.ts';

/** Permission groups by Cloudflare's own names, with the ids that it publishes. Each belongs to one kind of resource. */
export const permissionGroups = {
  'Account Settings Read': { id: 'c1fde68c7bcc44588cbb6ddbc16d6480', of: 'account' },
  'Account Rule Lists Write': { id: '2edbf20661fd4661b0fe10e9e12f485c', of: 'account' },
  'Access: Apps and Policies Write': { id: '1e13c5124ca64b72b1969a67e8829049', of: 'account' },
  'Load Balancing: Monitors and Pools Write': { id: 'd2a1802cc9a34e30852f8b33869b2f3c', of: 'account' },
  'Analytics Read': { id: '9c88f9c5bce24ce7af9a958ba9c504db', of: 'zone' },
  'Cache Purge': { id: 'e17beae8b8cb423a99b1730f21238bed', of: 'zone' },
  'Cache Settings Read': { id: '3245da1cf36c45c3847bb9b483c62f97', of: 'zone' },
  'Cache Settings Write': { id: '9ff81cbbe65c400b97d92c3c1033cab6', of: 'zone' },
  'DNS Read': { id: '82e64a83756745bbbb1c9c2701bf816b', of: 'zone' },
  'DNS Write': { id: '4755a26eedb94da69e1066d98aa820be', of: 'zone' },
  'Dynamic URL Redirects Write': { id: '74e1036f577a48528b78d2413b40538d', of: 'zone' },
  'Load Balancers Write': { id: '6d7f2f5f5b1d4a0e9081fdc98d432fd1', of: 'zone' },
  'Zone Read': { id: 'c8fed203ed3043cba015a93ad1616f1f', of: 'zone' },
  'Zone Settings Read': { id: '517b21aee92c4d89936c976ba6e4be55', of: 'zone' },
  'Zone Settings Write': { id: '3030687196b94b638145a3953da2b699', of: 'zone' },
  'Zone Transform Rules Write': { id: '0ac90a90249747bca6b047d97f0803e9', of: 'zone' },
  'Zone WAF Read': { id: 'dbc512b354774852af2b5a5f4ba3d470', of: 'zone' },
  'Zone WAF Write': { id: 'fb6778dc191143babbfaa57993f1d275', of: 'zone' },
} as const;
export type PermissionGroup = keyof typeof permissionGroups;

export interface ApiTokenProps {
  /** Logical id. */
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly [PermissionGroup, ...PermissionGroup[]];
  /** The account that the token is for; zone permissions reach the zones of that account and no other. */
  readonly accountId: string;
  /** Last day, YYYY-MM-DD. */
  readonly expires: string;
  /** Networks that may use it. */
  readonly networks: readonly [string, ...string[]];
}

export class ApiTokens extends Construct {
  constructor(stack: EstateStack, tokens: readonly ApiTokenProps[]) {
    super(stack, 'api-tokens');
    for (const token of tokens) {
      checkToken(stack.place('cloudflare_api_token', token.id), token);
      stack.declare(
        'cloudflare_api_token',
        token.id,
        (id) =>
          new ApiToken(this, id, {
            name: token.name,
            policies: policiesOf(token),
            expiresOn: `${token.expires}T23:59:59Z`,
            condition: { requestIp: { in: [...token.networks] } },
          }),
      );
    }
  }
}

function checkToken(place: string, { expires, networks, accountId }: ApiTokenProps): void {
  if (!isCalendarDate(expires)) {
    throw new EstateError(place, `"${expires}" is not a date`, 'Write it as YYYY-MM-DD');
  }
  if (networks.some((network) => network.endsWith('/0'))) {
    throw new EstateError(
      place,
      'the token may be used from every address',
      'Name the networks of its users',
    );
  }
  if (!/^[0-9a-f]{32}$/.test(accountId)) {
    throw new EstateError(
      place,
      `"${accountId}" is not an account id`,
      'Take it from spec.account.cloudflareId in the register of the client',
    );
  }
}

/** One policy per kind of resource, as the API requires. `resources` is JSON text in this version of the provider. */
function policiesOf({ permissions, accountId }: ApiTokenProps) {
  const account = `com.cloudflare.api.account.${accountId}`;
  const resources = {
    account: JSON.stringify({ [account]: '*' }),
    zone: JSON.stringify({ [account]: { 'com.cloudflare.api.account.zone.*': '*' } }),
  };
  return (['account', 'zone'] as const).flatMap((kind) => {
    const groups = permissions.map((name) => permissionGroups[name]).filter((group) => group.of === kind);
    return groups.length === 0
      ? []
      : [{ effect: 'allow', resources: resources[kind], permissionGroups: groups.map(({ id }) => ({ id })) }];
  });
}
