/** Base64 as documents of traffic have it. */

/** One character per byte; null for what is not Base64. White space is ignored. */
export function decodeBase64(text: string): string | null {
  try {
    return atob(text);
  } catch {
    return null;
  }
}
