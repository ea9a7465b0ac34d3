import { derivativeOf, type HookPart, type HookParts, type Step } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Pass } from '../pass.js';
import { captureIntegers, functionsOf, hookHelpers, valueCode } from './emit.js';
import { libraryOf } from './formulas.js';

/** What hooks add to the code of scores and weights. */
export type ScoreHooks = Required<Pick<Pass, 'inputs' | 'integers' | 'code'>>;

/** Names that the hooks of a request have in code. */
const NAMES = { scoreHook: 'scores', maskHook: 'masks', weightHook: 'weights' } as const;
type HookName = keyof typeof NAMES;

export const nameOf = (hook: HookName): string => NAMES[hook];

/**
 * Code of `hookedScore(b, h, i, j, raw)` and `hookOpens(b, h, i, j)`; `hookedWeight(b, h, i, j, weight)`; and back, `inRawScore(…, raw, gradient)` and
 * `inRawWeight(…, weight, gradient)`. Without a hook they give what they are given.
 *
 * @param present code that is there already
 */
export function scoreHooks(parts: Partial<HookParts>, captures: TensorInfo | undefined, present: string): ScoreHooks {
  const given = (Object.keys(NAMES) as HookName[]).flatMap((hook) => {
    const part = parts[hook];
    return part ? [{ hook, part }] : [];
  });
  const steps = given.flatMap(({ hook, part }) => stepsOf(hook, part));
  const reads = steps.some(({ kind }) => kind === 'read');
  const [scores, masks, weights] = [parts.scoreHook, parts.maskHook, parts.weightHook];
  return {
    inputs: reads ? { Captures: captures! } : {},
    integers:
      given.length === 0
        ? {}
        : Object.assign({ nought: 0 }, ...given.map(({ hook, part }) => captureIntegers(part, NAMES[hook]))),
    code: [
      given.length === 0 ? '' : libraryOf(functionsOf(steps), present) + hookHelpers(reads),
      ...changing('Score', 'scores', scores),
      masks ? valueCode(masks.program.steps, 'masks', 'maskAt', masks.program.result) : '',
      `fn hookOpens(b: i32, h: i32, i: i32, j: i32) -> bool { return ${masks ? 'maskAt(b, h, i, j, 0.0, 0.0)' : 'true'}; }`,
      ...changing('Weight', 'weights', weights),
    ].join('\n'),
  };
}

const stepsOf = (hook: HookName, { program }: HookPart): readonly Step[] =>
  hook === 'maskHook' ? program.steps : derivativeOf(program).steps;

const AT = 'b: i32, h: i32, i: i32, j: i32';

/** Code of a hook that changes numbers, and of its derivative. */
function changing(what: 'Score' | 'Weight', hook: string, part: HookPart | null | undefined): string[] {
  if (!part) {
    return [
      `fn hooked${what}(${AT}, x: f32) -> f32 { return x; }`,
      `fn inRaw${what}(${AT}, x: f32, d: f32) -> f32 { return d; }`,
    ];
  }
  const { steps, input } = derivativeOf(part.program);
  const back = input === undefined ? '0.0' : `${hook}Back(b, h, i, j, x, d)`;
  return [
    valueCode(part.program.steps, hook, `${hook}At`, part.program.result),
    `fn hooked${what}(${AT}, x: f32) -> f32 { return ${hook}At(b, h, i, j, x, 0.0); }`,
    input === undefined ? '' : valueCode(steps, hook, `${hook}Back`, input),
    // Nothing takes part where there is no gradient, however large the slope.
    `fn inRaw${what}(${AT}, x: f32, d: f32) -> f32 {
  if (d == 0.0) { return 0.0; }
  return ${back};
}`,
  ];
}

export const readsCaptures = (parts: Partial<HookParts>): boolean =>
  (Object.keys(NAMES) as HookName[]).some((hook) => (parts[hook]?.captures.length ?? 0) > 0);
