/**
 * Every stack of the estate, in the order of the registers: what is not listed here does not exist.
 * Derived from the registers of the clients: `sluice doctor --fix` writes it.
 */
import type { StackEntry } from './constructs/estate-program.ts';
import { accounts } from './accounts.ts';
import { declareAcmeProduction } from './clients/acme/production.ts';
import { declareAcmeStaging } from './clients/acme/staging.ts';
import { declareBoroughProduction } from './clients/borough/production.ts';
import { declareBoroughStaging } from './clients/borough/staging.ts';
import { declarePlatform } from './clients/platform/account.ts';

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
