/** Bulk redirects: a list of address pairs of the account, and the account rule that uses it. */
import { Construct } from 'constructs';
import { List } from '@cdktf/provider-cloudflare/lib/list/index.js';
import { Ruleset } from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import { EstateError } from './checks/estate-error.ts';
import type { EstateStack } from './estate-stack.ts';
import { checkRules } from './checks/ruleset-checks.ts';
import { rulesetType } from './zone-ruleset.ts';

export interface BulkRedirect {
  /** Host and path without a scheme or query: `old.example/shop`. */
  readonly from: string;
  /** Full address. */
  readonly to: string;
  readonly status?: 301 | 302 | 307 | 308;
  /** Default false; true redirects everything below `from` too. */
  readonly subpaths?: boolean;
  readonly comment: string;
}

export interface BulkRedirectsProps {
  /** Name of the list, also the logical id. */
  readonly name: string;
  readonly description: string;
  readonly redirects: readonly BulkRedirect[];
}

export class BulkRedirects extends Construct {
  constructor(stack: EstateStack, { name, description, redirects }: BulkRedirectsProps) {
    super(stack, `bulk-redirects-${name}`);
    checkRedirects(stack.place('cloudflare_list', name), redirects);
    const list = stack.declare(
      'cloudflare_list',
      name,
      (id) =>
        new List(this, id, {
          accountId: stack.accountId,
          name,
          kind: 'redirect',
          description,
          items: redirects.map(asItem),
        }),
    );
    this.declareRule(stack, { name, description, list });
  }

  private declareRule(
    stack: EstateStack,
    { name, description, list }: { readonly name: string; readonly description: string; readonly list: List },
  ): void {
    const rule = {
      ref: `use-${name.replaceAll('_', '-')}`,
      description,
      expression: `http.request.full_uri in $${name}`,
      action: 'redirect',
      enabled: true,
      actionParameters: { fromList: { name, key: 'http.request.full_uri' } },
    };
    checkRules(stack.place(rulesetType, name), [rule]);
    stack.declare(
      rulesetType,
      name,
      (id) =>
        new Ruleset(this, id, {
          accountId: stack.accountId,
          kind: 'root',
          phase: 'http_request_redirect',
          name: name.replaceAll('_', '-'),
          description,
          rules: [rule],
          dependsOn: [list],
        }),
    );
  }
}

function asItem({ from, to, status = 301, subpaths = false, comment }: BulkRedirect) {
  return {
    comment,
    redirect: {
      sourceUrl: from,
      targetUrl: to,
      statusCode: status,
      includeSubdomains: false,
      preserveQueryString: true,
      subpathMatching: subpaths,
      preservePathSuffix: subpaths,
    },
  };
}

function checkRedirects(place: string, redirects: readonly BulkRedirect[]): void {
  const seen = new Set<string>();
  for (const { from, to } of redirects) {
    if (from.includes('?') || from.includes('://')) {
      throw new EstateError(
        place,
        `"${from}" is not a redirect source`,
        'Leave out the scheme and the query',
      );
    }
    if (!to.startsWith('https://')) {
      throw new EstateError(place, `"${from}" leads to "${to}"`, 'Write a full https:// address');
    }
    if (seen.has(from)) {
      throw new EstateError(place, `"${from}" is redirected twice`, 'Keep one entry');
    }
    seen.add(from);
  }
}
