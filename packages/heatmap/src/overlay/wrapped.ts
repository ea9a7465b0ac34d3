import stringWidth from 'fast-string-width';
import { graphemes } from '../text.js';

/** Lines of a text of at most `width` columns: broken at spaces, or within a piece that is longer by itself; further ones are indented. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(' ').flatMap((word) => broken(word, width - INDENT.length))) {
    const longer = line === '' || line === INDENT ? line + piece : `${line} ${piece}`;
    if (stringWidth(longer) <= width || line === '') {
      line = longer;
      continue;
    }
    lines.push(line);
    line = INDENT + piece;
  }
  return [...lines, line];
}

const INDENT = '  ';

function broken(word: string, width: number): string[] {
  if (stringWidth(word) <= width) return [word];
  const pieces = [''];
  for (const character of graphemes(word)) {
    const piece = pieces.at(-1)!;
    if (stringWidth(piece + character) > width && piece !== '') pieces.push(character);
    else pieces[pieces.length - 1] = piece + character;
  }
  return pieces;
}
