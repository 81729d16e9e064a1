/**
 * Findings as notes at lines of the pull request's files.
 *
 * A finding about the record has its own place, one about a resource that of the stack code that made it. Where that cannot be
 * told it stands at the line where the record names the stack, which the author of the change wrote and the reader has before
 * them. There all findings of one rule about one stack are one note: forty at one line would be read by nobody. Without a
 * record there is no line to stand at, and the comment alone has them. Waived findings are notices.
 */
import type { Facts } from '../../../policies/model/facts.ts';
import type { Finding } from '../../../policies/model/finding.ts';
import type { LocatedRecord } from '../../../policies/model/record.ts';
import type { SourceLocation } from '../../plan/types.ts';
import { fitText } from '../text/bounded.ts';
import { escapeTerminalLine } from '../text/escape.ts';

/**
 * GitHub's REST documentation: 255 characters of title, 64 KB of message; batches are the adapter's. A character here has at
 * most three bytes, so the fifteen parts of a message stay below. `notes` is three requests and more than anybody reads.
 */
const limits = { title: 255, part: 1300, subjects: 10, notes: 150 };

/** Plain text: GitHub shows annotations as they are. */
export interface FindingAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/** Gravest first. The last one counts what is left out, if anything is. */
export function renderAnnotations(findings: readonly Finding[], facts: Facts): readonly FindingAnnotation[] {
  const [only, ...others] = facts.records;
  const record = others.length === 0 ? (only ?? null) : null;
  const groups = new Map<string, AnnotationGroup>();
  for (const finding of findings) {
    const place = placeOf(finding, record);
    if (place !== null) {
      const level = levelOf(finding);
      const key = [place.file, String(place.line), finding.ruleId, level].join('\n');
      const group = groups.get(key) ?? { place, level, findings: [] };
      group.findings.push(finding);
      groups.set(key, group);
    }
  }
  const sorted = [...groups.values()].toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  if (sorted.length <= limits.notes) {
    return sorted.map(annotation);
  }
  const listed = sorted.slice(0, limits.notes - 1).map(annotation);
  const left = sorted.length - listed.length;
  const rest = sorted.slice(listed.length, listed.length + 1).map(({ place }) => ({
    ...lines(place),
    level: 'notice' as const,
    title: `and ${String(left)} more`,
    message: 'All findings: sluice gate --pr <number>',
  }));
  return [...listed, ...rest];
}

const levels: readonly FindingAnnotation['level'][] = ['failure', 'warning', 'notice'];

interface AnnotationGroup {
  readonly place: SourceLocation;
  readonly level: FindingAnnotation['level'];
  readonly findings: Finding[];
}

function levelOf({ severity, waivedBy }: Finding): FindingAnnotation['level'] {
  if (waivedBy !== undefined) {
    return 'notice';
  }
  return severity === 'deny' ? 'failure' : 'warning';
}

function placeOf({ location, subject }: Finding, record: LocatedRecord | null): SourceLocation | null {
  const place = location ?? (record === null ? null : stackLine(record, subject));
  return place !== null && isInRepository(place) ? place : null;
}

/** Where the record names the stack of the subject; else its list of stacks; else its first line. */
function stackLine({ file, record, locations }: LocatedRecord, subject: string): SourceLocation {
  const at = (record.stacks ?? []).findIndex((stack) => subject.startsWith(`${stack}/`));
  const pointers = [...(at === -1 ? [] : [`/stacks/${String(at)}`]), '/stacks', ''];
  const found = pointers.find((pointer) => Object.hasOwn(locations, pointer));
  return (found === undefined ? undefined : locations[found]) ?? { file, line: 1, column: 1 };
}

/** GitHub refuses all annotations of a request when one has a place that cannot be. */
function isInRepository({ file, line }: SourceLocation): boolean {
  const isPath = /^[\w.@+-][\w.@+ /-]*$/.test(file) && !file.split('/').includes('..');
  return isPath && Number.isSafeInteger(line) && line >= 1;
}

function lines({ file, line }: SourceLocation): Pick<FindingAnnotation, 'path' | 'startLine' | 'endLine'> {
  return { path: file, startLine: line, endLine: line };
}

function annotation({ place, level, findings }: AnnotationGroup): FindingAnnotation {
  const [first] = findings;
  const about = findings.length === 1 ? (first?.subject ?? '') : `${String(findings.length)} places`;
  const body = first === undefined ? [] : messageOf(first, findings);
  return {
    ...lines(place),
    level,
    title: fitText(`${first?.ruleId ?? ''}: ${about}`, limits.title, escapeTerminalLine),
    message: body.map((text) => fitText(text, limits.part, escapeTerminalLine)).join('\n'),
  };
}

function messageOf(first: Finding, findings: readonly Finding[]): readonly string[] {
  const listed = findings.slice(0, limits.subjects).map(({ subject, seen }) => `${subject}: ${seen}`);
  const left = findings.length - listed.length;
  const waived = first.waivedBy;
  return [
    ...(waived === undefined ? [] : [`Waived by ${waived.approvedBy}: ${waived.reason}`]),
    ...listed,
    ...(left === 0 ? [] : [`and ${String(left)} more`]),
    `Required: ${first.required}`,
    `Why: ${first.why}`,
    `Fix: ${first.fix}`,
  ];
}
