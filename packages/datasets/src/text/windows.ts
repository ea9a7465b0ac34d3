import type { TextExample } from './text.js';

/** Places of a window in a text of symbols: from `start` to before `end`, of which the first `context` are only given. */
export interface WindowRange {
  readonly start: number;
  readonly end: number;
  readonly context: number;
}

/** Ranges side by side, of `window` symbols each; a rest that doesn't fill one is left out. */
export function trainingRanges(length: number, window: number): WindowRange[] {
  return Array.from({ length: Math.floor(length / window) }, (_, n) => ({
    start: n * window,
    end: (n + 1) * window,
    context: 0,
  }));
}

/**
 * Ranges of `window` symbols that predict each symbol exactly once. The first `context` symbols of a range are the last ones that
 * the range before it predicts; only the first range of a text has no context.
 */
export function scoredRanges(length: number, window: number, context: number): WindowRange[] {
  const ranges: WindowRange[] = [];
  for (let start = 0; start < length;) {
    const given = Math.min(context, start);
    const end = Math.min(length, start - given + window);
    ranges.push({ start: start - given, end, context: given });
    start = end;
  }
  return ranges;
}

/**
 * Training windows: the text is cut into windows side by side, and a rest that doesn't fill one is left out. The first symbol of
 * a window has nothing before it.
 */
export const trainingWindows = (text: string, length: number): TextExample[] =>
  trainingRanges(text.length, length).map((range) => windowOf(text, range));

export interface ScoredWindow {
  readonly example: TextExample;
  /** Index in the text of the first predicted character. */
  readonly start: number;
}

/**
 * Windows of `length` characters that predict every character of the text exactly once. The first `context` characters of a
 * window are the last ones that the window before it predicts; only the first window of a text has no context.
 */
export const scoredWindows = (text: string, length: number, context: number): ScoredWindow[] =>
  scoredRanges(text.length, length, context).map((range) => ({
    example: windowOf(text, range),
    start: range.start + range.context,
  }));

function windowOf(text: string, { start, end, context }: WindowRange): TextExample {
  const part = text.slice(start, end);
  return { text: part, symbols: [...part], context, ends: false };
}
