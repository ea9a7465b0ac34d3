import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endWithMe } from './end-with-me.js';
import { firstOf } from './paths.js';

/** A virtual display, for browsers that have graphics only with a display. */
export interface Display {
  /** Value of the environment variable DISPLAY. */
  readonly name: string;
  close(): void;
}

export const findXvfb = (): string | undefined => firstOf('HEED_XVFB', ['/usr/bin/Xvfb']);

export async function openDisplay(): Promise<Display> {
  // Xvfb finds a free number by itself, and writes it to the given file descriptor.
  const server = spawn(findXvfb()!, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = (await Promise.race([
    once(createInterface(server.stdio[3] as Readable), 'line'),
    once(server, 'exit').then(([code]) => Promise.reject(new Error(`Xvfb ended with ${String(code)}`))),
  ])) as [string];
  return { name: `:${number}`, close: endWithMe(server) };
}
