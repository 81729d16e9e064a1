/**
 * Takes secrets out of a request before anything else sees it. What is taken out is replaced by one mark, whatever its
 * length; a field in which the mark stands is unknown to every expression (`requestFields`), so that no verdict rests on
 * what is not there any more. Client addresses stay: rules are about them, and a sample is as personal as they are.
 */
import type { FieldInput, RecordedRequest } from '../evaluate/request.ts';
import { withoutCredentials, withoutRandomBase64 } from '../../secrets/credentials.ts';
import { isSecretOfRequest, provesIdentity } from '../../secrets/names.ts';
import { scrubMark } from '../evaluate/scrub-mark.ts';
import type { TrafficRecord } from './record.ts';

/** Words in the names of arguments, form fields and members of JSON whose value is personal, beside those of secrets. */
const personalWords = /(?:^|[^a-z])(?:card|cardnumber|cvv|cvc|iban|e?mail)(?:[^a-z]|$)/iu;
/** Headers that carry a credential under a name without a word for it. */
const secretHeader = /^(?:set-cookie|cf-access-jwt-assertion)$/u;

const mail = /[\w.%+-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+/gu;
const card = /(?<![\w.-])\d(?:[ +-]?\d){12,18}(?![\w.-])/gu;
const userInfo = /(?<=:\/\/)[^/?#@\s]+@/gu;

export function scrubRecord(record: TrafficRecord): TrafficRecord {
  const request = scrubRequest(record.request);
  const id = scrubText(record.id);
  return request === record.request && id === record.id ? record : { ...record, id, request };
}

/** `userPassword`, `user[password]`, `X-Amz-Credential` and `cardNumber` are names of what is taken out; `keyboard` is none. */
function isTakenOut(name: string): boolean {
  return isSecretOfRequest(name) || personalWords.test(name.replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2'));
}

/** The request itself when there is nothing to take out. */
export function scrubRequest(request: RecordedRequest): RecordedRequest {
  const target = scrubTarget(request.target);
  const headers = scrubHeaders(request.headers);
  const body = request.body === null ? null : scrubBody(request.body);
  const fields = scrubFields(request.fields);
  const isSame =
    target === request.target &&
    headers === request.headers &&
    body === request.body &&
    fields === request.fields;
  return isSame ? request : { ...request, target, headers, body, fields };
}

/** A path is scrubbed only of what is surely a secret; the values of a query by their names as well. */
function scrubTarget(target: string): string {
  const mark = target.indexOf('?');
  if (mark === -1) {
    return scrubText(target);
  }
  return `${scrubText(target.slice(0, mark))}?${scrubText(scrubPairs(target.slice(mark + 1)))}`;
}

function scrubPairs(text: string): string {
  return text.includes('=')
    ? text.replaceAll(/([^&;=\s"]{1,100})=([^&\s]*)/gu, (pair, name: string, value: string) =>
        value !== '' && isTakenOut(name) ? `${name}=${scrubMark}` : pair,
      )
    : text;
}

/** A form, JSON or multipart, told by what is in it: what a client says that it sends need not be true. */
function scrubBody(body: string): string {
  const json = body.replaceAll(
    /"([^"\\]{1,100})"(\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)/gu,
    (member, name: string, colon: string) => (isTakenOut(name) ? `"${name}"${colon}"${scrubMark}"` : member),
  );
  const parts = json.replaceAll(
    /(name="([^"]{1,100})"[^\r\n]{0,200}(?:\r?\n[^\r\n]{1,200}){0,5}\r?\n\r?\n)([\s\S]*?)(?=\r?\n--|$)/gu,
    (part, head: string, name: string) => (isTakenOut(name) ? `${head}${scrubMark}` : part),
  );
  return scrubText(scrubPairs(parts));
}

function scrubText(text: string): string {
  let scrubbed = withoutCredentials(text, scrubMark);
  if (scrubbed.includes('@') || scrubbed.includes('%40')) {
    scrubbed = scrubbed.replaceAll(userInfo, `${scrubMark}@`).replaceAll(mail, scrubMark);
  }
  if (/\d{4}/u.test(scrubbed)) {
    scrubbed = scrubbed.replaceAll(card, (digits) => (isCardNumber(digits) ? scrubMark : digits));
  }
  return withoutRandomBase64(scrubbed, scrubMark);
}

/** Luhn's check digit. */
function isCardNumber(text: string): boolean {
  const digits = Array.from(text.replaceAll(/\D/gu, ''), Number);
  const sum = digits.toReversed().reduce((total, digit, at) => {
    const value = at % 2 === 0 ? digit : digit * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits.length >= 13 && sum % 10 === 0;
}

function scrubHeaders(headers: RecordedRequest['headers']): RecordedRequest['headers'] {
  const scrubbed = headers.map(([name, value]) => scrubHeader(name, value));
  return scrubbed.every(([, value], at) => value === headers[at]?.[1]) ? headers : scrubbed;
}

function scrubHeader(name: string, value: string): readonly [string, string] {
  const lower = name.toLowerCase();
  if (lower === 'cookie') {
    return [name, value.replaceAll(/[^;]+/gu, scrubCookie)];
  }
  if (secretHeader.test(lower) || provesIdentity(lower)) {
    return [name, value === '' ? value : scrubMark];
  }
  // An agent names its owner's address; it is not a secret, and rules look at agents.
  return [name, lower === 'user-agent' ? withoutCredentials(value, scrubMark) : scrubText(scrubPairs(value))];
}

/** The name of a cookie stays; one without a name is all value. */
function scrubCookie(cookie: string): string {
  const equals = cookie.indexOf('=');
  const name = equals === -1 ? '' : cookie.slice(0, equals + 1);
  return cookie.trim() === '' ? cookie : `${name}${scrubMark}`;
}

/** Cookies that were recorded by name, and texts; an agent stays as it is, see `scrubHeader`. */
function scrubFields(fields: RecordedRequest['fields']): RecordedRequest['fields'] {
  const changed = Object.entries(fields).flatMap(
    ([name, value]): readonly (readonly [string, FieldInput])[] => {
      const scrubbed = scrubField(name, value);
      return scrubbed === value ? [] : [[name, scrubbed]];
    },
  );
  return changed.length === 0 ? fields : { ...fields, ...Object.fromEntries(changed) };
}

function scrubField(name: string, value: FieldInput): FieldInput {
  if (typeof value === 'string') {
    return name === 'http.user_agent' ? withoutCredentials(value, scrubMark) : scrubTarget(value);
  }
  const isNamed = name === 'http.request.cookies' && typeof value === 'object' && !Array.isArray(value);
  return isNamed ? scrubbedCookies(value as Readonly<Record<string, FieldInput>> | null) : value;
}

function scrubbedCookies(cookies: Readonly<Record<string, FieldInput>> | null): FieldInput {
  const entries = Object.entries(cookies ?? {});
  const isDone = entries.every(
    ([, value]) => Array.isArray(value) && value.length === 1 && value[0] === scrubMark,
  );
  return isDone && cookies !== null
    ? cookies
    : Object.fromEntries(entries.map(([name]) => [name, [scrubMark]]));
}
