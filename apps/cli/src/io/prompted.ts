import { createInterface } from 'node:readline';
import type { PlacedText, Prompting } from '../host.js';

/** Texts that a person is asked for one by one; Ctrl-C and Ctrl-D end them. */
export async function* promptedTexts({ prompt, end }: Prompting): AsyncGenerator<PlacedText[]> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt });
  // Readline takes Ctrl-C for itself on a terminal.
  lines.on('SIGINT', () => lines.close());
  lines.prompt();
  let text: string[] = [];
  for await (const line of lines) {
    if (end !== undefined && line.trim() !== end) {
      text.push(line);
      continue;
    }
    yield [{ text: end === undefined ? line : text.join('\n') }];
    text = [];
    lines.prompt();
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (text.length > 0) yield [{ text: text.join('\n') }];
}
