/**
 * Addresses of resources as they may be published and kept. What stands between the brackets of an instance is computed by
 * Terraform, so a key could carry any value out of the machine that computed it.
 */

/** An address of a block: names and dots only, as the configuration has them. */
const blockAddress = /^(?:module\.[A-Za-z0-9_-]+\.)*(?:data\.)?[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** A key of an instance: a number, or a quoted text in which a backslash takes the next character. */
const instanceKey = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]/gs;

/** The block that an address is an instance of; null for anything else than an address. */
export function withoutKeys(address: string | null): string | null {
  const block = address?.replaceAll(instanceKey, '') ?? '';
  return blockAddress.test(block) ? block : null;
}

/** The address with the keys that `written` has anyhow, literally; any other is left away. Null for what is not an address. */
export function withWrittenKeys(address: string | null, written: string): string | null {
  return withoutKeys(address) === null
    ? null
    : (address?.replaceAll(instanceKey, (key) => (isWritten(key, written) ? key : '')) ?? null);
}

function isWritten(key: string, written: string): boolean {
  return /^\[\d{1,6}\]$/.test(key) || written.includes(key.slice(2, -2));
}
