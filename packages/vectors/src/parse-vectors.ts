import { HeedError } from '@heed/core';
import { decodeSafetensors, type Tensors } from '@heed/formats';
import * as v from 'valibot';
import { isOfKeras, parseKeras } from './keras/parse-keras.js';
import type { GivenTensor, VectorCase } from './vector-case.js';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const shape = v.array(v.pipe(v.number(), v.integer(), v.minValue(0)));

const CASES = v.looseObject({
  cases: v.array(
    v.looseObject({
      id: name,
      mechanism: name,
      options: v.optional(v.record(v.string(), v.unknown()), {}),
      formula: v.optional(v.pipe(v.string(), v.maxLength(2000))),
      objective: v.optional(v.string()),
      state: v.optional(v.record(v.string(), shape)),
      tensors: v.record(
        v.string(),
        v.looseObject({
          dtype: v.picklist(['float32', 'int32', 'bool']),
          shape,
          atol: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
        }),
      ),
    }),
  ),
});

/** Files of a folder: the bytes of one by its path within the folder. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * The cases of a folder, whose files are read as they are needed: `cases.json`, `cases.safetensors`, and `state/ID.safetensors` of each case
 * that has a state.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE with what is wrong, and what `readFile` throws
 */
export async function readVectors(readFile: ReadFile): Promise<readonly VectorCase[]> {
  const json = new TextDecoder().decode(await readFile('cases.json'));
  const numbers = await readFile('cases.safetensors');
  const states: Record<string, Uint8Array> = {};
  for (const { id, state } of isOfKeras(jsonOf(json)) ? [] : parsed(json).cases) {
    if (state === undefined) continue;
    // It becomes a path, which must not lead out of the folder.
    if (!/^[\w-][\w.-]*$/.test(id)) throw invalid(`cases.json: '${id}' has a state, and is no name of a file`);
    states[id] = await readFile(`state/${id}.safetensors`);
  }
  return parseVectors(json, numbers, states);
}

/**
 * The cases of a folder, from its files.
 *
 * @param json text of `cases.json`
 * @param safetensors bytes of `cases.safetensors`, which has the tensor NAME of the case ID as ID/NAME
 * @param states bytes of `state/ID.safetensors`, by the case's ID: its parameters under keys of their own, which are `param/KEY` of the case
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE with what is wrong
 */
export function parseVectors(
  json: string,
  safetensors: Uint8Array,
  states: Readonly<Record<string, Uint8Array>> = {},
): readonly VectorCase[] {
  const { tensors } = decodeSafetensors(safetensors);
  if (isOfKeras(jsonOf(json))) return checkIds(parseKeras(jsonOf(json), tensors));
  const { cases } = parsed(json);
  return checkIds(cases).map(({ id, mechanism, options, formula, objective, state, tensors: described }) => ({
    id,
    mechanism,
    options,
    formula,
    objective,
    tensors: {
      ...Object.fromEntries(
        Object.entries(described).map(([key, about]) => [
          key,
          { ...about, data: dataOf(tensors, `${id}/${key}`, about) },
        ]),
      ),
      ...(state && parametersOf(id, state, states)),
    },
  }));
}

/** Refuses no cases at all, and two of one id. */
function checkIds<Case extends { readonly id: string }>(cases: readonly Case[]): readonly Case[] {
  if (cases.length === 0) throw invalid('cases.json has no cases');
  const ids = cases.map(({ id }) => id);
  const twice = ids.find((id, n) => ids.indexOf(id) < n);
  if (twice !== undefined) throw invalid(`cases.json has the case '${twice}' twice`);
  return cases;
}

/** Types of parameters in files, which are computed in float32. */
const FLOATS: ReadonlySet<string> = new Set(['float32', 'float16', 'bfloat16', 'float64']);

/** A state as parameters of its case. */
function parametersOf(
  id: string,
  described: Readonly<Record<string, readonly number[]>>,
  states: Readonly<Record<string, Uint8Array>>,
): Readonly<Record<string, GivenTensor>> {
  const file = `state/${id}.safetensors`;
  if (!Object.hasOwn(states, id)) throw invalid(`the case '${id}' has a state, and there is no ${file}`);
  const { tensors } = decodeSafetensors(states[id]);
  const stray = Object.keys(tensors).find((key) => !Object.hasOwn(described, key));
  if (stray !== undefined) throw invalid(`${file} has '${stray}', of which cases.json says nothing`);
  return Object.fromEntries(
    Object.entries(described).map(([key, shape]) => {
      const found = tensors[key];
      if (found === undefined || !FLOATS.has(found.dtype)) {
        throw invalid(`${file}: '${key}' is ${found?.dtype ?? 'missing'}, not ${[...FLOATS].join(' or ')}`);
      }
      const data = Float32Array.from(dataOf(tensors, key, { shape }, file));
      return [`param/${key}`, { dtype: 'float32', shape, data, atol: 0 }];
    }),
  );
}

function parsed(json: string): v.InferOutput<typeof CASES> {
  const result = v.safeParse(CASES, jsonOf(json));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw invalid(`cases.json: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: `cases.json is no JSON: ${String(cause)}`, cause });
  }
}

function dataOf(
  tensors: Tensors,
  key: string,
  { shape }: Pick<GivenTensor, 'shape'>,
  file = 'cases.safetensors',
): ArrayLike<number> {
  if (!Object.hasOwn(tensors, key)) throw invalid(`${file} has no tensor '${key}'`);
  const found = tensors[key];
  if (found.shape.join() === shape.join()) return found.data as ArrayLike<number>;
  throw invalid(`${file}: '${key}' has shape [${found.shape}], cases.json says [${shape}]`);
}

const invalid = (message: string): HeedError => new HeedError('FILE_INVALID', { message });
