import { createReadStream } from 'node:fs';
import type { PlacedText, TextReading } from '../host.js';
import { readBytes, STANDARD_INPUT } from './files.js';
import { promptedTexts } from './prompted.js';
import { textBatches } from './texts.js';

/** Texts of a file, of standard input, or of a person; see `Host.texts`. */
export function readTexts(how: TextReading): AsyncIterable<readonly PlacedText[]> {
  if ('prompt' in how) return promptedTexts(how);
  const { format, most, file = '-' } = how;
  if (format === 'whole') return wholeText(file);
  const stream = file === '-' ? process.stdin : createReadStream(file);
  return textBatches(stream, format, { most, name: file === '-' ? STANDARD_INPUT : file });
}

// A mail with its attachments; what is read as one text is held as one.
const LARGEST_TEXT = 64 * 2 ** 20;

async function* wholeText(file: string): AsyncGenerator<PlacedText[]> {
  // A file ends with the end of its last line, which is no part of the text.
  yield [{ text: new TextDecoder().decode(await readBytes(file, LARGEST_TEXT)).replace(/[\r\n]+$/, '') }];
}
