/** The custom rules and rate limits of zones, as the stack code has them now: what a move may switch off. */
import { unchangedInBundle } from '../../plan/difference/unchanged.ts';
import { sourcePlace } from '../../plan/source-place.ts';
import type { SourceLocation } from '../../plan/types.ts';
import { readRuleset } from '../../waf/rulesets/rules.ts';
import { endIn } from '../../../policies/emergency/expiry.ts';
import type { Services } from '../../contract/context.ts';
import { synthesizedProposal, type Bundles } from '../../facts/bundles.ts';
import { fromWorkingTree } from '../../facts/policy.ts';
import { stackSources } from '../../facts/source-places.ts';

export interface StandingRule {
  readonly stack: string;
  readonly zone: string;
  readonly ref: string;
  readonly description: string;
  readonly enabled: boolean;
  /** It is an emergency move itself. */
  readonly isMove: boolean;
  /** Null where the code does not tell. */
  readonly location: SourceLocation | null;
}

/** Phases whose construct can switch a rule off. */
const switchable: ReadonlySet<string> = new Set(['http_request_firewall_custom', 'http_ratelimit']);

/** In the order in which they are written. Runs the stack code of the working tree. */
export async function standingRules(services: Services, root: string): Promise<readonly StandingRule[]> {
  const bundles = await services.reporter.step('synthesize the working tree', () =>
    synthesizedProposal(services.localSynth, root),
  );
  return rulesIn(bundles, await stackSources(fromWorkingTree(services.files, root)));
}

function rulesIn(
  bundles: Bundles,
  sources: Awaited<ReturnType<typeof stackSources>>,
): readonly StandingRule[] {
  const rulesets = [...bundles.values()].flatMap((bundle) =>
    unchangedInBundle(bundle, null, new Set(['cloudflare_ruleset'])),
  );
  return rulesets.flatMap(({ stack, zone, address, values }) => {
    const { phase, rules } = readRuleset(values);
    return zone === null || !switchable.has(phase)
      ? []
      : rules.flatMap(({ ref, enabled, attributes }): readonly StandingRule[] => {
          const description = typeof attributes['description'] === 'string' ? attributes['description'] : '';
          return ref === null
            ? []
            : [
                {
                  stack,
                  zone,
                  ref,
                  description,
                  enabled,
                  isMove: endIn(description) !== null,
                  location: sourcePlace(sources, { address: `${address}#${ref}`, values }),
                },
              ];
        });
  });
}
