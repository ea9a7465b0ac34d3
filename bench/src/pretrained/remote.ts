import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { System } from '../wasm/system.js';
import type { ChildArguments, Loaded, Reply, Request } from './messages.js';

const CHILD = fileURLToPath(new URL('child.js', import.meta.url));

/** A library with a model, in a process of its own. */
export class Remote {
  readonly #child: ChildProcess;
  #peakBytes: number;

  private constructor(
    readonly name: string,
    child: ChildProcess,
    readonly loaded: Loaded,
  ) {
    this.#child = child;
    this.#peakBytes = loaded.peakBytes;
  }

  /** @throws Error that says why it can't run here */
  static async open(name: string, given: ChildArguments): Promise<Remote> {
    const child = fork(CHILD, [JSON.stringify(given)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return new Remote(name, child, await messageOf<Loaded>(child));
  }

  /** Most memory that the process has had, in bytes. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** The system that computes what a request asks for. */
  system(request: Request): System {
    return {
      name: this.name,
      run: async () => {
        const reply = messageOf<Reply>(this.#child);
        this.#child.send(request);
        const { results, peakBytes } = await reply;
        this.#peakBytes = peakBytes;
        return [results];
      },
      dispose: () => Promise.resolve(),
    };
  }

  close(): void {
    this.#child.kill();
  }
}

/** The next message of a process. */
function messageOf<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => void (said += chunk.toString());
    const end = (): void => reject(new Error(said.trim().split('\n').at(-1) ?? 'the process ended'));
    child.stderr!.on('data', hear);
    child.once('exit', end);
    child.once('message', (message) => {
      child.stderr!.off('data', hear);
      child.off('exit', end);
      resolve(message as Message);
    });
  });
}
