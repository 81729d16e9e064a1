import { Construct } from 'constructs';
import { AccountMember } from '@cdktf/provider-cloudflare/lib/account-member/index.js';
import type { EstateStack } from './estate-stack.ts';

/** Roles by the name used here, with the ids that Cloudflare's role list gives. Administrators are not made from code. */
export const accountRoles = {
  'administrator-read-only': 'f2b20eaa1a5d4af42b53ac16238c99c7',
  analytics: '6ddc5f80969d01105b5a0931e0079365',
  'audit-logs-viewer': '9dfa4d1b73034f70ad896bf1c26d78f3',
  dns: '069fe803647ed3609e93d041d5df6050',
  firewall: '1963e6e3aca5ac9a7a91609a0040ab02',
} as const;

export interface Member {
  /** Roster id with an underscore, for example `r_okafor`: also the logical id. */
  readonly id: string;
  readonly email: string;
  readonly roles: readonly [keyof typeof accountRoles, ...(keyof typeof accountRoles)[]];
}

/** People with access to the account's dashboard. */
export class AccountMembers extends Construct {
  constructor(stack: EstateStack, members: readonly Member[]) {
    super(stack, 'account-members');
    for (const member of members) {
      stack.declare(
        'cloudflare_account_member',
        member.id,
        (id) =>
          new AccountMember(this, id, {
            accountId: stack.accountId,
            email: member.email,
            roles: member.roles.map((role) => accountRoles[role]),
          }),
      );
    }
  }
}
