import type { CaptionsReport, CaptionWord } from '../../engine/jobs.js';

/** What is there of a caption. */
export interface Written {
  readonly words: readonly CaptionWord[];
  /** The caption up to each word. */
  readonly texts: readonly string[];
  /** Whether no word comes any more. */
  readonly isDone: boolean;
  /** Whether it ended by itself, and wasn't cut off for its length. */
  readonly isFinished: boolean;
}

export const NOTHING: Written = { words: [], texts: [], isDone: false, isFinished: false };

export type Captions = ReadonlyMap<string, Written>;

/** Captions, by language, with what a report adds to one. */
export function withReport(captions: Captions, report: CaptionsReport & { readonly kind: 'word' | 'end' }): Captions {
  const own = captions.get(report.language) ?? NOTHING;
  const next: Written =
    report.kind === 'word'
      ? { ...own, words: [...own.words, report.word], texts: [...own.texts, report.text] }
      : { ...own, isDone: true, isFinished: report.finished };
  return new Map(captions).set(report.language, next);
}

/** Captions that were stopped: nothing comes any more. */
export const stopped = (captions: Captions): Captions =>
  new Map([...captions].map(([language, own]) => [language, { ...own, isDone: true }]));
