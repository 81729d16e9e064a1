/**
 * Joins a generated month of the audit log with its releases. Argument: entries. Prints one JSON line. The lines are made while they
 * are read, so that nothing of them is in memory but a part of a file.
 */
import { readAuditLines } from '../../scripts/live/audit/entry.ts';
import { AuditJoin } from '../../scripts/live/audit/join.ts';

const [entries = '100000'] = process.argv.slice(2);
const from = Date.parse('2026-11-01T00:00:00Z');
const until = Date.parse('2026-12-01T00:00:00Z');
const account = 'a'.repeat(32);
const token = { name: 'sluice-release', id: 'f'.repeat(32) };
const minute = 60_000;
const releases = Array.from({ length: 300 }, (_, index) => ({
  id: `R${String(index)}`,
  stack: 'acme-production',
  account,
  zones: ['shop.example'],
  from: from + index * 140 * minute,
  until: from + index * 140 * minute + 10 * minute,
  changed: new Map([['cloudflare_dns_record', 300]]),
  tokens: [token],
}));

/** Nine of ten by releases, one of a hundred by a person at one of fifty objects, the rest by Cloudflare. */
function lineOf(number: number): string {
  const release = releases[number % releases.length];
  const kind = number % 100 === 0 ? 'user' : number % 10 === 9 ? 'system' : 'account';
  return JSON.stringify({
    AccountID: account,
    ActionDescription: 'Update DNS record',
    ActionResult: 'success',
    ActionTimestamp: new Date((release?.from ?? from) + (number % 10) * minute).toISOString(),
    ActionType: 'update',
    ActorContext: kind === 'user' ? 'dash' : 'api_token',
    ActorEmail: `${kind}@shop.example`,
    ActorID: kind,
    ActorIPAddress: '192.0.2.1',
    ActorTokenDetails: kind === 'account' ? { token_id: token.id, token_name: token.name } : {},
    ActorType: kind,
    AuditLogID: number.toString(16).padStart(32, '0'),
    Raw: {
      method: 'PUT',
      uri: `/client/v4/zones/z/dns_records/${String(number)}`,
      cf_ray_id: '8e9b1c60ef9e1c9a',
      user_agent: 'x'.repeat(100),
    },
    ResourceID: `r${String(number % 50)}`,
    ResourceProduct: 'dns_records',
    ResourceRequest: { content: '192.0.2.1', comment: 'y'.repeat(200) },
    ResourceScope: 'zones',
    ResourceType: 'dns_record',
    ZoneID: 'z',
    ZoneName: 'shop.example',
  });
}

const began = performance.now();
const join = new AuditJoin({ from, until, accounts: [account], releases, tokens: [token] });
const partLines = 1000;
let bad = 0;
for (let first = 0; first < Number(entries); first += partLines) {
  const text = Array.from({ length: Math.min(partLines, Number(entries) - first) }, (_, at) =>
    lineOf(first + at),
  ).join('\n');
  readAuditLines({ text, firstLine: first + 1 }, (read) => {
    if (read.ok) {
      join.add(read.value);
    } else {
      bad += 1;
    }
  });
}
const { counts } = join.report([]);
if (bad > 0 || counts.unauthorised !== Number(entries) / 100) {
  throw new Error(`the month was not read as it was made: ${JSON.stringify({ counts, bad })}`);
}
process.stdout.write(
  `${JSON.stringify({ ms: performance.now() - began, peakRss: process.resourceUsage().maxRSS * 1024 })}\n`,
);
