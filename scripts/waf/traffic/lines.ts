/** Formats of recorded traffic that have one request per line. Every request is scrubbed before it is given out. */
import { isCombined, readCombined } from './combined.ts';
import { readFirewallEvent, readHttpRequest } from './logpush.ts';
import { readRecord } from './request-line.ts';
import type { ReadLine } from './request-line.ts';
import { scrubRecord } from './scrub.ts';

export type LineFormat = 'sluice' | 'logpush-http-requests' | 'logpush-firewall-events' | 'access-log';

export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface LineReader {
  /** Null for a line without a request of its own, such as an empty one. */
  readonly read: (line: string, place: Place) => ReadLine | null;
}

/** Longer lines are no requests: a server refuses a request long before that. Characters. */
const maxLine = 1024 * 1024;

/** `host` is that of access logs which do not name one. */
export function lineReader(format: LineFormat, host: string | null): LineReader {
  const read = readerOf(format, host);
  return {
    read: (line, place) => {
      if (line.length > maxLine) {
        return { bad: 'it is longer than a request can be' };
      }
      const found = line.trim() === '' ? null : read(line, place);
      return found === null || 'bad' in found ? found : scrubRecord(found);
    },
  };
}

function readerOf(format: LineFormat, host: string | null): LineReader['read'] {
  switch (format) {
    case 'sluice':
      return readRecord;
    case 'logpush-http-requests':
      return readHttpRequest;
    case 'logpush-firewall-events':
      return readFirewallEvent;
    case 'access-log':
      return (line, place) => readCombined(line, host, `line ${place.line}`);
    default:
      throw new Error('unexpected format of lines');
  }
}

/** Lines that are looked at before a format is given up: the first one may be damaged. */
const looked = 20;

/** The format of a text by its first lines; null when none of them is of a known one. */
export function detectLineFormat(text: string): LineFormat | null {
  for (const line of text.split('\n', looked)) {
    const format = formatOf(line.trim());
    if (format !== null) {
      return format;
    }
  }
  return null;
}

function formatOf(line: string): LineFormat | null {
  if (!line.startsWith('{')) {
    return isCombined(line) ? 'access-log' : null;
  }
  if (/"v":1\b/u.test(line) && line.includes('"method":')) {
    return 'sluice';
  }
  if (line.includes('"ClientRequestURI"')) {
    return 'logpush-http-requests';
  }
  return line.includes('"Action"') && line.includes('"ClientRequestPath"') ? 'logpush-firewall-events' : null;
}
