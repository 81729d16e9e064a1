/** What is kept of the output of a child process while it runs. */
import { StringDecoder } from 'node:string_decoder';
import type { LineRedactor } from '../../secrets/redact.ts';
import type { ByteSource } from './child-output.ts';

/** A line longer than this reaches the callback in pieces. */
const longestLine = 16 * 1024 * 1024;

export interface Capture {
  readonly finish: () => string;
}

function splitLines(source: ByteSource, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    if (rest.length > longestLine) {
      onLine(rest);
      rest = '';
    }
  };
  source.onData((chunk) => {
    take(decoder.write(chunk));
  });
  return () => {
    take(decoder.end());
    if (rest !== '') {
      onLine(rest);
      rest = '';
    }
  };
}

/** The redacted end of a stream, and each of its lines as it comes. */
export function captureText(
  source: ByteSource,
  options: {
    readonly clean: LineRedactor;
    readonly tailLength: number;
    readonly onLine: (line: string) => void;
  },
): Capture {
  let tail = '';
  let cut = false;
  const flush = splitLines(source, (raw) => {
    const line = options.clean(raw);
    tail += `${line}\n`;
    if (tail.length > options.tailLength * 2) {
      tail = tail.slice(-options.tailLength);
      cut = true;
    }
    options.onLine(line);
  });
  return {
    finish: () => {
      flush();
      const over = tail.length > options.tailLength;
      return `${cut || over ? '[earlier output left out]\n' : ''}${over ? tail.slice(-options.tailLength) : tail}`;
    },
  };
}

/** All bytes of a stream, up to a limit. */
export function captureData(
  source: ByteSource,
  options: {
    readonly maxBytes: number;
    readonly onLine: ((line: string) => void) | undefined;
    readonly onLimit: () => void;
  },
): Capture {
  const chunks: Buffer[] = [];
  let bytes = 0;
  source.onData((chunk) => {
    bytes += chunk.length;
    if (bytes > options.maxBytes) {
      options.onLimit();
      return;
    }
    chunks.push(chunk);
  });
  const flush = options.onLine === undefined ? undefined : splitLines(source, options.onLine);
  return {
    finish: () => {
      flush?.();
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}
