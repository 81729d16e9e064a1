/** Files that rules of an estate's own are made of. */
import { sha256Hex } from '../json/json.ts';
import type { Diagnostic } from '../plan/types.ts';
import type { RuleFile } from '../../policies/model/own-rule.ts';
import type { GitFile } from '../contract/ports.ts';

/** As many rules and parts of rules, and as many characters in one, as anybody would read before agreeing to them. */
const mostRuleFiles = 200;
const longestRuleFile = 200_000;

export function asRuleFile({ path, text }: GitFile): RuleFile {
  return { path, digest: `sha256:${sha256Hex(text)}` };
}

/** What stands against running them at all. */
export function ruleProblems(texts: readonly GitFile[]): readonly Diagnostic[] {
  const tooLong = texts.filter(({ text }) => text.length > longestRuleFile);
  return [
    ...(texts.length > mostRuleFiles
      ? [
          {
            message: `policies/rules/ has ${String(texts.length)} files of rules`,
            expected: `at most ${String(mostRuleFiles)}`,
          },
        ]
      : []),
    ...tooLong.map(({ path }) => ({
      location: { file: path, line: 1, column: 1 },
      message: 'the file is too long for anybody to have read it',
      expected: `at most ${String(longestRuleFile)} characters`,
    })),
  ];
}
