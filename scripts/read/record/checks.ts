/** What must hold between the fields of one change record, and between a record and its file. Pure comparisons. */
import type { AuthoredRecord } from '../../../policies/model/record.ts';
import type { Diagnostic } from '../../plan/types.ts';
import type { LocatedDocument } from '../document.ts';
import { probeProblems, type DocumentProblem } from './probes.ts';

/** All contradictions in a record that the schema has already accepted, with their places. */
export function recordProblems(record: AuthoredRecord, document: LocatedDocument): readonly Diagnostic[] {
  const problems = [
    ...pathProblems(record, document.file),
    ...timeProblems(record),
    ...stepProblems(record),
    ...peopleProblems(record),
    ...relationProblems(record),
    ...waiverProblems(record),
    ...waveProblems(record),
    ...probeProblems(record.test?.probes ?? [], '/test/probes'),
    ...outcomeProblems(record),
  ];
  return problems.map(({ pointer, ...text }) => ({ location: document.locate(pointer), ...text }));
}

function pathProblems(record: AuthoredRecord, file: string): readonly DocumentProblem[] {
  const path = file.replaceAll('\\', '/');
  const expected = `changes/${record.client}/${record.id}.yaml`;
  const isBelowChanges = path.startsWith('changes/') || path.includes('/changes/');
  if (!isBelowChanges || path === expected || path.endsWith(`/${expected}`)) {
    return [];
  }
  return [
    {
      pointer: '/id',
      message: "the file's path does not agree with the record's client and id",
      expected,
      found: path.slice(path.lastIndexOf('changes/')),
      fix: `move the file with: git mv ${path} ${expected} (or correct client and id)`,
    },
  ];
}

function timeProblems({ schedule }: AuthoredRecord): readonly DocumentProblem[] {
  if (schedule?.plannedEnd === undefined) {
    return [];
  }
  const { plannedStart, plannedEnd } = schedule;
  if (Date.parse(plannedEnd) > Date.parse(plannedStart)) {
    return [];
  }
  return [
    {
      pointer: '/schedule/plannedEnd',
      message: 'the change ends before it starts',
      expected: `a time after ${plannedStart}`,
      found: plannedEnd,
      fix: 'correct plannedEnd, and check the offsets of both times',
    },
  ];
}

function stepProblems({ plan }: AuthoredRecord): readonly DocumentProblem[] {
  const steps = plan?.steps ?? [];
  return steps.flatMap((step, index) => {
    const before = steps[index - 1]?.n ?? 0;
    if (step.n > before) {
      return [];
    }
    return [
      {
        pointer: `/plan/steps/${index}/n`,
        message: 'the step numbers do not increase',
        expected: `a number above ${before}`,
        found: String(step.n),
        fix: 'number the steps from 1 in the order in which they are done',
      },
    ];
  });
}

function peopleProblems({ implementer, backupImplementer }: AuthoredRecord): readonly DocumentProblem[] {
  if (implementer === undefined || implementer !== backupImplementer) {
    return [];
  }
  return [
    {
      pointer: '/backupImplementer',
      message: 'the implementer is their own backup',
      expected: 'another person',
      found: backupImplementer,
      fix: 'name somebody who can take over',
    },
  ];
}

function relationProblems(record: AuthoredRecord): readonly DocumentProblem[] {
  const named = [
    { pointer: '/retryOf', id: record.retryOf },
    ...(record.dependsOn ?? []).map((id, index) => ({ pointer: `/dependsOn/${index}`, id })),
    ...(record.conflictsWith ?? []).map((id, index) => ({ pointer: `/conflictsWith/${index}`, id })),
  ];
  return named
    .filter(({ id }) => id === record.id)
    .map(({ pointer }) => ({
      pointer,
      message: 'a change cannot refer to itself here',
      expected: 'the id of another change',
      found: record.id,
      fix: 'correct the id, or delete the entry',
    }));
}

function waiverProblems({ waivers = [], schedule }: AuthoredRecord): readonly DocumentProblem[] {
  const seen = new Set<string>();
  return waivers.flatMap((waiver, index): readonly DocumentProblem[] => {
    const key = `${waiver.rule} ${waiver.subject}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    if (isRepeated) {
      const fix = 'delete one of the two';
      return [{ pointer: `/waivers/${index}`, message: 'the same waiver is given twice', found: key, fix }];
    }
    if (schedule === undefined || Date.parse(waiver.expires) > Date.parse(schedule.plannedStart)) {
      return [];
    }
    return [
      {
        pointer: `/waivers/${index}/expires`,
        message: 'the waiver ends before the change starts',
        expected: `a time after ${schedule.plannedStart}`,
        found: waiver.expires,
        fix: 'have the waiver approved for a time that covers the release, or delete it',
      },
    ];
  });
}

function waveProblems({ rollout }: AuthoredRecord): readonly DocumentProblem[] {
  const seen = new Set<string>();
  return (rollout?.waves ?? []).flatMap((wave, at) =>
    wave.flatMap((stack, index): readonly DocumentProblem[] => {
      const isRepeated = seen.has(stack);
      seen.add(stack);
      return isRepeated
        ? [
            {
              pointer: `/rollout/waves/${String(at)}/${String(index)}`,
              message: 'the stack is in two waves',
              expected: 'each stack once',
              found: stack,
              fix: 'delete one of the two',
            },
          ]
        : [];
    }),
  );
}

function outcomeProblems({ outcome, schedule, links }: AuthoredRecord): readonly DocumentProblem[] {
  if (outcome === undefined) {
    return [];
  }
  const problems: DocumentProblem[] = [];
  const isTooEarly =
    outcome.result !== 'cancelled' &&
    outcome.result !== 'rejected' &&
    schedule !== undefined &&
    Date.parse(outcome.closedAt) < Date.parse(schedule.plannedStart);
  if (isTooEarly) {
    problems.push({
      pointer: '/outcome/closedAt',
      message: 'the record is closed before the change was to start',
      expected: `a time after ${schedule.plannedStart}, or the result cancelled or rejected`,
      found: outcome.closedAt,
      fix: 'correct closedAt or the schedule',
    });
  }
  for (const [index, incident] of (outcome.incidentsCaused ?? []).entries()) {
    if (links?.incidents?.includes(incident) === true) {
      problems.push({
        pointer: `/outcome/incidentsCaused/${index}`,
        message: 'an incident cannot be both the cause of the change and its effect',
        expected: 'an incident that began with the change',
        found: incident,
        fix: 'list it under links.incidents or under outcome.incidentsCaused, not both',
      });
    }
  }
  return problems;
}
