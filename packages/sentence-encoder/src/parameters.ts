import type { ParameterTable, ParameterValues } from '@heed/nn';
import { weightPlaces } from './layout.js';
import { splitColumns } from './split-columns.js';
import type { EncoderWeights } from './weights.js';

/** The weights as parameters of the network: all but the frequencies, which positions are made of. */
export function parametersOf(weights: EncoderWeights): ParameterTable {
  const places = Object.entries(weightPlaces()).filter(([key]) => key !== 'frequencies');
  return Object.fromEntries(
    places.flatMap(([key, { shape }]) => {
      const values = { shape: shape.slice(shape.findIndex((length) => length !== 1)), data: weights[key] };
      return key.includes('/qkv/') ? queryKeyValue(key, values) : [[key, values] as const];
    }),
  );
}

/**
 * The original projects to queries, keys and values at once: columns 0 … W of its kernel make queries, and so on. Keys
 * 'n/qkv/kernel' → 'n/attention/query_kernel', …
 */
function queryKeyValue(key: string, { shape, data }: ParameterValues): (readonly [string, ParameterValues])[] {
  const width = shape.at(-1)! / 3;
  const parts = splitColumns(data, 3, width);
  return ['query', 'key', 'value'].map((part, n) => [
    key.replace('qkv/', `attention/${part}_`),
    { shape: [...shape.slice(0, -1), width], data: parts[n] },
  ]);
}
