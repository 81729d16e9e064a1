/**
 * Which test files are asked about which part of the policies. A mutant that only a test further away would notice counts
 * as survived: the score can only be too low, and a run stays bounded.
 */
const scopes: readonly (readonly [part: RegExp, tests: RegExp])[] = [
  [/^policies\/approvals/, /^test\/policies\/approvals\/(?!properties)/],
  [/^policies\/(rules\/|rule\.ts|registry)/, /^test\/policies\/rules\//],
  [/^policies\/(evaluate|waivers|model\/finding)/, /^test\/policies\/(evaluate|waivers)/],
  [/^policies\/model\//, /^test\/(changes\/state|policies\/model\/)/],
  [
    /^policies\/reading\/(change-category|control-files|reviewed-types|security-relevance|traffic\.ts)/,
    /^test\/policies\/reading\//,
  ],
  [/^policies\/reading\//, /^test\/policies\/(rules\/|reading\/|risk)/],
  [/^policies\/risk/, /^test\/policies\/(risk|reading\/reach)/],
  [/^policies\/catalogue/, /^test\/policies\/(catalogue|gate\/edges-type)/],
  [/^policies\/guard-rails/, /^test\/policies\/guard-rails/],
  [/^policies\/windows|^policies\/working-days/, /^test\/policies\/(windows|gate\/edges-time)/],
  [/^policies\//, /^test\/policies\/(gate\/|emergency)/],
];

/** Whether the tests of `tests` are asked about anything; those that are not need not be bundled. */
export function isAsked(tests: string): boolean {
  return scopes.some(([, asked]) => asked.test(tests));
}

/** Whether the tests of `tests` are asked about the mutants of `policy`, both by path from the root. */
export function isFor(policy: string, tests: string): boolean {
  return scopes.find(([part]) => part.test(policy))?.[1].test(tests) === true;
}
