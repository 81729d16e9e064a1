/**
 * The text of an issue that was opened with the incident form (`.github/ISSUE_TEMPLATE/incident.yml`): GitHub writes each
 * answer below a heading with the label of its field. What is not an answer of the form says nothing.
 */
import type { IncidentForm, IncidentLevel } from '../../../policies/model/incident.ts';

export type FormReading =
  | { readonly kind: 'form'; readonly form: IncidentForm }
  /** Meant as the form and not filled in as it asks for; one sentence without its full stop. */
  | { readonly kind: 'unreadable'; readonly problem: string }
  | { readonly kind: 'other' };

/** Labels of the fields that are read, as the form has them. */
const incidentLabels = {
  service: 'Service',
  impact: 'Impact',
  urgency: 'Urgency',
  cause: 'Caused by',
} as const;

export const incidentLevels = ['high', 'medium', 'low'] as const satisfies readonly IncidentLevel[];

/** What GitHub writes for an answer that was left out. */
const noAnswer = '_No response_';

const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const changeId = /^CHG-\d{4}-\d{4,}$/;

/** Never throws: whatever somebody wrote is one of the three. */
export function readIncidentForm(body: string): FormReading {
  const answers = answersIn(body);
  const { service, impact, urgency, cause } = incidentLabels;
  if (!answers.has(impact) && !answers.has(urgency)) {
    return { kind: 'other' };
  }
  const twice = Object.values(incidentLabels).find((label) => (answers.get(label)?.length ?? 0) > 1);
  if (twice !== undefined) {
    return unreadable(`"${twice}" is answered twice`);
  }
  const [harm, haste] = [levelIn(answers, impact), levelIn(answers, urgency)];
  if (harm === null || haste === null) {
    return unreadable(`"${harm === null ? impact : urgency}" is none of ${incidentLevels.join(', ')}`);
  }
  const services = (answerTo(answers, service) ?? '').split(',').map((each) => each.trim());
  if (!services.every((each) => slug.test(each))) {
    return unreadable(`"${service}" is not a list of services`);
  }
  const causedBy = answerTo(answers, cause);
  return causedBy === null || changeId.test(causedBy)
    ? { kind: 'form', form: { services, impact: harm, urgency: haste, causedBy } }
    : unreadable(`"${cause}" is not the id of a change`);
}

type FormAnswers = ReadonlyMap<string, readonly string[]>;

function answersIn(body: string): FormAnswers {
  const answers = new Map<string, string[]>();
  for (const part of `\n${body.replaceAll('\r\n', '\n')}`.split('\n### ').slice(1)) {
    const [label = '', ...lines] = part.split('\n');
    const known = answers.get(label.trim()) ?? [];
    known.push(lines.join('\n').trim());
    answers.set(label.trim(), known);
  }
  return answers;
}

/** Null where there is no answer. */
function answerTo(answers: FormAnswers, label: string): string | null {
  const text = answers.get(label)?.[0] ?? '';
  return text === '' || text === noAnswer ? null : text;
}

function levelIn(answers: FormAnswers, label: string): IncidentLevel | null {
  return incidentLevels.find((level) => level === answerTo(answers, label)) ?? null;
}

function unreadable(problem: string): FormReading {
  return { kind: 'unreadable', problem };
}

/** The text that GitHub makes of the form's answers. */
export function incidentText({ services, impact, urgency, causedBy }: IncidentForm): string {
  const { service, impact: harm, urgency: haste, cause } = incidentLabels;
  const answers = [
    [service, services.join(', ')],
    [harm, impact],
    [haste, urgency],
    [cause, causedBy ?? noAnswer],
  ];
  return `${answers.map(([label, answer]) => `### ${String(label)}\n\n${String(answer)}`).join('\n\n')}\n`;
}
