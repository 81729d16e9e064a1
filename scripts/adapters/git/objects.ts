/**
 * What a repository holds, asked of one kept `git cat-file --batch-command` (git-cat-file(1)): starting a process for each
 * question costs a hundred times the answer. Answers come in the order of the questions.
 */
import { ExternalError } from '../../contract/errors.ts';
import { keepProcess, type LongRunningProcess } from '../process/run-process.ts';

export interface ObjectInfo {
  readonly id: string;
  readonly type: 'blob' | 'commit' | 'tag' | 'tree';
  readonly size: number;
}

export interface GitObject extends ObjectInfo {
  readonly bytes: Buffer;
}

export interface ObjectsPlace {
  readonly folder: string;
  /** The whole environment of git. */
  readonly env: Readonly<Record<string, string>>;
  readonly config: readonly string[];
}

interface ObjectQuestion {
  readonly wantsContents: boolean;
  readonly resolve: (answer: ObjectInfo | GitObject | null) => void;
  readonly reject: (error: ExternalError) => void;
}

/** Silence for this long, while an answer is awaited, is not an answer. */
const silenceMs = 120_000;

/** git is started at the first question, and again at the first after it ended. */
export class GitObjects {
  private readonly place: ObjectsPlace;
  private conversation: Conversation | null = null;

  constructor(place: ObjectsPlace) {
    this.place = place;
  }

  /** What a name or an id stands for now; null where that is nothing, or more than one thing. */
  async info(name: string): Promise<ObjectInfo | null> {
    return this.ask('info', name);
  }

  /** The same with its bytes. */
  async contents(name: string): Promise<GitObject | null> {
    return (await this.ask('contents', name)) as GitObject | null;
  }

  /** Ends git when the questions so far are answered. */
  close(): void {
    this.conversation?.close();
    this.conversation = null;
  }

  private async ask(command: 'contents' | 'info', name: string): Promise<ObjectInfo | GitObject | null> {
    if (/[\n\0]/.test(name)) {
      throw new Error(`${JSON.stringify(name)} is not one line`);
    }
    this.conversation =
      this.conversation?.isOver === false ? this.conversation : new Conversation(this.place);
    return this.conversation.ask(command, name);
  }
}

/** One git, from its start to its end. */
class Conversation {
  isOver = false;
  private readonly reader: LongRunningProcess;
  private silence: NodeJS.Timeout | null = null;
  private readonly open: ObjectQuestion[] = [];
  private readonly output = new Output();

  constructor({ folder, env, config }: ObjectsPlace) {
    this.reader = keepProcess({
      command: 'git',
      args: [...config.flatMap((line) => ['-c', line]), 'cat-file', '--batch-command'],
      cwd: folder,
      env,
      onData: (chunk) => {
        this.output.add(chunk);
        this.answer();
      },
      onEnd: ({ cause, exitCode, stderr }) => {
        this.giveUp(cause === null ? broken(exitCode, stderr) : notInstalled(cause));
      },
    });
  }

  async ask(command: 'contents' | 'info', name: string): Promise<ObjectInfo | GitObject | null> {
    return new Promise((resolve, reject) => {
      this.open.push({ wantsContents: command === 'contents', resolve, reject });
      this.reader.await(true);
      this.listen();
      this.reader.write(`${command} ${name}\n`);
    });
  }

  close(): void {
    this.reader.close();
  }

  private answer(): void {
    for (let first = this.open[0]; first !== undefined; first = this.open[0]) {
      const answer = this.output.take(first.wantsContents);
      if (answer === undefined) {
        this.listen();
        return;
      }
      this.open.shift();
      first.resolve(answer);
    }
    this.quiet();
    this.reader.await(false);
  }

  private listen(): void {
    this.quiet();
    this.silence = setTimeout(() => {
      this.reader.kill();
    }, silenceMs);
  }

  private quiet(): void {
    clearTimeout(this.silence ?? undefined);
    this.silence = null;
  }

  private giveUp(error: ExternalError): void {
    this.isOver = true;
    this.quiet();
    for (const question of this.open.splice(0)) {
      question.reject(error);
    }
  }
}

const header = /^([0-9a-f]{40}(?:[0-9a-f]{24})?) (blob|commit|tag|tree) (\d+)$/;

/** `<id> <type> <size>`; any other line says why there is no object. */
function readHeader(line: string): ObjectInfo | null {
  const [, id, type, size] = header.exec(line) ?? [];
  return id === undefined ? null : { id, type: type as ObjectInfo['type'], size: Number(size) };
}

/** What git wrote and nobody has read yet. */
class Output {
  private chunks: Buffer[] = [];
  private length = 0;
  /** Bytes without which there is nothing to read. */
  private needed = 1;

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  /** Undefined until the next answer is there as a whole. */
  take(wantsContents: boolean): ObjectInfo | GitObject | null | undefined {
    if (this.length < this.needed) {
      return undefined;
    }
    const all = this.whole();
    const end = all.indexOf(0x0a);
    if (end === -1) {
      this.needed = this.length + 1;
      return undefined;
    }
    const info = readHeader(all.toString('latin1', 0, end));
    if (info === null || !wantsContents) {
      this.drop(all, end + 1);
      return info;
    }
    const next = end + 1 + info.size + 1;
    if (this.length < next) {
      this.needed = next;
      return undefined;
    }
    this.drop(all, next);
    return { ...info, bytes: all.subarray(end + 1, next - 1) };
  }

  private whole(): Buffer {
    const [first] = this.chunks;
    const all = first !== undefined && this.chunks.length === 1 ? first : Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }

  private drop(all: Buffer, count: number): void {
    this.chunks = count === all.length ? [] : [all.subarray(count)];
    this.length = all.length - count;
    this.needed = 1;
  }
}

/** What to say where no program called git can be started. */
export function notInstalled(cause: unknown): ExternalError {
  return new ExternalError({
    what: 'git is not installed',
    why: 'no program called git can be started from the PATH',
    fix: 'install git 2.38 or newer',
    next: 'git --version',
    cause,
  });
}

function broken(exitCode: number | null, stderr: string): ExternalError {
  return new ExternalError({
    what: `git cat-file ended${exitCode === null ? ' before it answered' : ` with status ${String(exitCode)}`}`,
    why: stderr.trim() || 'git gave no reason',
    fix: 'look at the reason above; `git fsck` shows whether the repository is whole',
    next: 'git fsck',
  });
}
