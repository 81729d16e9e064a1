/** Findings as SARIF 2.1.0, for code scanning and editors. */
import { escapeSarif } from './escape.ts';
import { printedJson } from './printed-json.ts';
import { findingIds } from '../../policies/model/finding.ts';
import type { Finding, Rule, RuleReport } from '../../policies/model/finding.ts';

/** One run with every rule and every finding; a waived finding is a suppressed result, not a missing one. */
export function renderSarif(report: RuleReport, rules: readonly Rule[]): string {
  return sarifLog(rules.flatMap(describeRule), report.findings.map(describeFinding));
}

/** One run of Sluice with the rules and results given. */
export function sarifLog(rules: readonly object[], results: readonly object[]): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sluice', informationUri: 'https://sluice.example', rules } },
        results,
      },
    ],
  };
  return printedJson(log);
}

/** One descriptor for each id that a finding of the rule may have. */
function describeRule(rule: Rule): readonly object[] {
  return findingIds(rule).map((id) => ({
    id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: { text: rule.fix },
    defaultConfiguration: { level: level(rule.severity) },
  }));
}

function describeFinding(finding: Finding): object {
  const place = finding.location;
  const region = place === undefined ? {} : { region: { startLine: place.line, startColumn: place.column } };
  const physical =
    place === undefined
      ? {}
      : { physicalLocation: { artifactLocation: { uri: encodeURI(place.file) }, ...region } };
  return {
    ruleId: finding.ruleId,
    level: level(finding.severity),
    message: {
      text: escapeSarif(
        `${finding.subject}: ${finding.seen}. Required: ${finding.required}. Fix: ${finding.fix}`,
      ),
    },
    locations: [
      {
        ...physical,
        logicalLocations: [{ fullyQualifiedName: escapeSarif(finding.subject), kind: 'resource' }],
      },
    ],
    ...(finding.waivedBy === undefined
      ? {}
      : {
          suppressions: [
            { kind: 'external', justification: escapeSarif(finding.waivedBy.reason), status: 'accepted' },
          ],
        }),
  };
}

function level(severity: Finding['severity']): 'error' | 'warning' {
  switch (severity) {
    case 'deny':
      return 'error';
    case 'warn':
      return 'warning';
  }
}
