import type { TextExample } from './text.js';

/**
 * Side by side, as much of the text as fills windows: what is learnt from. The first knows nothing of what came before.
 */
export function trainingWindows(text: string, length: number): TextExample[] {
  const windows: TextExample[] = [];
  for (let start = 0; start + length <= text.length; start += length) {
    windows.push(window(text.slice(start, start + length), 0));
  }
  return windows;
}

export interface ScoredWindow {
  readonly example: TextExample;
  /** Where in the text what has to be predicted starts. */
  readonly start: number;
}

/**
 * Every character of the text is predicted once, in windows of `length`, of which the first `context` characters are
 * what the one before has predicted. Only the first window of a text starts from nothing, as the text does.
 */
export function scoredWindows(text: string, length: number, context: number): ScoredWindow[] {
  const windows: ScoredWindow[] = [];
  for (let start = 0; start < text.length;) {
    const given = Math.min(context, start);
    const end = Math.min(text.length, start - given + length);
    windows.push({ example: window(text.slice(start - given, end), given), start });
    start = end;
  }
  return windows;
}

const window = (text: string, context: number): TextExample => ({ text, symbols: [...text], context, ends: false });
