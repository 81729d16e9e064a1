/** The shipped policy data, read from the repository as the CLI reads it. */
import { createFiles } from '../../scripts/adapters/files/files.ts';
import { shippedPolicy } from '../../scripts/facts/policy.ts';
import type { PolicySet } from '../../policies/model/facts.ts';

export async function policyForBench(): Promise<PolicySet> {
  const home = process.cwd();
  return shippedPolicy({ files: createFiles({ root: home }), home });
}
