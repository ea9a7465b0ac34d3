import { explain, type Call } from '@heed/core';
import { cannot, type Mapped } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';

/** How `dotProductAttention` of a case's q, k and v runs; what hooks and masks it has besides is left out. */
export function dotProductPath(test: VectorCase): Pick<Mapped, 'path' | 'reasons'> {
  const given = tensorsOf(test, 'in');
  const operand = (name: string): { shape: number[]; dtype: string } => {
    const { shape, dtype } = given[name] ?? cannot(test, `in/${name} is missing`);
    return { shape: [...shape], dtype };
  };
  const call = { op: 'dotProductAttention', query: operand('q'), key: operand('k'), value: operand('v') } as Call;
  const { path, reasons } = explain(call);
  return { path, reasons };
}
