/**
 * The end of `sluice new`: what the plan makes of the record that was written, and what only its author can add. On a terminal
 * the record is opened in their editor, or the missing texts are asked for; elsewhere what is missing is named.
 */
import { checkChange, usualBranch } from '../../change/check-change.ts';
import type { Services, SluiceContext } from '../../contract/context.ts';
import { readRecord } from '../../read/record/record.ts';
import { formatLocation } from '../../render/findings/diagnostics.ts';
import { computedText } from '../../../policies/model/decision.ts';
import { findPlaceholders } from '../../../policies/model/placeholder.ts';
import type { PolicySet } from '../../../policies/model/facts.ts';
import { affectedHostsField } from '../../../policies/model/record.ts';
import type { AuthoredRecord, CompleteRecord, RiskLevel } from '../../../policies/model/record.ts';
import { fieldsLacking } from '../../../policies/record/needed.ts';
import { holdersOf } from '../emergency/people.ts';
import { withText } from './edit.ts';
import type { Ask, WrittenRecord } from './new.ts';
import { questions } from './new-questions.ts';
import { newRecord } from './new-record.ts';

const shownFields: ReadonlySet<string> = new Set([
  affectedHostsField,
  'service',
  'stacks',
  'category',
  'model',
  'schedule.window',
  'schedule.plannedEnd',
]);

interface Finishing {
  readonly context: SluiceContext;
  readonly services: Services;
  readonly written: WrittenRecord;
  readonly risk: RiskLevel;
  /** The plan does not tell which service it is. */
  readonly isServiceOpen: boolean;
  /** Path of the file on this machine. */
  readonly file: string;
  /** By the roster. */
  readonly engineers: readonly string[];
}

/** `ask` is null where nobody is there. Says what was computed, and at the end what is still missing. */
export async function finishRecord(
  context: SluiceContext,
  written: WrittenRecord,
  { ask, policy }: { readonly ask: Ask | null; readonly policy: Pick<PolicySet, 'roster'> },
): Promise<void> {
  const services = await context.services();
  const { record, risk } = await checked(services, written.path);
  say(context, computedLines(record, risk));
  const file = `${await services.git.root()}/${written.path}`;
  const isServiceOpen =
    record?.computed.some(({ field, value }) => field === 'service' && value === '') ?? false;
  const engineers = holdersOf('engineer', policy.roster, services.clock.now());
  const finishing = { context, services, written, risk, file, isServiceOpen, engineers };
  if (ask !== null) {
    await complete(finishing, record, ask);
  }
  await sayMissing(finishing);
}

async function checked(
  services: Services,
  path: string,
): Promise<{ readonly record: CompleteRecord | null; readonly risk: RiskLevel }> {
  const base = await usualBranch(services);
  const { result } = await checkChange(services, {
    stacks: [],
    record: path,
    ...(base === null ? {} : { base }),
  });
  return { record: result.record, risk: result.risk.effective };
}

