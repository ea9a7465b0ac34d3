import type { MarkdownRenderer } from 'vitepress';
import { idOfStep, STEP_BEGIN, STEP_END, stepsOf } from '../lessons/step.js';
import { html, opening, replaceBlocks } from './blocks.js';

/** Plugin of markdown-it: the steps of a lesson become components, around the same tables and text. */
export function steps(md: MarkdownRenderer): void {
  md.core.ruler.push('steps', (state) => {
    const found = stepsOf(state.src)[Symbol.iterator]();
    replaceBlocks(state, { begin: STEP_BEGIN, end: STEP_END }, (inner) => {
      const { op, tables } = found.next().value!;
      const symbols = tables.map(({ symbol }) => symbol)[Symbol.iterator]();
      return [
        opening(state, 'LiveStep', { id: idOfStep(op), op, tables: JSON.stringify(tables) }),
        ...inner.flatMap((token) => {
          if (token.type === 'table_open')
            return [opening(state, 'StepTable', { symbol: symbols.next().value! }), token];
          return token.type === 'table_close' ? [token, html(state, '</StepTable>')] : [token];
        }),
        html(state, '</LiveStep>'),
      ];
    });
  });
}
