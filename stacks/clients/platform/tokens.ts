/**
 * Tokens of the pipeline's service user. One reads and one writes for each client, so that a leak in a plan job cannot
 * change anything, and a leak at one client cannot reach another. Their secret values live in the state only.
 */
import { accounts } from '../../accounts.ts';
import type { ApiTokenProps, PermissionGroup } from '../../constructs/api-tokens.ts';

const pipelineNetworks = ['198.51.100.72/30', '198.51.100.84/32'] as const;

const reading: readonly [PermissionGroup, ...PermissionGroup[]] = [
  'Account Settings Read',
  'Zone Read',
  'Zone Settings Read',
  'DNS Read',
  'Zone WAF Read',
  'Cache Settings Read',
];

const writing: readonly [PermissionGroup, ...PermissionGroup[]] = [
  'Account Rule Lists Write',
  'Load Balancing: Monitors and Pools Write',
  'Zone Read',
  'Zone Settings Write',
  'DNS Write',
  'Zone WAF Write',
  'Load Balancers Write',
  'Cache Settings Write',
  'Dynamic URL Redirects Write',
  'Zone Transform Rules Write',
];

export const pipelineTokens: readonly ApiTokenProps[] = [
  {
    id: 'plan_acme',
    name: 'sluice-plan-acme',
    permissions: reading,
    accountId: accounts.acme,
    expires: '2027-03-31',
    networks: pipelineNetworks,
  },
  {
    id: 'release_acme',
    name: 'sluice-release-acme',
    permissions: writing,
    accountId: accounts.acme,
    expires: '2027-03-31',
    networks: pipelineNetworks,
  },
  {
    id: 'plan_borough',
    name: 'sluice-plan-borough',
    permissions: reading,
    accountId: accounts.borough,
    expires: '2027-03-31',
    networks: pipelineNetworks,
  },
  {
    id: 'release_borough',
    name: 'sluice-release-borough',
    permissions: [...writing, 'Access: Apps and Policies Write'],
    accountId: accounts.borough,
    expires: '2027-03-31',
    networks: pipelineNetworks,
  },
  {
    id: 'reporting',
    name: 'sluice-reporting',
    permissions: ['Analytics Read'],
    accountId: accounts.platform,
    expires: '2027-01-31',
    networks: ['198.51.100.88/32'],
  },
];