function say({ surroundings }: SluiceContext, lines: readonly string[]): void {
  surroundings.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

/** What is not written because it follows from the plan; whoever wants another model writes it. */
function computedLines(record: CompleteRecord | null, risk: RiskLevel): readonly string[] {
  const computed = (record?.computed ?? []).filter(
    ({ field, value }) => shownFields.has(field) && value !== '',
  );
  return [
    `Risk ${risk}.`,
    ...computed.map((one) => `  ${one.field}: ${computedText(one)} (from ${one.from})`),
    ...(computed.some(({ field }) => field === 'model')
      ? ['What the record says of them stands instead, as model: ….']
      : []),
  ];
}

/** Adds the fields that the risk asks for, to be filled in; then in the editor, or one text after the other. */
async function complete(finishing: Finishing, record: CompleteRecord | null, ask: Ask): Promise<void> {
  const { services, written, risk, file } = finishing;
  const lacking = record === null ? [] : fieldsLacking(record.written, risk).map(({ field }) => field);
  if (lacking.length > 0) {
    const backup = lacking.includes('backupImplementer') ? await backupImplementer(finishing, ask) : {};
    await services.files.writeText(file, newRecord({ ...written.answers, ...backup, form: risk }));
  }
  if (services.editor === null) {
    await askForTexts(finishing, ask);
    return;
  }
  await edit(finishing, ask);
}

/** A person's id has no text that could stand for it. */
async function backupImplementer(
  { written: { answers }, engineers }: Finishing,
  ask: Ask,
): Promise<{ readonly backupImplementer?: string }> {
  const question = questions.find(({ name }) => name === 'backupImplementer');
  const { implementer, owner, requester } = answers;
  if (question === undefined) {
    return {};
  }
  const draft = { owner, requester, ...(implementer !== undefined && { implementer }) };
  const known = { registers: [], catalogue: [], engineers };
  const answer = await ask({
    text: question.text,
    proposal: question.proposal(draft, known),
    problem: (text) => question.problem(text, draft, known),
  });
  return { backupImplementer: answer };
}

/** Until it reads, or its author gives up. */
async function edit({ context, services, written, file }: Finishing, ask: Ask): Promise<void> {
  for (;;) {
    const failed = (await services.editor?.open(file)) ?? null;
    const problems =
      failed === null ? problemsOf(await services.files.readText(file), written.path) : [failed];
    if (problems.length === 0) {
      return;
    }
    say(context, problems);
    const again = await ask({ text: 'Open it again? yes or no', proposal: 'yes', problem: () => null });
    if (!again.toLowerCase().startsWith('y')) {
      return;
    }
  }
}

/** The placeholders of the record, each as the question that it is. An empty answer leaves it for later. */
async function askForTexts({ services, written, file }: Finishing, ask: Ask): Promise<void> {
  let text = await services.files.readText(file);
  const read = readRecord(text, written.path);
  for (const pointer of read.ok ? findPlaceholders(read.value.record) : []) {
    const proposed = (answer: string): string => withText(text, pointer, answer);
    const answer = await ask({
      text: `${nameOf(pointer)}: ${read.ok ? textAt(read.value.record, pointer) : ''}`,
      proposal: null,
      problem: (given) => (given === '' ? null : (problemsOf(proposed(given), written.path)[0] ?? null)),
    });
    text = answer === '' ? text : proposed(answer);
    await services.files.writeText(file, text);
  }
}

function problemsOf(text: string, path: string): readonly string[] {
  const read = readRecord(text, path);
  return read.ok
    ? []
    : read.diagnostics.map(
        ({ location, message }) => `${location === undefined ? path : formatLocation(location)}: ${message}`,
      );
}

function nameOf(pointer: string): string {
  return pointer
    .slice(1)
    .replaceAll(/\/(\d+)/gu, (_, at: string) => `[${String(Number(at) + 1)}]`)
    .replaceAll('/', '.');
}

/** What the placeholder says belongs there. */
function textAt(record: AuthoredRecord, pointer: string): string {
  const found = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>>)[step], record);
  return String(found).replace(/^<(.*)>$/u, '$1');
}

async function sayMissing({
  context,
  services,
  written,
  risk,
  file,
  isServiceOpen,
}: Finishing): Promise<void> {
  const read = readRecord(await services.files.readText(file), written.path);
  const missing = read.ok
    ? [
        ...(isServiceOpen && read.value.record.service === undefined ? ['service: which one it is for'] : []),
        ...missingIn(read.value.record, risk),
      ]
    : ['the record does not read'];
  say(
    context,
    missing.length === 0 ? [] : [`Still missing, at risk ${risk}:`, ...missing.map((one) => `  ${one}`)],
  );
}

function missingIn(record: AuthoredRecord, risk: RiskLevel): readonly string[] {
  return [
    ...fieldsLacking(record, risk).map(({ example }) => example),
    ...findPlaceholders(record).map((pointer) => `${nameOf(pointer)}: ${textAt(record, pointer)}`),
  ];
}
