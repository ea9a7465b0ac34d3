import type { MarkdownRenderer } from 'vitepress';
import { CHOICE, EXERCISE_BEGIN, EXERCISE_END, exercisesOf } from '../lessons/exercise.js';
import { html, opening, replaceBlocks, type State, type Token } from './blocks.js';

/** Plugin of markdown-it: exercises become components, with the question, each choice and the answer as slots. */
export function exercises(md: MarkdownRenderer): void {
  md.core.ruler.push('exercises', (state) => {
    const found = exercisesOf(state.src)[Symbol.iterator]();
    replaceBlocks(state, { begin: EXERCISE_BEGIN, end: EXERCISE_END }, (inner) => {
      const { id, answer, choices } = found.next().value!;
      return [
        opening(state, 'CheckedExercise', { id, answer, choices: Object.keys(choices).join('') }),
        ...slots(state, inner),
        html(state, '</CheckedExercise>'),
      ];
    });
  });
}

/** Tokens of a list of choices, which the component writes by itself. */
const OF_LISTS = /^(bullet_list|list_item|paragraph)_(open|close)$/;

function slots(state: State, inner: readonly Token[]): Token[] {
  let isList = false;
  return inner.flatMap((token) => {
    if (token.type === 'html_block') return [html(state, slotOf(token.content))];
    if (token.type === 'bullet_list_open') isList = true;
    if (!isList) return [token];
    if (token.type === 'bullet_list_close') isList = false;
    if (OF_LISTS.test(token.type)) return [];
    const [first] = token.children!;
    const letter = CHOICE.exec(first!.content)![1];
    first!.content = first!.content.replace(CHOICE, '');
    return [html(state, `<template #${letter}>`), token, html(state, '</template>')];
  });
}

const slotOf = (content: string): string =>
  content
    .trim()
    .replace(/^<details>.*$/, '<template #answer>')
    .replace(/^<\/details>$/, '</template>');
