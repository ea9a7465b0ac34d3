import { explain, type Call } from '@heed/core';
import type { Mapped } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';

/** How the op of a layer runs, whatever masks it has besides. */
export function kerasPath(
  test: VectorCase,
  layer: { getConfig(): Readonly<Record<string, unknown>> },
): Pick<Mapped, 'path' | 'reasons'> {
  const config = layer.getConfig();
  const number = (...names: string[]): number =>
    Number(names.map((name) => config[name]).find((found) => found !== undefined) ?? 1);
  const of = (...shape: number[]): { shape: number[]; dtype: string } => ({ shape, dtype: 'float32' });
  const [width] = Object.values(tensorsOf(test, 'in')).map(({ shape }) => shape.at(-1)!);
  const isAdditive = test.mechanism.endsWith('AdditiveAttention') || config['scoreMode'] === 'concat';
  const heads = number('numHeads', 'numQueryHeads');
  const keyHeads = number('numHeads', 'numKeyValueHeads');
  const keyWidth = heads === 1 && config['keyDim'] === undefined ? width : number('keyDim', 'headDim');
  const call = isAdditive
    ? {
        op: 'additiveAttention',
        query: of(1, 2, width),
        key: of(1, 2, width),
        vector: of(width),
        value: of(1, 2, width),
      }
    : {
        op: 'dotProductAttention',
        query: of(1, heads, 2, keyWidth),
        key: of(1, keyHeads, 2, keyWidth),
        value: of(1, keyHeads, 2, keyWidth),
      };
  const { path, reasons } = explain(call as Call);
  return { path, reasons };
}
