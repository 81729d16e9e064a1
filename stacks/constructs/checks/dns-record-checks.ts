/** What a DNS record must look like before it is synthesized. Whether it is wise is for the policies. */
import type { DnsRecordInput } from './dns-record-input.ts';
import { EstateError } from './estate-error.ts';

/** Cloudflare's value for "you choose"; the only one for proxied records. */
export const automaticTtl = 1;
/** Enterprise zones may go down to 30 seconds, and all up to a day. */
const ttlRange = { lowest: 30, highest: 86_400 } as const;
const maxComment = 100;
const recordName = /^(@|(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?|\*)$/;

interface ContentForm {
  readonly pattern: RegExp;
  readonly problem: string;
  readonly fix: string;
}

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const hostName: ContentForm = {
  pattern: /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/,
  problem: 'is not a host name',
  fix: 'Write it in lower case, without a final dot',
};
/** What the value of each type must look like. */
const forms: Readonly<Record<DnsRecordInput['type'], ContentForm>> = {
  A: {
    pattern: new RegExp(`^${octet}(\\.${octet}){3}$`),
    problem: 'is not an IPv4 address',
    fix: 'Use type AAAA for IPv6, CNAME for a host name',
  },
  AAAA: {
    pattern: /^(?=.*:)[0-9a-f:]{2,39}$/,
    problem: 'is not an IPv6 address',
    fix: 'Write it in lower case',
  },
  TXT: {
    pattern: /^[\x20\x21\x23-\x7e]+$/,
    problem: 'is empty or holds quotes or characters outside ASCII',
    fix: 'Write the bare text; it is quoted when it is synthesized',
  },
  CNAME: hostName,
  MX: hostName,
  NS: hostName,
  SRV: hostName,
  CAA: {
    pattern: /^[\x21\x23-\x7e]+$/,
    problem: 'is not the value of a CAA record',
    fix: 'Name a certificate authority, or a mailto: address for iodef',
  },
};

/** Throws an `EstateError` that names `place` for the first thing that is wrong with the record. */
export function checkDnsRecord(place: string, record: DnsRecordInput): void {
  checkType(place, record.type);
  checkTtl(place, record);
  if ((record.comment ?? '').length > maxComment) {
    throw new EstateError(place, `the comment is longer than ${maxComment} characters`, 'Shorten it');
  }
  if (!recordName.test(record.name)) {
    throw new EstateError(
      place,
      `"${record.name}" is not a record name`,
      'Use @ for the apex, or a name relative to the zone',
    );
  }
  checkProxied(place, record);
  const { pattern, problem, fix } = forms[record.type];
  const value = valueOf(record);
  if (typeof value !== 'string') {
    const key = valueKeys[record.type] ?? 'content';
    throw new EstateError(place, `${key} is left out`, `Write ${key}, in quotes`);
  }
  if (!pattern.test(value)) {
    throw new EstateError(place, `"${value}" ${problem}`, fix);
  }
}

/** Data reaches this point unchecked where nobody ran the compiler. */
function checkType(place: string, type: string): void {
  if (Object.hasOwn(forms, type)) {
    return;
  }
  const known = Object.keys(forms);
  const given = type.toUpperCase();
  const near = known
    .toSorted((a, b) => b.length - a.length)
    .find((each) => each.startsWith(given) || given.startsWith(each));
  throw new EstateError(
    place,
    `"${type}" is not a type of DNS record`,
    near === undefined ? `Use ${known.join(', ')}` : `Did you mean ${near}? There are ${known.join(', ')}`,
  );
}

function checkProxied(place: string, record: DnsRecordInput): void {
  const mayBeProxied = record.type === 'A' || record.type === 'AAAA' || record.type === 'CNAME';
  const given: unknown = mayBeProxied ? record.proxied : false;
  if (typeof given !== 'boolean') {
    throw new EstateError(
      place,
      'proxied is left out',
      'Write proxied: true where Cloudflare answers for the name and protects it, proxied: false where it only says the address',
    );
  }
}

function checkTtl(place: string, record: DnsRecordInput): void {
  const { ttl = automaticTtl } = record;
  const { lowest, highest } = ttlRange;
  if (ttl === automaticTtl) {
    return;
  }
  if (!Number.isInteger(ttl) || ttl < lowest || ttl > highest) {
    throw new EstateError(
      place,
      `TTL ${ttl} is out of range`,
      `Leave it out for automatic, or use ${lowest} to ${highest} seconds`,
    );
  }
  if ('proxied' in record && record.proxied) {
    throw new EstateError(
      place,
      `a proxied record has TTL ${ttl}`,
      'Leave ttl out: Cloudflare sets it for proxied records',
    );
  }
}

const valueKeys: Readonly<Partial<Record<DnsRecordInput['type'], string>>> = {
  TXT: 'text',
  CAA: 'value',
  SRV: 'target',
};

function valueOf(record: DnsRecordInput): unknown {
  if (record.type === 'TXT') {
    return record.text;
  }
  if (record.type === 'CAA') {
    return record.value;
  }
  return record.type === 'SRV' ? record.target : record.content;
}
