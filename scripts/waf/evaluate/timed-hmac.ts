/** Checks a signed URL as `is_timed_hmac_valid_v0` does: message, separator, issue time, `-`, base64 of the HMAC. */
import { createHash, createHmac } from 'node:crypto';

export interface TimedHmac {
  readonly key: string;
  readonly messageMac: string;
  readonly ttlSeconds: number;
  readonly nowSeconds: number;
  readonly separatorLength: number;
  readonly flags: string;
}

/** Bytes of an HMAC-SHA256 in base64 without padding. */
const macLength = 43;

export function isTimedHmacValid(input: TimedHmac): boolean {
  const { messageMac, separatorLength } = input;
  const found = /^([0-9]{10})-(.+)$/su.exec(messageMac.slice(macStart(messageMac)));
  if (found === null) {
    return false;
  }
  const issued = Number(found[1]);
  const messageEnd = macStart(messageMac) - separatorLength;
  const mac = readMac(found[2] ?? '', input.flags.includes('s'));
  if (messageEnd < 0 || mac === null || input.nowSeconds >= issued + input.ttlSeconds) {
    return false;
  }
  const signed = messageMac.slice(0, messageEnd) + (found[1] ?? '');
  const expected = createHmac('sha256', Buffer.from(input.key, 'latin1'))
    .update(Buffer.from(signed, 'latin1'))
    .digest();
  return expected.equals(mac);
}

/** Index of the ten digits of the issue time: the last place where ten digits, `-` and enough text follow. */
function macStart(messageMac: string): number {
  for (let at = messageMac.length - macLength - 11; at >= 0; at -= 1) {
    if (messageMac[at + 10] === '-' && /^[0-9]{10}$/u.test(messageMac.slice(at, at + 10))) {
      return at;
    }
  }
  return messageMac.length;
}

function readMac(text: string, isUrlSafe: boolean): Buffer | null {
  const decoded = isUrlSafe
    ? text
    : text.replaceAll(/%[0-9a-fA-F]{2}/gu, (hex) => String.fromCharCode(Number.parseInt(hex.slice(1), 16)));
  const shape = isUrlSafe ? /^[A-Za-z0-9_-]{43}$/u : /^[A-Za-z0-9+/]{43}=?$/u;
  return shape.test(decoded) ? Buffer.from(decoded, isUrlSafe ? 'base64url' : 'base64') : null;
}

/** The 32 bytes of the SHA-256. */
export function sha256Bytes(source: string): string {
  return createHash('sha256').update(Buffer.from(source, 'latin1')).digest().toString('latin1');
}
