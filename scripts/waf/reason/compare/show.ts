/** Comparisons in words and as data, for people and for programs. Texts are not escaped; the renderer does that. */
import { fromByteString } from '../../language/print.ts';
import type { Comparison } from './compare.ts';
import { exampleAddress } from './draft.ts';
import type { Example } from './example.ts';

export interface ExampleReport {
  /** Which of the two expressions matches it. */
  readonly matches: 'before' | 'after';
  readonly method: string;
  readonly host: string;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly address: string;
  /** Text form of `ip.src.country`; null where the expressions do not ask for it. */
  readonly country: string | null;
  /** Other fields that the expressions ask for, by name. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What is assumed of lists and of missing values. */
  readonly assumed: readonly string[];
  readonly text: string;
  /** A command that sends it; null when curl cannot. The address and other fields are not in its hands. */
  readonly curl: string | null;
}

export interface ComparisonReport {
  readonly relation: Comparison['relation'];
  readonly gains: Comparison['gains'];
  readonly loses: Comparison['loses'];
  /** One line such as `wider: also matches GET shop.example/v1`. */
  readonly line: string;
  readonly examples: readonly ExampleReport[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export function showComparison(comparison: Comparison): ComparisonReport {
  const { relation, gains, loses, gained, lost, tests } = comparison;
  const gain = gained === null ? null : showExample(gained, 'after');
  const loss = lost === null ? null : showExample(lost, 'before');
  return {
    relation,
    gains,
    loses,
    line: [...headline(comparison, gain, loss), ...changedLine(tests)].join('; '),
    examples: [gain, loss].filter((example) => example !== null),
    added: tests.added,
    removed: tests.removed,
  };
}

function headline(
  { relation, gains, loses }: Comparison,
  gain: ExampleReport | null,
  loss: ExampleReport | null,
): readonly string[] {
  const parts = [
    ...(gain === null ? [] : [`also matches ${gain.text} (example)`]),
    ...(loss === null ? [] : [`no longer matches ${loss.text} (example)`]),
  ];
  if (relation === 'equivalent') {
    return ['equivalent: matches the same requests'];
  }
  if (relation !== 'unknown') {
    return [`${relation}: ${parts.join('; ')}`];
  }
  const open = [...(gains === 'unknown' ? ['more'] : []), ...(loses === 'unknown' ? ['less'] : [])];
  return [`unknown: whether it matches ${open.join(' or ')} than before could not be told`, ...parts];
}

/** More tests than this are counted. */
const maxTests = 6;

function changedLine({ added, removed }: Comparison['tests']): readonly string[] {
  const all = [...added.map((text) => `+ ${text}`), ...removed.map((text) => `- ${text}`)];
  const left = all.length - maxTests;
  return all.length === 0
    ? []
    : [`tests: ${all.slice(0, maxTests).join(', ')}${left > 0 ? ` and ${String(left)} more` : ''}`];
}

function showExample(example: Example, matches: ExampleReport['matches']): ExampleReport {
  const { request } = example;
  const { 'ip.src.country': country, ...fields } = request.fields;
  const headers = request.headers
    .filter(([name]) => name !== 'host')
    .map(([name, value]) => ({ name, value }));
  const report = {
    matches,
    method: request.method,
    host: request.host,
    target: request.target,
    headers,
    address: request.clientAddress ?? exampleAddress,
    country: typeof country === 'string' ? country : null,
    fields,
    assumed: assumptions(example),
  };
  return {
    ...report,
    text: inWords(report, request.scheme ?? 'https', request.body ?? ''),
    curl: curlOf(example),
  };
}

function assumptions({ lists, missingNotEqual }: Example): readonly string[] {
  return [
    ...lists
      .toSorted((a, b) => Number(b.contains) - Number(a.contains))
      .map(({ name, contains }) => `${contains ? 'in' : 'not in'} the list $${name}`),
    ...(missingNotEqual ? ['a missing value counts as not equal'] : []),
  ];
}

type BareExample = Omit<ExampleReport, 'text' | 'curl'>;

function inWords(example: BareExample, scheme: string, body: string): string {
  const { method, host, target, headers, address, country, fields, assumed } = example;
  return [
    `${method} ${scheme === 'http' ? 'http://' : ''}${host}${target}`,
    ...headers.map(({ name, value }) => `with ${name}: ${value}`),
    ...(body === '' ? [] : [`with the body ${JSON.stringify(body)}`]),
    ...(address === exampleAddress ? [] : [`from ${address}`]),
    ...(country === null ? [] : [`from ${country}`]),
    ...Object.entries(fields).map(([name, value]) => `with ${name} ${JSON.stringify(value)}`),
    ...assumed,
  ].join(', ');
}

const plainHost = /^[A-Za-z0-9.-]+(?::[0-9]{1,5})?$/u;
const plainTarget = /^\/[!-~]*$/u;
const plainName = /^[!-9;-~]+$/u;
const printable = /^[^\p{Cc}]*$/u;

function curlOf({ request }: Example): string | null {
  const { method, scheme, host, target, headers, body } = request;
  const sent = headers.filter(([name]) => name !== 'host');
  const canSend =
    plainHost.test(host) &&
    plainTarget.test(target) &&
    /^[A-Z]+$/u.test(method) &&
    sent.every(([name, value]) => plainName.test(name) && printable.test(value));
  if (!canSend) {
    return null;
  }
  const names = new Set(sent.map(([name]) => name.toLowerCase()));
  const absent = ['user-agent', 'accept'].filter((name) => !names.has(name));
  return [
    'curl --path-as-is --globoff',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...absent.map((name) => `-H '${name}:'`),
    ...sent.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(body === null || body === '' ? [] : [`--data-binary ${quoted(fromByteString(body) ?? body)}`]),
    quoted(`${scheme}://${host}${target}`),
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
