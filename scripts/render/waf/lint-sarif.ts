/** Lint findings as SARIF 2.1.0. */
import type { LintFinding } from '../../waf/lint/lint.ts';
import type { LintRule } from '../../waf/lint/rule.ts';
import { escapeSarif } from '../text/escape.ts';
import { sarifLog } from '../findings/sarif.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** `files` are the subjects that are files; the others are resources. */
export function renderLintSarif(
  findings: readonly LintFinding[],
  rules: readonly LintRule[],
  files: readonly string[],
): string {
  return sarifLog(
    rules.map(({ id, title, why, fix, severity }) => ({
      id,
      shortDescription: { text: title },
      fullDescription: { text: why },
      help: { text: fix },
      defaultConfiguration: { level: levels[severity] },
    })),
    findings.map((finding) => describe(finding, files)),
  );
}

function describe(
  { ruleId, severity, subject, path, line, column, message, fix }: LintFinding,
  files: readonly string[],
): object {
  const region = line === null || column === null ? {} : { region: { startLine: line, startColumn: column } };
  const place = line === null || column === null ? '' : ` at ${line}:${column}`;
  const location = files.includes(subject)
    ? { physicalLocation: { artifactLocation: { uri: encodeURI(subject) }, ...region } }
    : { logicalLocations: [{ fullyQualifiedName: escapeSarif(subject), kind: 'resource' }] };
  return {
    ruleId,
    level: levels[severity],
    message: {
      text: escapeSarif(`${subject}${path === '' ? '' : ` ${path}`}${place}: ${message}. Fix: ${fix}`),
    },
    locations: [location],
  };
}
