/**
 * Where the output of a child process goes: through pipes to this process, or into files that this process follows. A
 * pipe breaks when its reader dies, and takes a writer with it in the middle of its work; a file does not.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';

export interface OutputFiles {
  readonly stdout: string;
  readonly stderr: string;
}

export interface ByteSource {
  readonly onData: (take: (chunk: Buffer) => void) => void;
}

export interface ChildOutput {
  readonly stdout: ByteSource;
  readonly stderr: ByteSource;
  /** Hands over what is left. The child has ended; may be called twice. */
  readonly close: () => void;
}

/** How often a followed file is looked at. Progress for people, nothing more: what counts is read when the child has ended. */
const followMs = 100;

/** The pipes of a child. */
export function pipedOutput(child: {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}): ChildOutput {
  return { stdout: pipe(child.stdout), stderr: pipe(child.stderr), close: () => undefined };
}

function pipe(stream: Readable | null): ByteSource {
  return { onData: (take) => void stream?.on('data', take) };
}

export interface FileOutput extends ChildOutput {
  /** For the child's `stdio`. */
  readonly descriptors: readonly [number, number];
  /** The child has them now; ours are closed. */
  readonly handedOver: () => void;
}

/** Opens both files anew, readable by nobody else: output may quote configuration. */
export function openOutput(files: OutputFiles): FileOutput {
  const descriptors = [openSync(files.stdout, 'w', 0o600), openSync(files.stderr, 'w', 0o600)] as const;
  const followed = [new FollowedFile(files.stdout), new FollowedFile(files.stderr)] as const;
  return {
    stdout: followed[0],
    stderr: followed[1],
    descriptors,
    handedOver: () => {
      descriptors.forEach((descriptor) => {
        closeSync(descriptor);
      });
    },
    close: () => {
      followed.forEach((file) => {
        file.close();
      });
    },
  };
}

class FollowedFile implements ByteSource {
  private readonly descriptor: number;
  private readonly buffer = Buffer.alloc(64 * 1024);
  private readonly takers: ((chunk: Buffer) => void)[] = [];
  private readonly timer: NodeJS.Timeout;
  private isOpen = true;

  constructor(path: string) {
    this.descriptor = openSync(path, 'r');
    this.timer = setInterval(() => {
      this.read();
    }, followMs);
  }

  onData(take: (chunk: Buffer) => void): void {
    this.takers.push(take);
  }

  close(): void {
    if (this.isOpen) {
      this.isOpen = false;
      clearInterval(this.timer);
      this.read();
      closeSync(this.descriptor);
    }
  }

  private read(): void {
    for (;;) {
      const length = readSync(this.descriptor, this.buffer, 0, this.buffer.length, null);
      if (length === 0) {
        return;
      }
      const chunk = Buffer.from(this.buffer.subarray(0, length));
      this.takers.forEach((take) => {
        take(chunk);
      });
    }
  }
}
