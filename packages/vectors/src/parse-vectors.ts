import { HeedError } from '@heed/core';
import { decodeSafetensors, type Tensors } from '@heed/formats';
import * as v from 'valibot';
import type { GivenTensor, VectorCase } from './vector-case.js';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const CASES = v.looseObject({
  cases: v.array(
    v.looseObject({
      id: name,
      mechanism: name,
      options: v.optional(v.record(v.string(), v.unknown()), {}),
      formula: v.optional(v.pipe(v.string(), v.maxLength(2000))),
      tensors: v.record(
        v.string(),
        v.looseObject({
          dtype: v.picklist(['float32', 'int32', 'bool']),
          shape: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
          atol: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
        }),
      ),
    }),
  ),
});

/**
 * The cases of a folder, from its two files.
 *
 * @param json text of `cases.json`
 * @param safetensors bytes of `cases.safetensors`, which has the tensor NAME of the case ID as ID/NAME
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE with what is wrong
 */
export function parseVectors(json: string, safetensors: Uint8Array): readonly VectorCase[] {
  const { cases } = parsed(json);
  const { tensors } = decodeSafetensors(safetensors);
  if (cases.length === 0) throw invalid('cases.json has no cases');
  const ids = cases.map(({ id }) => id);
  const twice = ids.find((id, n) => ids.indexOf(id) < n);
  if (twice !== undefined) throw invalid(`cases.json has the case '${twice}' twice`);
  return cases.map(({ id, mechanism, options, formula, tensors: described }) => ({
    id,
    mechanism,
    options,
    formula,
    tensors: Object.fromEntries(
      Object.entries(described).map(([key, about]) => [
        key,
        { ...about, data: dataOf(tensors, `${id}/${key}`, about) },
      ]),
    ),
  }));
}

function parsed(json: string): v.InferOutput<typeof CASES> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: `cases.json is no JSON: ${String(cause)}`, cause });
  }
  const result = v.safeParse(CASES, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw invalid(`cases.json: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

function dataOf(tensors: Tensors, key: string, { shape }: Pick<GivenTensor, 'shape'>): ArrayLike<number> {
  if (!Object.hasOwn(tensors, key)) throw invalid(`cases.safetensors has no tensor '${key}'`);
  const found = tensors[key];
  if (found.shape.join() === shape.join()) return found.data as ArrayLike<number>;
  throw invalid(`cases.safetensors: '${key}' has shape [${found.shape}], cases.json says [${shape}]`);
}

const invalid = (message: string): HeedError => new HeedError('FILE_INVALID', { message });
