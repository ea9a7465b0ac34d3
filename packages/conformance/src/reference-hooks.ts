import { derivativeOf, Evaluator, type HookPart, type HookParts } from '@heed/core';
import type { ScoreSizes } from './example.js';
import type { HookMeaning, HookMeanings } from './oracle/hooks.js';

/** Where the gradient of the packed captures is summed up; undefined without any. */
export const capturedGradient = (captures: ArrayLike<number> | undefined): Float64Array | undefined =>
  captures && new Float64Array(captures.length);

/** Hooks of a request by core's programs and derivatives, evaluated one position at a time: so these are tested too. */
export function hooksBy(
  { scoreHook, maskHook, weightHook }: HookParts,
  { queries: Tq, keys: Tk }: ScoreSizes,
  captures: ArrayLike<number> = [],
  dCaptures?: Float64Array,
): HookMeanings {
  const place = (batch: number, head: number, query: number, key: number) => ({ batch, head, query, key, Tq, Tk });
  const meaning = ({ program, captures: parts }: HookPart): HookMeaning => {
    const forward = new Evaluator(program.steps, [program.result], parts, captures);
    const { steps, input, reads } = derivativeOf(program);
    const inputs = input === undefined ? [] : [input];
    const results = [...inputs, ...reads.flatMap(({ read, gradient }) => [read, gradient])];
    const backward = new Evaluator(steps, results, parts, captures);
    return {
      value(b, h, i, j, x) {
        forward.run(place(b, h, i, j), x);
        return forward.values[program.result];
      },
      pullBack(b, h, i, j, x, gradient) {
        backward.run(place(b, h, i, j), x, gradient);
        for (const { read, gradient } of reads) {
          const at = backward.placeOf(read);
          if (at >= 0 && dCaptures) dCaptures[at] += backward.values[gradient];
        }
        return input === undefined ? 0 : backward.values[input];
      },
    };
  };
  const allowed = maskHook && meaning(maskHook);
  return {
    ...(scoreHook && { scoreHook: meaning(scoreHook) }),
    ...(weightHook && { weightHook: meaning(weightHook) }),
    ...(allowed && {
      maskHook: (b: number, h: number, i: number, j: number) => allowed.value(b, h, i, j, NaN) !== 0,
    }),
  };
}
