/**
 * What only the author knows, by the risk that the change really has: the small ones are said in a few lines, and a critical
 * one keeps the whole form. `policies/rules/record-fields.ts` asks for what is missing, `sluice new` for nothing else.
 */
import type { AuthoredRecord, ChangeType, RiskLevel } from '../model/record.ts';

export interface NeededField {
  /** Path in the record, as `test.pre`. */
  readonly field: string;
  /** Asked from this level upward. */
  readonly from: Exclude<RiskLevel, 'low'>;
  readonly isGiven: (record: AuthoredRecord) => boolean;
  /** How it is written, as YAML on one line. */
  readonly example: string;
  /** Of a normal change only. */
  readonly isOfNormal?: true;
}

/**
 * In the order of levels, then of the schema. ISO/IEC 20000-1:2018 8.5.1.3 asks for the decision to take account of risk,
 * benefit and the impact on services; which level is asked for which of it is the team's own figure.
 */
export const neededFields: readonly NeededField[] = [
  {
    field: 'backupImplementer',
    from: 'medium',
    isGiven: ({ backupImplementer }) => backupImplementer !== undefined,
    example: 'backupImplementer: the id of somebody who can take over',
    isOfNormal: true,
  },
  {
    field: 'impact',
    from: 'medium',
    isGiven: ({ impact }) => impact !== undefined,
    example: 'impact: { users: who would notice and how many, expectedOutage: PT0S }',
  },
  {
    field: 'securityImpact',
    from: 'medium',
    isGiven: ({ securityImpact }) => securityImpact !== undefined,
    example: 'securityImpact: { assessed: true, summary: what changes for security or why nothing does }',
  },
  {
    field: 'acceptanceCriteria',
    from: 'medium',
    isGiven: ({ acceptanceCriteria }) => acceptanceCriteria !== undefined,
    example: 'acceptanceCriteria: [{ statement: a result that can be measured }]',
  },
  {
    field: 'benefit',
    from: 'high',
    isGiven: ({ benefit }) => benefit !== undefined,
    example: 'benefit: what is better afterwards',
    isOfNormal: true,
  },
  {
    field: 'consequenceIfNot',
    from: 'high',
    isGiven: ({ consequenceIfNot }) => consequenceIfNot !== undefined,
    example: 'consequenceIfNot: what happens if it is not made',
    isOfNormal: true,
  },
  {
    field: 'impact.level',
    from: 'high',
    isGiven: ({ impact }) => impact?.level !== undefined,
    example: 'impact: { level: 3, … }, 1 negligible to 4 all zones or irreversible',
  },
  {
    field: 'likelihood',
    from: 'high',
    isGiven: ({ likelihood }) => likelihood !== undefined,
    example: 'likelihood: { level: 2 }, 1 unlikely to 4 near certain',
  },
  {
    field: 'riskAnswers',
    from: 'high',
    isGiven: ({ riskAnswers }) => riskAnswers !== undefined,
    example:
      'riskAnswers: { doneBefore: never, tested: not, rollbackEase: moderate, rollbackInWindow: likely, customerVisible: some }',
    isOfNormal: true,
  },
  {
    field: 'plan',
    from: 'high',
    isGiven: ({ plan }) => plan !== undefined,
    example: 'plan: { steps: [{ n: 1, action: …, actor: …, expected: …, durationMin: 15 }] }',
  },
  {
    field: 'test.pre',
    from: 'high',
    isGiven: ({ test }) => test?.pre !== undefined,
    example: 'test: { pre: [{ what: …, how: …, automated: false }] }',
    isOfNormal: true,
  },
  {
    field: 'test.post',
    from: 'high',
    isGiven: ({ test }) => test?.post !== undefined,
    example: 'test: { post: [{ what: …, how: …, automated: true }] }',
  },
  {
    field: 'rollback',
    from: 'high',
    isGiven: ({ rollback }) => rollback?.strategy === 'not-possible' || rollback?.triggers !== undefined,
    example: 'rollback: { triggers: [a measurable condition], maxDurationMin: 15, decider: … }',
  },
  {
    field: 'monitoring',
    from: 'high',
    isGiven: ({ monitoring }) => monitoring !== undefined,
    example: 'monitoring: { watch: [figure or dashboard], observeMin: 30 }',
  },
  ...(['continuityImpact', 'capacityImpact', 'availabilityImpact', 'slaImpact'] as const).map(
    (field): NeededField => ({
      field,
      from: 'critical',
      isGiven: (record) => record[field] !== undefined,
      example: `${field}: none, or what it does to it`,
      isOfNormal: true,
    }),
  ),
];

const levels: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];

/**
 * What the author has still to write, of a change of this effective risk. A standard change is written with its catalogue
 * entry. Of an emergency nothing is asked: it is made now, and what it left out is owed when it is ratified.
 */
export function fieldsLacking(record: AuthoredRecord, risk: RiskLevel): readonly NeededField[] {
  const reached = levels.indexOf(cappedFor(record.type, risk));
  return neededFields.filter(
    ({ from, isGiven, isOfNormal }) =>
      levels.indexOf(from) <= reached &&
      !isGiven(record) &&
      (isOfNormal !== true || record.type === 'normal'),
  );
}

function cappedFor(type: ChangeType, risk: RiskLevel): RiskLevel {
  switch (type) {
    case 'standard':
      return 'low';
    case 'emergency':
      return 'low';
    case 'normal':
      return risk;
    default:
      throw new Error(`change type ${String(type satisfies never)} is not known`);
  }
}
