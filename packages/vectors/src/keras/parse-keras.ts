import { HeedError } from '@heed/core';
import type { Tensors } from '@heed/formats';
import * as v from 'valibot';
import type { GivenTensor, VectorCase } from '../vector-case.js';

/** Names of mechanisms of such cases begin with it. */
export const KERAS = 'keras.layers.';

/** Absolute tolerances: float32's own error in these cases, and, of gradients, TensorFlow's too. */
const OUTPUT = 2e-6;
const GRADIENT = 1e-5;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(300));
const object = v.record(v.string(), v.unknown());

const CASES = v.looseObject({
  cases: v.array(
    v.looseObject({
      name: text,
      class_name: text,
      init: object,
      config: object,
      call: object,
      attached_masks: v.optional(v.record(v.string(), text), {}),
      weights: v.array(v.looseObject({ path: text, tensor: text })),
      masks: v.optional(object, {}),
      tensors: v.array(text),
    }),
  ),
  errors: v.optional(
    v.array(
      v.looseObject({
        class_name: text,
        what: text,
        init: object,
        inputs: v.record(v.string(), v.array(v.number())),
        call: object,
      }),
    ),
    [],
  ),
});

/** Whether a `cases.json` is one of Keras's layers. */
export const isOfKeras = (json: unknown): boolean =>
  v.is(
    v.looseObject({
      made_with: v.looseObject({ keras: v.string() }),
      cases: v.array(v.looseObject({ class_name: v.string() })),
    }),
    json,
  );

/**
 * Cases of Keras's layers: each with its outputs, masks, and the gradients of its output; with those of its scores as a second case; and what
 * Keras refuses.
 *
 * @throws HeedError FILE_INVALID
 */
export function parseKeras(json: unknown, tensors: Tensors): readonly VectorCase[] {
  const result = v.safeParse(CASES, json);
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(`cases.json: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
  }
  const { cases, errors } = result.output;
  return [
    ...cases.flatMap((one) => {
      const { name, class_name: layer, init, config, call, attached_masks: attached, weights, masks } = one;
      const layerOf = weights[0]?.path.split('/')[0];
      const names = Object.fromEntries(weights.map(({ path, tensor }) => [tensor, path.replace(`${layerOf}/`, '')]));
      const options = { init, config, call, attached, masks, weights: Object.values(names) };
      const all = one.tensors.map((key) => [key, given(tensors, `${name}/${key}`)] as const);
      const of = (output: string, gradients: string): readonly (readonly [string, GivenTensor])[] =>
        all.flatMap(([key, tensor]) => {
          const [kind, rest] = [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];
          if (kind === 'in') return [[key, tensor]];
          if (kind === 'mask') return [[`in/${key}`, tensor]];
          if (kind === 'w') return [[`param/${names[key]}`, tensor]];
          if (key === `cot/${output}`) return [[`cotangent/${output}`, tensor]];
          if (kind !== gradients) return [];
          const weight = names[rest];
          return [
            [
              `grad/${weight === undefined ? rest.replace(/^in\//, '') : `param/${weight}`}`,
              { ...tensor, atol: GRADIENT },
            ],
          ];
        });
      const outputs = all.filter(([key]) => key.startsWith('out/') && key !== 'out/scores_keras_mask');
      const compared = outputs.map(([key, tensor]) => [key, { ...tensor, atol: OUTPUT }] as const);
      const mechanism = `${KERAS}${layer}`;
      const first = {
        id: name,
        mechanism,
        options,
        tensors: Object.fromEntries([...of('output', 'grad'), ...compared]),
      };
      if (!one.tensors.includes('cot/scores')) return [first];
      return [first, { ...first, id: `${name}/scores`, tensors: Object.fromEntries(of('scores', 'grad_scores')) }];
    }),
    ...errors.map(({ class_name: layer, what, init, inputs, call }, n) => ({
      id: `errors/${n}`,
      mechanism: `${KERAS}${layer}`,
      options: { refused: what, init, inputs, call },
      tensors: {},
    })),
  ];
}

function given(tensors: Tensors, key: string): GivenTensor {
  if (!Object.hasOwn(tensors, key)) throw invalid(`cases.safetensors has no tensor '${key}'`);
  const { dtype, shape, data } = tensors[key];
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw invalid(`'${key}' is ${dtype}`);
  return { dtype, shape, data, atol: 0 };
}

const invalid = (message: string): HeedError => new HeedError('FILE_INVALID', { message });
