/** Why a connection was not made, in words. */

const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'the connection was refused'],
  ['ECONNRESET', 'the connection was closed by the other side'],
  ['EPIPE', 'the connection was closed by the other side'],
  ['ENOTFOUND', 'the host name is not known'],
  ['EAI_AGAIN', 'the host name could not be looked up'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['CERT_HAS_EXPIRED', 'TLS: the certificate has expired'],
  ['CERT_NOT_YET_VALID', 'TLS: the certificate is not valid yet'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS: the certificate is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS: the certificate chain ends in a self-signed one'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS: the certificate cannot be verified'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'TLS: the issuer of the certificate is not known'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS: the certificate is for another name'],
  ['ESERVFAIL', 'the name server failed'],
  ['EREFUSED', 'the name server refused to answer'],
  ['ETIMEOUT', 'the name server did not answer in time'],
  ['EBADRESP', 'the name server answered nonsense'],
]);

/** Code of an error of Node; empty for anything else. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

export function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  const known = reasons.get(code);
  if (known !== undefined) {
    return known;
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return `TLS: the handshake failed (${code})`;
  }
  return `the request failed${code === '' ? '' : ` (${code})`}`;
}
