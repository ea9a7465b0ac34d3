import type { Thread } from '../engine/job-worker.js';
import { readMessage } from './answers.js';
import { openFrame, type Frame } from './frame.js';
import { SANDBOX } from './sandbox-frame.js';

/** Messages of the frame: what its worker said, or why it broke; that is undefined for a worker that didn't start. */
type FromFrame = { readonly said: unknown } | { readonly broke: string | undefined };

/** Message of the error of a sandbox whose worker didn't start. */
export const NOT_STARTED = 'the worker did not start';

/**
 * A worker in a frame of its own origin and without a network, for code that the page doesn't trust. A message from it that isn't what
 * it should be counts as an error of the worker.
 */
export class Sandbox extends EventTarget implements Thread {
  readonly #frame: Frame;

  /** @param script text of the worker: one file, since a worker without the page's origin can't load the page's files */
  constructor(script: string) {
    super();
    this.#frame = openFrame({ srcdoc: SANDBOX }, script);
    this.#frame.port.addEventListener('message', ({ data }: MessageEvent<FromFrame>) => this.#hear(data));
    this.#frame.port.start();
  }

  postMessage(message: unknown): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has none
    this.#frame.port.postMessage(message);
  }

  terminate(): void {
    this.#frame.close();
  }

  #hear(heard: FromFrame): void {
    if ('broke' in heard) return this.#fail(heard.broke ?? NOT_STARTED);
    const data = readMessage(heard.said);
    if (data === undefined) return this.#fail('it sent a message that makes no sense');
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  #fail(message: string): void {
    this.dispatchEvent(new ErrorEvent('error', { message }));
  }
}
