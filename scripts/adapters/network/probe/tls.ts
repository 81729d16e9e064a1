/** One TLS connection: is the certificate good, for this name and long enough, and are older versions refused. */
import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type SecureVersion, type TLSSocket } from 'node:tls';
import type { TlsProbe } from '../../../../policies/model/record.ts';
import { standIn } from './http.ts';
import { codeOf, reasonOf } from './reason.ts';
import type { ProbeAnswer, Asking } from './asking.ts';

interface Session {
  readonly version: string;
  /** RFC 3339 or what OpenSSL writes; readable by Date. */
  readonly validUntil: string;
}

/** What a server says or does that does not speak a version; anything else tells nothing. */
const refusals: ReadonlySet<string> = new Set([
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'ECONNRESET',
]);
const below = { '1.2': 'TLSv1.1', '1.3': 'TLSv1.2' } as const satisfies Record<string, SecureVersion>;
const dayMs = 86_400_000;

/** Rejects with the error of the connection. */
export async function askTls(probe: TlsProbe, asking: Asking): Promise<ProbeAnswer> {
  const session = await handshake(probe, asking, {});
  const days = Math.floor((Date.parse(session.validUntil) - Date.parse(asking.now())) / dayMs);
  if (!(days >= probe.minDaysLeft)) {
    return {
      ok: false,
      detail: `the certificate is valid for ${days} day(s), expected ${probe.minDaysLeft}`,
    };
  }
  const problem =
    probe.minVersion === undefined ? null : await olderProblem(probe.minVersion, session, { probe, asking });
  return problem === null
    ? { ok: true, detail: `${session.version}, certificate valid for ${days} day(s)` }
    : { ok: false, detail: problem };
}

async function olderProblem(
  wanted: NonNullable<TlsProbe['minVersion']>,
  session: Session,
  { probe, asking }: { readonly probe: TlsProbe; readonly asking: Asking },
): Promise<string | null> {
  if (Number(session.version.replace('TLSv', '')) < Number(wanted)) {
    return `it speaks ${session.version}, expected ${wanted} or newer`;
  }
  try {
    // Versions before 1.2 sign with SHA-1, which OpenSSL allows itself at its lowest level only.
    const old = await handshake(probe, asking, {
      minVersion: 'TLSv1',
      maxVersion: below[wanted],
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
    return `it still speaks ${old.version}, expected ${wanted} or newer`;
  } catch (error) {
    return refusals.has(codeOf(error))
      ? null
      : `whether versions before ${wanted} are refused cannot be told: ${reasonOf(error)}`;
  }
}

async function handshake(
  { host, port = 443, serverName = host }: TlsProbe,
  { resolve, reachable, trusted, signal }: Asking,
  options: ConnectionOptions,
): Promise<Session> {
  const target = standIn(new URL(`https://${host}:${String(port)}`), resolve);
  if (target === null && isIP(host) !== 0) {
    reachable.require(host);
  }
  const socket = connect({
    host: target?.hostname ?? host,
    port: target === null ? port : Number(target.port),
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    ...(target === null ? { lookup: reachable.lookup } : {}),
    ...(trusted === undefined ? {} : { ca: trusted }),
    ...options,
  });
  try {
    return await sessionOf(socket, signal);
  } finally {
    socket.destroy();
  }
}

async function sessionOf(socket: TLSSocket, signal: AbortSignal): Promise<Session> {
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  return { version: socket.getProtocol() ?? '', validUntil: socket.getPeerCertificate().valid_to };
}
