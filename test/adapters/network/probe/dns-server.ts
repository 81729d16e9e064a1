/** A name server on this machine: answers over UDP from a table, as RFC 1035 has it. */
import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

/** Question as `A www.shop.example` to the data of each record, in wire format. */
export type Zone = Readonly<Record<string, readonly Buffer[]>>;

const types: Readonly<Record<number, string>> = {
  1: 'A',
  5: 'CNAME',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  257: 'CAA',
};

export function label(name: string): Buffer {
  const parts = name.split('.').map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** `127.0.0.1:PORT`. Names that are not in the zone do not exist; a name with the type `SERVFAIL` fails. */
export async function nameServer(zone: Zone): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => socket.send(answer(query, zone), port, address));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return `127.0.0.1:${String(socket.address().port)}`;
}

function answer(query: Buffer, zone: Zone): Buffer {
  const names: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    names.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  const type = query.readUInt16BE(at + 1);
  const name = names.join('.').toLowerCase();
  const question = query.subarray(12, at + 5);
  const isFailing = zone[`SERVFAIL ${name}`] !== undefined;
  const records = zone[`${types[type] ?? ''} ${name}`] ?? [];
  const exists = Object.keys(zone).some((key) => key.endsWith(` ${name}`));
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (isFailing ? 2 : exists ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  const answers = records.map((data) => {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(60, 6);
    head.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, question, ...answers]);
}
