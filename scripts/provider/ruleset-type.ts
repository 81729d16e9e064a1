/** The resource type of a ruleset, in every version of the provider. */
export const rulesetType = 'cloudflare_ruleset';
