/**
 * Signatures of the ledger's documents: Ed25519 (RFC 8032) over the exact bytes of the document, after a header that says
 * what they are for. The header binds a signature to this use, to one repository and to one path, so that it is worth
 * nothing elsewhere; the document itself names what it follows. Verifiable without a network.
 */
import { createPublicKey, verify } from 'node:crypto';
import type { SigningKey } from '../../contract/ports.ts';
import type { LedgerKey, LedgerSignature } from '../types.ts';

/** A key together with the name under which, and the repository for which, it signs. */
export interface LedgerSigner {
  readonly scope: string;
  readonly id: string;
  readonly key: SigningKey;
}

/** The keys that count for one target. */
export interface KeyRing {
  /** `owner/name` of the repository that entries are for; `sandbox` for those of a clone. */
  readonly scope: string;
  readonly keys: readonly LedgerKey[];
  /** Where they are from, in words. */
  readonly where: string;
  /** What brings missing ones. */
  readonly next: string;
}

export interface SignedText {
  readonly path: string;
  readonly text: string;
}

/** The bytes that are signed. No part of the header can hold a newline, so no two documents have the same. */
function signedBytes(scope: string, { path, text }: SignedText): Uint8Array {
  return Buffer.from(`sluice ledger signature v1\n${scope}\n${path}\n${text}`, 'utf8');
}

/** The signature of one document, to be stored beside it. */
export function signDocument({ scope, id, key }: LedgerSigner, signed: SignedText): LedgerSignature {
  return {
    kind: 'sluice.signature',
    version: 1,
    key: id,
    signature: key.sign(signedBytes(scope, signed)),
  };
}

/** A document of the ledger that stands before another one. */
export interface WrittenSignature {
  readonly digest: string;
  /** When the release ended, where this is its end; null where it is its beginning. */
  readonly finishedAt: string | null;
}

/** When and after what a document was written, as far as the validity of its key goes. */
export interface SigningMoment {
  /** As the document says. */
  readonly at: string;
  readonly before: WrittenBefore;
}

/** Why the bytes are not signed; null when they are. */
export function signatureProblem(
  ring: KeyRing,
  signed: SignedText,
  signature: LedgerSignature,
): string | null {
  return isSignedBy(ring, signed, signature)
    ? null
    : ring.keys.some(({ id }) => id === signature.key)
      ? `has a signature that is not of the key ${signature.key} for this document, at this place, of ${ring.scope}`
      : `is signed with a key that ${ring.where} does not have`;
}

/** Whether the bytes were signed with the key of that name, whenever that was. */
export function isSignedBy(ring: KeyRing, signed: SignedText, signature: LedgerSignature): boolean {
  const key = ring.keys.find(({ id }) => id === signature.key);
  if (key === undefined) {
    return false;
  }
  const publicKey = createPublicKey({
    key: Buffer.from(key.publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const bytes = Buffer.from(signature.signature, 'base64');
  return verify(null, signedBytes(ring.scope, signed), publicKey, bytes);
}

/** What came before a document, in the order of the ledger. It grows with each one that was looked at. */
export class WrittenBefore {
  private readonly digests = new Set<string>();
  private lastEnd: number | null = null;

  add({ digest, finishedAt }: WrittenSignature): void {
    this.digests.add(digest);
    const end = finishedAt === null ? null : Date.parse(finishedAt);
    // What is no time is later than every time.
    this.lastEnd =
      end === null ? this.lastEnd : Math.max(this.lastEnd ?? end, Number.isNaN(end) ? Infinity : end);
  }

  has(digest: string): boolean {
    return this.digests.has(digest);
  }

  /** Whether a release ended at or after this time. */
  endedSince(time: number): boolean {
    return this.lastEnd !== null && !(this.lastEnd < time);
  }
}

/**
 * Why the key that signed does not count for a document at its place; null when it does, and for a key that nobody knows.
 * A document says itself when it was written, and whoever stole a key may say anything. So an end of validity is held by
 * the order of the ledger as well: once a release ended after it, nothing that follows may still use the key. Of a revoked
 * key the order alone decides: what stands up to the last trusted document counts, whatever dates are in it.
 */
export function validityProblem(
  { keys }: KeyRing,
  signature: LedgerSignature,
  { at, before }: SigningMoment,
): string | null {
  const key = keys.find((one) => one.id === signature.key);
  if (key === undefined) {
    return null;
  }
  const { id, from, until, revoked } = key;
  if (Date.parse(at) < Date.parse(from)) {
    return `was written at ${at}, before the key ${id} was valid`;
  }
  if (until !== null && (!(Date.parse(at) < Date.parse(until)) || before.endedSince(Date.parse(until)))) {
    return `was written after the key ${id} had ended`;
  }
  // The documents before it name the last trusted one: then it came later.
  const isAfterTrusted =
    revoked !== null && (revoked.lastTrusted === null || before.has(revoked.lastTrusted));
  return isAfterTrusted
    ? `is signed with ${id}, which was revoked at ${revoked.at} for everything that came so late`
    : null;
}

/** Revoked keys whose last trusted document is none of these: nobody could tell what came after it. */
export function unknownTrusted({ keys }: KeyRing, written: WrittenBefore): readonly LedgerKey[] {
  return keys.filter(
    ({ revoked }) => revoked !== null && revoked.lastTrusted !== null && !written.has(revoked.lastTrusted),
  );
}
