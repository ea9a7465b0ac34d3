import type { PlacedText, TextFormat } from '../host.js';
import { accessError } from './files.js';

/** What a text ends with. */
const ENDS = { lines: /\r\n?|\n/, null: '\0' } as const;

/**
 * Texts of a stream as they arrive, numbered from 1: those that are there already together, at most so many, so that neither a
 * slow writer waits for an answer nor a fast one is answered text by text.
 *
 * @param name of the stream, for errors
 * @throws HeedError FILE_ACCESS when the stream fails, after what came before
 */
export async function* textBatches(
  stream: NodeJS.ReadableStream,
  format: Exclude<TextFormat, 'whole'>,
  { most, name }: { readonly most: number; readonly name: string },
): AsyncGenerator<PlacedText[]> {
  let number = 0;
  const numbered = (text: string): PlacedText => ({ text, number: ++number });
  let [rest, held] = ['', ''];
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      const arrived = held + chunk;
      // The other half of a line's end may be in the next chunk.
      held = format === 'lines' && arrived.endsWith('\r') ? '\r' : '';
      const [first, ...others] = arrived.slice(0, arrived.length - held.length).split(ENDS[format]);
      const whole = [rest + first!, ...others];
      rest = whole.pop()!;
      while (whole.length > 0) yield whole.splice(0, most).map(numbered);
    }
  } catch (error) {
    throw accessError('read', name, error);
  }
  if (rest !== '') yield [numbered(rest)];
}
