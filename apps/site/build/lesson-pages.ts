import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exercisesOf, type Exercise } from '../lessons/exercise.js';
import { ROOT } from './sources.js';
import { rowsOf } from './tables.js';
import type { Language } from './texts.js';

/** Page that lists the lessons, by language. */
export const LESSONS = { en: 'docs/guides/attention/README.md', zh: 'docs/guides/attention/README.zh-CN.md' } as const;

/** Page with the sheet to print, by language. */
export const TEACHERS = {
  en: 'docs/guides/attention/for-teachers.md',
  zh: 'docs/guides/attention/for-teachers.zh-CN.md',
} as const;

/** A lesson as the table of all says it. */
export interface Lesson {
  readonly title: string;
  /** Name of its file, which the others lie beside. */
  readonly file: string;
  /** Its Markdown. */
  readonly text: string;
  readonly exercises: readonly Exercise[];
}

/** Lessons of a language, in order. */
export const lessonsOf = (language: Language): Lesson[] =>
  rowsOf(LESSONS[language]).map(({ text: title, link: file }) => {
    const text = readFileSync(join(ROOT, LESSONS[language], '..', file), 'utf8');
    return { title, file, text, exercises: exercisesOf(text) };
  });

/** Whether a page is of the lessons, and so leads to the one before and the one after by itself. */
export const isOfLessons = (source: string): boolean => source.startsWith('docs/guides/attention/');
