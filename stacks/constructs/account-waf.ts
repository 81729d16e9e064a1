/** Custom WAF rules of an account: a custom ruleset, and the entry point that executes it for Enterprise zones. */
import { Construct } from 'constructs';
import { Ruleset } from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import type { AddressList } from './address-list.ts';
import type { EstateStack } from './estate-stack.ts';
import { checkRules, type RuleIdentity } from './checks/ruleset-checks.ts';
import { rulesetType } from './zone-ruleset.ts';

/** An account has no `skip`: an exception at this level would reach every zone. */
export interface AccountWafRule extends RuleIdentity {
  readonly action: 'block' | 'managed_challenge' | 'log';
}

export interface AccountWafProps {
  readonly rules: readonly AccountWafRule[];
  readonly lists?: readonly AddressList[];
}

export class AccountWaf extends Construct {
  constructor(stack: EstateStack, { rules, lists = [] }: AccountWafProps) {
    super(stack, 'account-waf');
    checkRules(stack.place(rulesetType, 'account_waf_custom'), rules);
    const custom = stack.declare(
      rulesetType,
      'account_waf_custom',
      (id) =>
        new Ruleset(this, id, {
          accountId: stack.accountId,
          kind: 'custom',
          phase: 'http_request_firewall_custom',
          name: 'account-waf-custom',
          description: 'Custom WAF rules that hold for every zone of the account',
          rules: rules.map(({ ref, description, expression, action }) => ({
            ref,
            description,
            expression,
            action,
            enabled: true,
          })),
          ...(lists.length > 0 && { dependsOn: lists.map((list) => list.resource) }),
        }),
    );
    stack.declare(
      rulesetType,
      'account_waf_entry',
      (id) =>
        new Ruleset(this, id, {
          accountId: stack.accountId,
          kind: 'root',
          phase: 'http_request_firewall_custom',
          name: 'account-waf-entry',
          description: 'Executes the account rules on the zones that may have them',
          rules: [
            {
              ref: 'execute-account-waf-custom',
              description: 'Account rules on every Enterprise zone',
              expression: 'cf.zone.plan eq "ENT"',
              action: 'execute',
              enabled: true,
              actionParameters: { id: custom.id },
            },
          ],
        }),
    );
  }
}
