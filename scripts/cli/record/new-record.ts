/**
 * The text of a new change record: valid by the schema, with everything that can be known filled in, and a
 * placeholder where only the author knows. Pure: the same answers give the same bytes.
 */
import { Document, isMap, isScalar } from 'yaml';
import { placeholder } from '../../../policies/model/placeholder.ts';
import type { Category, ChangeType, RiskLevel, Waiver } from '../../../policies/model/record.ts';

export interface NewAnswers {
  readonly id: string;
  readonly client: string;
  readonly kind: 'Change' | 'Administrative';
  /** Left out, like everything else that is optional and that nobody answers: then it is computed. */
  readonly service?: string;
  readonly type: ChangeType;
  readonly model?: string;
  readonly category?: Category;
  readonly title: string;
  readonly reason: string;
  readonly requester: string;
  readonly owner: string;
  /** Absent for a standard change. */
  readonly implementer?: string;
  readonly backupImplementer?: string;
  readonly stacks?: readonly string[];
  readonly risk?: RiskLevel;
  readonly standardChange?: { readonly ref: string; readonly version: string };
  readonly emergency?: {
    readonly incident: string;
    readonly severity: 'P1' | 'P2';
    readonly declaredBy: string;
    readonly declaredAt: string;
    readonly relaxations?: readonly string[];
  };
  readonly schedule?: {
    readonly plannedStart: string;
    readonly plannedEnd?: string;
  };
  /** The computed risk: its fields are there to be filled in, and nothing is declared. */
  readonly form?: RiskLevel;
  /** What a person sets aside for this change. */
  readonly waivers?: readonly Waiver[];
  /** `sha256:…` of recorded traffic that the gate replays. */
  readonly trafficSample?: string;
}

type RecordFields = Readonly<Record<string, unknown>>;

const levels: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];

const comments: Readonly<Record<string, string>> = {
  impact:
    'level: 1 negligible; 2 one host name, or internal; 3 one client service; 4 all zones or irreversible.\nexpectedOutage: ISO 8601, PT0S for none; an outage needs communications.',
  riskAnswers: 'The careful answers are filled in: correct what you know better.',
  risk: 'Declared by you; the effective risk is computed and is never lower than this.',
  securityImpact: 'Needed also when there is none: say why, then set assessed to true.',
  test: 'Probes run after every stack and roll back when they fail. Under test, for example:\n  probes:\n    - { name: home page, url: "https://www.shop.example/", expectStatus: 200 }',
  rollback: 'Defined before the change. Its time and the time of the change have to fit into the window.',
  traffic: 'Recorded traffic that the gate replays under the old and the new rules.',
};

/** YAML text of the record. The result is accepted by `readRecord` if the answers have the forms that it asks for. */
export function newRecord(answers: NewAnswers): string {
  const document = new Document(recordOf(answers), {
    version: '1.2',
    schema: 'core',
    aliasDuplicateObjects: false,
  });
  document.commentBefore = [
    ' yaml-language-server: $schema=../record.schema.json',
    ' What the fields mean: changes/README.md. Replace every <text in angle brackets>; nobody can approve it before.',
  ].join('\n');
  if (isMap(document.contents)) {
    for (const { key, value } of document.contents.items) {
      if (isMap(value) && value.items.length === 1 && value.items.every(({ value: one }) => isScalar(one))) {
        value.flow = true;
      }
      const comment = isScalar(key) ? comments[String(key.value)] : undefined;
      if (isScalar(key) && comment !== undefined) {
        key.spaceBefore = true;
        key.commentBefore = comment.replaceAll(/^/gm, ' ');
      }
    }
  }
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}

