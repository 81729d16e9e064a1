/** Findings as SARIF 2.1.0, for code scanning and editors. */
import type { NotTaken } from '../../../policies/foreign.ts';
import { escapeSarif } from '../text/escape.ts';
import { printedJson } from '../text/printed-json.ts';
import { findingIds } from '../../../policies/model/finding.ts';
import { notTakenLines } from '../text/foreign-text.ts';
import { beyondText, mostInFile, visibleFindings } from './visible-findings.ts';
import type { Finding, Rule, RuleReport } from '../../../policies/model/finding.ts';

/**
 * One run with every rule and its findings; a waived finding is a suppressed result, not a missing one. What is counted and
 * not listed, and what is not a finding of a foreign configuration, are notes of the run.
 */
export function renderSarif(
  report: RuleReport,
  rules: readonly Rule[],
  notTaken: readonly NotTaken[] = [],
): string {
  const { visible, beyond } = visibleFindings(report.findings, mostInFile);
  const notes = [...beyond.map(beyondText), ...notTakenLines(notTaken)];
  return sarifLog(rules.flatMap(describeRule), visible.map(describeFinding), notes);
}

/** One run of Sluice with the rules, results and notes given. */
export function sarifLog(
  rules: readonly object[],
  results: readonly object[],
  notes: readonly string[] = [],
): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sluice', informationUri: 'https://sluice.example', rules } },
        results,
        ...(notes.length === 0 ? {} : { invocations: [invocation(notes)] }),
      },
    ],
  };
  return printedJson(log);
}

/** SARIF 2.1.0, 3.20: what a run says beside its results. */
function invocation(notes: readonly string[]): object {
  const toolExecutionNotifications = notes.map((text) => ({
    level: 'note',
    message: { text: escapeSarif(text) },
  }));
  return { executionSuccessful: true, toolExecutionNotifications };
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
