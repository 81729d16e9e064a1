/**
 * What each command does by which flags, as data: a flag that the chosen mode does not read is refused, never ignored. A
 * command without modes is not in the table: it reads every flag that it has.
 */
import { UsageError } from '../../contract/errors.ts';

/** Flags as they come from the command line: absent, false and empty ones were not given. */
export type GivenFlags = object;

export interface Mode {
  /** How a person asks for it, for the message. */
  readonly asked: string;
  /** Flags that choose this mode; the first mode of which all were given is the one. None: the mode without any. */
  readonly by: readonly string[];
  /** Further flags that it reads. */
  readonly takes: readonly string[];
  /** The command with what it needs. */
  readonly next: string;
}

const gate: Readonly<Record<'sweep' | 'facts' | 'pull', Mode>> = {
  sweep: {
    asked: '--sweep',
    by: ['sweep'],
    takes: ['publish', 'format'],
    next: 'sluice gate --sweep',
  },
  facts: {
    asked: '--facts',
    by: ['facts'],
    takes: ['savePlan', 'format'],
    next: 'sluice gate --facts <file>',
  },
  pull: {
    asked: '--pr',
    by: ['pr'],
    takes: ['bundles', 'ciBundles', 'moment', 'publish', 'saveFacts', 'savePlan', 'format'],
    next: 'sluice gate --pr <number>',
  },
};

const compared = (command: 'plan' | 'check', further: readonly string[]) =>
  ({
    terraform: {
      asked: '--terraform-plan',
      by: ['terraformPlan'],
      takes: further,
      next: `sluice ${command} --terraform-plan <file>`,
    },
    after: {
      asked: '--after',
      by: ['after'],
      takes: ['before', ...further],
      next: `sluice ${command} --before <file> --after <file>`,
    },
    before: {
      asked: '--before',
      by: ['before'],
      takes: further,
      next: `sluice ${command} --before <file>`,
    },
    estate: {
      asked: 'the estate',
      by: [],
      takes: ['base', 'bundles', ...further],
      next: `sluice ${command}`,
    },
  }) as const satisfies Readonly<Record<string, Mode>>;

const release = {
  facts: {
    asked: '--facts',
    by: ['facts'],
    takes: ['bundles', 'ciBundles', 'wave', 'abandon', 'target', 'edge', 'format'],
    next: 'sluice release --facts <file>',
  },
  pull: {
    asked: '--pr',
    by: ['pr'],
    takes: ['bundles', 'ciBundles', 'wave', 'abandon', 'target', 'edge', 'format'],
    next: 'sluice release --pr <number>',
  },
} as const satisfies Readonly<Record<string, Mode>>;

const undone = ['reason', 'accept', 'target', 'edge'] as const;
const rollback = {
  change: {
    asked: '--change',
    by: ['change'],
    takes: ['dryRun', 'format', 'reason', 'target', 'edge'],
    next: 'sluice rollback --change <change> --reason <text>',
  },
  shown: {
    asked: '--dry-run',
    by: ['dryRun'],
    takes: ['to', 'only', 'including', 'reason'],
    next: 'sluice rollback <stack> --dry-run --reason <text>',
  },
  abandon: {
    asked: '--abandon',
    by: ['abandon'],
    takes: ['to', 'only', 'including', ...undone],
    next: 'sluice rollback <stack> --abandon <release> --reason <text>',
  },
  to: {
    asked: '--to',
    by: ['to'],
    takes: ['including', ...undone],
    next: 'sluice rollback <stack> --to <release> --reason <text>',
  },
  only: {
    asked: '--only',
    by: ['only'],
    takes: undone,
    next: 'sluice rollback <stack> --only <release> --reason <text>',
  },
  latest: {
    asked: 'the last release',
    by: [],
    takes: undone,
    next: 'sluice rollback <stack> --reason <text>',
  },
} as const satisfies Readonly<Record<string, Mode>>;

const lint = {
  rules: { asked: '--rules', by: ['rules'], takes: [], next: 'sluice waf lint --rules' },
  expression: {
    asked: '--expression',
    by: ['expression'],
    takes: ['kind', 'phase', 'plan', 'format', 'notes', 'fix'],
    next: 'sluice waf lint --expression <expression>',
  },
  bundles: {
    asked: '--bundles',
    by: ['bundles'],
    takes: ['stack', 'plan', 'format', 'notes', 'fix'],
    next: 'sluice waf lint --bundles <folder>',
  },
  stacks: {
    asked: 'the working tree',
    by: [],
    takes: ['stack', 'kind', 'phase', 'plan', 'format', 'notes', 'fix'],
    next: 'sluice waf lint',
  },
} as const satisfies Readonly<Record<string, Mode>>;