function recordOf(answers: NewAnswers): RecordFields {
  const { standardChange, emergency, schedule, risk } = answers;
  return {
    apiVersion: 'sluice/v1',
    kind: answers.kind,
    id: answers.id,
    title: answers.title.trim(),
    client: answers.client,
    ...given({ service: answers.service }),
    type: answers.type,
    ...given({ model: answers.model ?? standardChange?.ref, standardChange, category: answers.category }),
    reason: answers.reason.trim(),
    ...from(answers, 'high', {
      benefit: placeholder('what is better afterwards'),
      consequenceIfNot: placeholder('what happens if it is not made'),
    }),
    requester: answers.requester,
    ...given({ implementer: answers.implementer, backupImplementer: answers.backupImplementer }),
    owner: answers.owner,
    ...given({ stacks: answers.stacks }),
    ...(emergency === undefined ? {} : { links: { incidents: [emergency.incident] }, emergency }),
    ...assessment(answers),
    ...(risk === undefined ? {} : { risk: { declared: risk } }),
    ...work(answers),
    ...given({ schedule, waivers: answers.waivers }),
    ...(answers.trafficSample === undefined ? {} : { traffic: { sample: answers.trafficSample } }),
  };
}

/** RecordFields that there is an answer for; what is left out is computed. */
function given(fields: RecordFields): RecordFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What the record rules ask for from this level upward; `policies/record/needed.ts` has the same levels. */
function from(
  { type, risk = 'low', form = 'low' }: NewAnswers,
  level: RiskLevel,
  fields: RecordFields,
): RecordFields {
  const isShort = type === 'standard' || type === 'emergency';
  const reached = isShort ? 0 : Math.max(levels.indexOf(risk), levels.indexOf(form));
  return reached < levels.indexOf(level) ? {} : fields;
}

/** A change that nobody described is neither tested nor easy to undo. */
export const carefulAnswers = {
  doneBefore: 'never',
  tested: 'not',
  rollbackEase: 'moderate',
  rollbackInWindow: 'likely',
  customerVisible: 'some',
} as const;

function assessment(answers: NewAnswers): RecordFields {
  const impacts = {
    continuityImpact: placeholder('none, or what it does to it'),
    capacityImpact: placeholder('none, or what it does to it'),
    availabilityImpact: placeholder('none, or what it does to it'),
    slaImpact: placeholder('none, or what it does to it'),
  };
  return {
    ...from(answers, 'medium', {
      impact: {
        ...from(answers, 'high', { level: 3 }),
        users: placeholder('who would notice, and how many'),
        expectedOutage: 'PT0S',
      },
    }),
    ...from(answers, 'high', { likelihood: { level: 2 }, riskAnswers: carefulAnswers }),
    ...from(answers, 'medium', {
      securityImpact: {
        assessed: false,
        summary: placeholder('what changes for security, or why nothing does'),
      },
    }),
    ...from(answers, 'critical', impacts),
  };
}

function work(answers: NewAnswers): RecordFields {
  const { implementer, owner, stacks = [] } = answers;
  const pre = [{ what: 'Plan, rules and record', how: 'sluice check', automated: true }];
  const post = [
    { what: placeholder('what is tested'), how: placeholder('how it is tested'), automated: false },
  ];
  const steps = (stacks.length === 0 ? ['what the plan changes'] : stacks).map((stack, index) => ({
    n: index + 1,
    action: `Release ${stack} and watch it`,
    actor: implementer ?? owner,
    expected: placeholder('what is seen when it worked'),
    durationMin: 15,
  }));
  return {
    ...from(answers, 'high', { plan: { steps }, test: { pre, post } }),
    ...from(answers, 'medium', {
      acceptanceCriteria: [{ statement: placeholder('a result that can be measured') }],
    }),
    ...from(answers, 'high', {
      rollback: {
        strategy: 'revert',
        maxDurationMin: 15,
        triggers: [
          'a probe of this record fails',
          placeholder('another measurable condition, or delete this line'),
        ],
        decider: implementer ?? owner,
      },
      monitoring: { watch: [placeholder('figure or dashboard')], observeMin: 30 },
    }),
  };
}
