import { percentOf } from '@heed/metrics';
import type { Answer, Trust } from '@heed/tasks';
import { unlikeInWords } from '../calibration/describe.js';
import type { Output } from '../host.js';
import type { Place } from '../inputs.js';
import { glance, plain } from '../io/plain.js';

/** A result of `heed run`, as its event tells it. */
export interface ResultEvent extends Place, Partial<Trust> {
  readonly event: 'result';
  readonly input: string;
  readonly output: string;
  readonly alternatives?: Answer['alternatives'];
  /** What would be right. */
  readonly expected?: readonly string[];
}

/** Tells people a result, without its maps. */
export function tellResult(output: Output, result: ResultEvent): void {
  const { input, output: text, file, confidence, unlike = [], alternatives = [], expected = [] } = result;
  const { paint } = output;
  const where = file === undefined ? '' : `${plain(file)}: `;
  const sure = confidence === undefined ? '' : paint.dim(`  ${percentOf(Number(confidence))}`);
  const verdict =
    expected.length === 0
      ? ''
      : expected.includes(text)
        ? paint.green('  ✓')
        : paint.yellow(`  ✗ ${plain(expected.join(' or '))}`);
  output.print(`${where}${paint.bold(glance(input))}  ${plain(text)}${sure}${verdict}`);
  if (unlike.length > 0) output.print(paint.yellow(`  ${plain(unlikeInWords(unlike))}`));
  for (const other of alternatives)
    output.print(`  or ${plain(other.output)}  (log probability ${Number(other.logProbability).toFixed(2)})`);
}
