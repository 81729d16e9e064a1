/** Every stack of the estate, in the order of the register: what is not listed here does not exist. */
import type { App } from 'cdktf';
import { EstateStack, type EstateStackProps } from './constructs/estate-stack.ts';
import { accounts } from './accounts.ts';
import { declareAcmeProduction } from './clients/acme/production.ts';
import { declareAcmeStaging } from './clients/acme/staging.ts';
import { declareBoroughProduction } from './clients/borough/production.ts';
import { declareBoroughStaging } from './clients/borough/staging.ts';
import { declarePlatform } from './clients/platform/account.ts';

export interface StackEntry extends EstateStackProps {
  /** `<client>-<environment>`, or `platform`: names the state, so it never changes. */
  readonly name: string;
  readonly declare: (stack: EstateStack) => void;
}

export const estate: readonly StackEntry[] = [
  {
    name: 'acme-production',
    client: 'acme',
    environment: 'production',
    accountId: accounts.acme,
    declare: declareAcmeProduction,
  },
  {
    name: 'acme-staging',
    client: 'acme',
    environment: 'staging',
    accountId: accounts.acme,
    declare: declareAcmeStaging,
  },
  {
    name: 'borough-production',
    client: 'borough',
    environment: 'production',
    accountId: accounts.borough,
    declare: declareBoroughProduction,
  },
  {
    name: 'borough-staging',
    client: 'borough',
    environment: 'staging',
    accountId: accounts.borough,
    declare: declareBoroughStaging,
  },
  {
    name: 'platform',
    client: 'platform',
    environment: 'account',
    accountId: accounts.platform,
    declare: declarePlatform,
  },
];

/** Declares every stack in the app; the app's `synth` then writes them. */
export function declareEstate(app: App): void {
  for (const { name, declare, ...props } of estate) {
    declare(new EstateStack(app, name, props));
  }
}
