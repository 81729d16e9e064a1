/** The gate's decision on a change with a crowd of reviews, in a process of its own. Prints one JSON line. */
import { crowdedFacts } from './facts.ts';
import { fastest, nothing } from './fastest.ts';
import { policyForBench } from './policy.ts';
import { decide } from '../../policies/gate.ts';

const [reviews = '5000', commits = '250'] = process.argv.slice(2);
const facts = crowdedFacts(await policyForBench(), Number(reviews), Number(commits));
const text = JSON.stringify(facts);
const { approvals } = decide(facts);
const times = {
  parse: fastest(nothing, () => void JSON.parse(text)),
  decide: fastest(nothing, () => void decide(facts)),
};
process.stdout.write(
  `${JSON.stringify({ reviews: facts.reviews.length, commits: Number(commits), bytes: text.length, lines: approvals.reviewers.length, given: approvals.given, verdict: approvals.verdict, times })}\n`,
);