const compare = {
  traffic: {
    asked: '--traffic',
    by: ['traffic'],
    takes: ['host', 'client', 'country', 'format'],
    next: 'sluice waf compare <before> <after> --traffic <file>',
  },
  reasoned: {
    asked: 'two expressions alone',
    by: [],
    takes: ['format'],
    next: 'sluice waf compare <before> <after>',
  },
} as const satisfies Readonly<Record<string, Mode>>;

const drift = {
  set: {
    asked: '--set',
    by: ['set'],
    takes: ['type', 'match'],
    next: 'sluice sandbox drift --type <type> --match <attribute=value> --set <attribute=value>',
  },
  delete: {
    asked: '--delete',
    by: ['delete'],
    takes: ['type', 'match'],
    next: 'sluice sandbox drift --type <type> --match <attribute=value> --delete',
  },
} as const satisfies Readonly<Record<string, Mode>>;

const written = {
  repeated: { asked: '--from', by: ['from'], takes: [], next: 'sluice new --from <change>' },
  asked: {
    asked: 'a new record',
    by: [],
    takes: [
      'client',
      'service',
      'type',
      'category',
      'title',
      'reason',
      'requester',
      'owner',
      'implementer',
      'stack',
      'risk',
      'backupImplementer',
      'severity',
      'incident',
      'kind',
      'model',
      'standardChange',
      'trafficSample',
      'start',
      'end',
    ],
    next: 'sluice new',
  },
} as const satisfies Readonly<Record<string, Mode>>;

/** Every command with modes, by its words. */
export const commandModes = {
  new: written,
  gate,
  plan: compared('plan', ['format']),
  check: compared('check', ['record', 'format']),
  release,
  rollback,
  'waf lint': lint,
  'waf compare': compare,
  'sandbox drift': drift,
} as const;

export type ModedCommand = keyof typeof commandModes;
export type ModeOf<Command extends ModedCommand> = keyof (typeof commandModes)[Command] & string;

/** The mode that the flags ask for; throws UsageError for none, and for flags that it does not read. */
export function chooseMode<Command extends ModedCommand>(
  command: Command,
  flags: GivenFlags,
): ModeOf<Command> {
  const modes = Object.entries<Mode>(commandModes[command]);
  const given = givenIn(flags);
  const found = modes.find(([, { by }]) => by.every((flag) => given.has(flag)));
  if (found === undefined) {
    const ways = modes.map(([, { asked }]) => asked);
    throw new UsageError({
      what: `sluice ${command} needs one of ${ways.join(', ')}.`,
      fix: 'Say which.',
      next: modes[0]?.[1].next ?? `sluice ${command} --help`,
    });
  }
  const [name, mode] = found;
  const left = [...given].filter((flag) => !mode.by.includes(flag) && !mode.takes.includes(flag));
  if (left.length > 0) {
    const names = left.map(flagName).join(' and ');
    throw new UsageError({
      what: `${names} ${left.length === 1 ? 'does' : 'do'} not go with ${mode.asked}.`,
      why: 'A flag that is not read would look like one that was.',
      fix: `Leave ${names} away${otherWay(modes, left)}.`,
      next: mode.next,
    });
  }
  return name as ModeOf<Command>;
}

/** What has a default is always there: printing as text asks for nothing. */
const byDefault: Readonly<Record<string, unknown>> = { format: 'text', kind: 'filter' };

/** Names of the flags that were given, sorted, so that messages are always the same. */
function givenIn(flags: GivenFlags): ReadonlySet<string> {
  const given = Object.entries(flags).filter(
    ([name, value]) =>
      value !== undefined &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0) &&
      byDefault[name] !== value,
  );
  return new Set(given.map(([name]) => name).toSorted());
}

function otherWay(modes: readonly (readonly [string, Mode])[], left: readonly string[]): string {
  const others = modes.filter(([, { by, takes }]) =>
    left.every((flag) => by.includes(flag) || takes.includes(flag)),
  );
  return others.length === 0 ? '' : `, or ask for ${others.map(([, { asked }]) => asked).join(' or ')}`;
}

/** As a person types it: `saveFacts` is `--save-facts`. */
export function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
