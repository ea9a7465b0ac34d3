import type { TextExample } from './text.js';

/**
 * Training windows: the text is cut into windows side by side, and a rest that doesn't fill one is left out. The first symbol of
 * a window has nothing before it.
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
  /** Index in the text of the first predicted character. */
  readonly start: number;
}

/**
 * Windows of `length` characters that predict every character of the text exactly once. The first `context` characters of a
 * window are the last ones that the window before it predicts; only the first window of a text has no context.
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
