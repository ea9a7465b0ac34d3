import { createInterface } from 'node:readline';
import { accessError } from './files.js';

/**
 * Lines of a stream as they arrive: those that are there already together, at most so many, so that neither a slow
 * writer waits for an answer nor a fast one is answered line by line.
 *
 * @throws HeedError FILE_ACCESS when the stream fails
 */
export async function* lineBatches(stream: NodeJS.ReadableStream, most: number): AsyncGenerator<string[]> {
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  const waiting: string[] = [];
  let closed = false;
  let failure: Error | undefined;
  let wake = (): void => {};
  lines.on('line', (line) => {
    waiting.push(line);
    // Pausing stops the stream, not the lines of the chunk that is being split.
    if (waiting.length >= most) lines.pause();
    wake();
  });
  lines.on('close', () => {
    closed = true;
    wake();
  });
  // Readline passes the stream's on.
  lines.on('error', (error: Error) => {
    failure = error;
    wake();
  });
  try {
    while (true) {
      while (waiting.length > 0) yield waiting.splice(0, most);
      if (failure !== undefined) throw accessError('read', 'standard input', failure);
      if (closed) return;
      lines.resume();
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    lines.close();
  }
}

/** Lines that a person is asked for one by one; Ctrl-C ends them, as the end of the input does. */
export async function* promptedLines(prompt: string): AsyncGenerator<string[]> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt });
  // Readline takes Ctrl-C for itself on a terminal.
  lines.on('SIGINT', () => lines.close());
  lines.prompt();
  for await (const line of lines) {
    yield [line];
    lines.prompt();
  }
  process.stderr.write('\n');
}
