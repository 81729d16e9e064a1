/**
 * The text of a new change record: valid by the schema, with everything that can be known filled in, and a
 * placeholder where only the author knows. Pure: the same answers give the same bytes.
 */
import { Document, isMap, isScalar } from 'yaml';
import { placeholder } from '../../../policies/model/placeholder.ts';
import type { Category, ChangeType, RiskLevel } from '../../../policies/model/record.ts';

export interface NewAnswers {
  readonly id: string;
  readonly client: string;
  readonly service: string;
  readonly type: ChangeType;
  readonly category: Category;
  readonly title: string;
  readonly reason: string;
  readonly requester: string;
  readonly owner: string;
  /** Absent for a standard change. */
  readonly implementer?: string;
  readonly backupImplementer?: string;
  readonly stacks: readonly string[];
  readonly hasProduction: boolean;
  readonly risk: RiskLevel;
  readonly standardChange?: { readonly ref: string; readonly version: string };
  readonly emergency?: {
    readonly incident: string;
    readonly severity: 'P1' | 'P2';
    readonly declaredBy: string;
    readonly declaredAt: string;
  };
  readonly schedule?: {
    readonly plannedStart: string;
    readonly plannedEnd: string;
    readonly window?: string;
  };
  /** `sha256:…` of recorded traffic that the gate replays. */
  readonly trafficSample?: string;
  readonly clientApprovalRequired: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const comments: Readonly<Record<string, string>> = {
  impact:
    'level: 1 negligible; 2 one host name, or internal; 3 one client service; 4 all zones or irreversible.\nexpectedOutage: ISO 8601, PT0S for none; an outage needs communications.',
  riskAnswers: 'The careful answers are filled in: correct what you know better.',
  risk: 'Declared by you; the effective risk is computed and is never lower than this.',
  securityImpact: 'Needed also when there is none: say why, then set assessed to true.',
  test: 'Probes run after every stack and roll back when they fail. Under test, for example:\n  probes:\n    - { name: home page, url: "https://www.shop.example/", expectStatus: 200 }',
  rollback: 'Defined before the change. Its time and the time of the change have to fit into the window.',
  traffic: 'Recorded traffic that the gate replays under the old and the new rules.',
  schedule: 'With offset. The window is one of the register of the client.',
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
    for (const { key } of document.contents.items) {
      const comment = isScalar(key) ? comments[String(key.value)] : undefined;
      if (isScalar(key) && comment !== undefined) {
        key.spaceBefore = true;
        key.commentBefore = comment.replaceAll(/^/gm, ' ');
      }
    }
  }
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}

function recordOf(answers: NewAnswers): Fields {
  const { standardChange, emergency, schedule } = answers;
  return {
    apiVersion: 'sluice/v1',
    kind: 'Change',
    id: answers.id,
    title: answers.title.trim(),
    client: answers.client,
    service: answers.service,
    type: answers.type,
    ...(standardChange === undefined ? {} : { model: standardChange.ref, standardChange }),
    category: answers.category,
    reason: answers.reason.trim(),
    ...assessedInputs(answers),
    requester: answers.requester,
    ...(answers.implementer === undefined ? {} : { implementer: answers.implementer }),
    ...(answers.backupImplementer === undefined ? {} : { backupImplementer: answers.backupImplementer }),
    owner: answers.owner,
    stacks: answers.stacks,
    ...(emergency === undefined ? {} : { links: { incidents: [emergency.incident] }, emergency }),
    ...assessment(answers),
    ...work(answers),
    ...(schedule === undefined ? {} : { schedule }),
    ...(answers.trafficSample === undefined ? {} : { traffic: { sample: answers.trafficSample } }),
    ...(answers.clientApprovalRequired && answers.hasProduction
      ? { clientApproval: { required: true } }
      : {}),
  };
}

/** What a CAB weighs from medium risk upward. */
function assessedInputs({ type, risk }: NewAnswers): Fields {
  if (type !== 'normal' || risk === 'low') {
    return {};
  }
  return {
    benefit: placeholder('what is better afterwards'),
    consequenceIfNot: placeholder('what happens if it is not made'),
  };
}

function assessment({ type, risk, hasProduction }: NewAnswers): Fields {
  const impacts = {
    continuityImpact: 'none',
    capacityImpact: 'none',
    availabilityImpact: 'none',
    slaImpact: 'none',
  };
  // The careful answers: a change that nobody described is neither tested nor easy to undo.
  const riskAnswers = {
    doneBefore: 'never',
    tested: 'not',
    rollbackEase: 'moderate',
    rollbackInWindow: 'likely',
    customerVisible: 'some',
  };
  return {
    impact: {
      level: hasProduction ? 3 : 2,
      users: placeholder('who would notice, and how many'),
      expectedOutage: 'PT0S',
    },
    ...(type === 'standard' ? {} : { likelihood: { level: 2 } }),
    ...(type === 'normal' ? { riskAnswers } : {}),
    risk: { declared: risk },
    securityImpact: {
      assessed: false,
      summary: placeholder('what changes for security, or why nothing does'),
    },
    ...(type === 'normal' && risk !== 'low' ? impacts : {}),
  };
}

function work(answers: NewAnswers): Fields {
  const { type, risk, stacks, implementer, owner } = answers;
  const pre = [{ what: 'Plan, rules and record', how: 'sluice check', automated: true }];
  const post = [
    { what: placeholder('what is tested'), how: placeholder('how it is tested'), automated: false },
  ];
  const steps = stacks.map((stack, index) => ({
    n: index + 1,
    action: `Release ${stack} and watch it`,
    actor: implementer,
    expected: placeholder('what is seen when it worked'),
    durationMin: 15,
  }));
  const isStaged = risk === 'high' || risk === 'critical';
  return {
    ...(type === 'standard' ? {} : { plan: { steps } }),
    test: type === 'normal' ? { pre, post } : { post },
    acceptanceCriteria: [{ statement: placeholder('a result that can be measured') }],
    rollback: {
      strategy: 'revert',
      steps: stacks.toReversed().map((stack) => `sluice rollback ${stack}`),
      maxDurationMin: 15,
      triggers: [
        'a probe of this record fails',
        placeholder('another measurable condition, or delete this line'),
      ],
      decider: implementer ?? owner,
    },
    ...(isStaged && type !== 'standard' ? { rollout: { kind: 'staged', stages: stacks } } : {}),
    ...(type === 'standard'
      ? {}
      : { monitoring: { watch: [placeholder('figure or dashboard')], observeMin: 30 } }),
  };
}
