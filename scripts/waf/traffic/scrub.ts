/**
 * Takes secrets out of a request before anything else sees it. What is taken out is replaced by one mark, whatever its
 * length; a field in which the mark stands is unknown to every expression (`requestFields`), so that no verdict rests on
 * what is not there any more. Client addresses stay: rules are about them, and a sample is as personal as they are.
 */
import type { RecordedRequest } from '../request.ts';
import { scrubMark } from '../scrub-mark.ts';
import type { TrafficRecord } from './record.ts';

/** Names of arguments, form fields, cookies and headers whose value is a secret or personal. */
const secretName =
  /(?:^|[^a-z0-9])(?:(?:access|id|refresh|csrf|xsrf)?[_-]?token|auth(?:orization)?|api[_-]?key|secret|client[_-]?secret|pass(?:word|wd|phrase|code)?|pwd|pin|otp|code|sig(?:nature)?|hmac|session(?:[_-]?id)?|sid|jwt|saml(?:response|request)|assertion|ticket|card(?:[_-]?number)?|cvv|cvc|iban|e?-?mail)(?:$|[^a-z0-9])/iu;
const secretHeader =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-amz-security-token|cf-access-client-secret|cf-access-jwt-assertion)$|token|secret|signature|password|session/iu;

const jwt = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/gu;
const mail = /[\w.%+-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+/gu;
const card = /(?<![\w.-])\d(?:[ +-]?\d){12,18}(?![\w.-])/gu;
const userInfo = /(?<=:\/\/)[^/?#@\s]+@/gu;
/** A long run with letters of both cases and digits, as random keys are; not the digests in names of assets. */
const random = /(?<![\w+/=-])(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*\d)[\w+/=-]{40,}(?![\w+/=.-])/gu;

export function scrubRecord(record: TrafficRecord): TrafficRecord {
  const request = scrubRequest(record.request);
  return request === record.request ? record : { ...record, request };
}

/** The request itself when there is nothing to take out. */
export function scrubRequest(request: RecordedRequest): RecordedRequest {
  const target = scrubTarget(request.target);
  const headers = scrubHeaders(request.headers);
  const body = request.body === null ? null : scrubText(scrubPairs(request.body));
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
        value !== '' && secretName.test(name) ? `${name}=${scrubMark}` : pair,
      )
    : text;
}

function scrubText(text: string): string {
  let scrubbed = text;
  if (scrubbed.includes('eyJ')) {
    scrubbed = scrubbed.replaceAll(jwt, scrubMark);
  }
  if (scrubbed.includes('@') || scrubbed.includes('%40')) {
    scrubbed = scrubbed.replaceAll(userInfo, `${scrubMark}@`).replaceAll(mail, scrubMark);
  }
  if (/\d{4}/u.test(scrubbed)) {
    scrubbed = scrubbed.replaceAll(card, (digits) => (isCardNumber(digits) ? scrubMark : digits));
  }
  return scrubbed.length < 40 ? scrubbed : scrubbed.replaceAll(random, scrubMark);
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
    return [name, value.replaceAll(/=[^;]*/gu, `=${scrubMark}`)];
  }
  if (secretHeader.test(lower)) {
    return [name, value === '' ? value : scrubMark];
  }
  // An agent names its owner's address; it is no secret, and rules look at agents.
  return [name, lower === 'user-agent' ? value.replaceAll(jwt, scrubMark) : scrubText(scrubPairs(value))];
}

/** Cookies and headers that were recorded by name only. */
function scrubFields(fields: RecordedRequest['fields']): RecordedRequest['fields'] {
  const cookies = fields['http.request.cookies'];
  if (typeof cookies !== 'object' || Array.isArray(cookies)) {
    return fields;
  }
  const names = Object.keys(cookies);
  return {
    ...fields,
    'http.request.cookies': Object.fromEntries(names.map((name) => [name, [scrubMark]])),
  };
}
