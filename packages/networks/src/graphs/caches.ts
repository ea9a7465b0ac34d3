import type { MemoryTensors, PreparedMemory } from '@heed/attention';
import { tidy, under, within, type GraphTensor, type GraphTensors } from '@heed/nn';

/** The tensors of prepared memories by names such as `0/keys`. */
export const tensorsOf = (memories: readonly PreparedMemory[]): GraphTensors =>
  Object.fromEntries(
    memories.flatMap((memory, n) => Object.entries(under(String(n), memory.tensors() as GraphTensors))),
  );

/** The tensors of each memory, of those by names. */
export function ofEach(tensors: GraphTensors): MemoryTensors[] {
  const numbers = new Set(Object.keys(tensors).map((name) => name.split('/')[0]));
  return Array.from(numbers, (number) => within(number, tensors) as MemoryTensors);
}

/** What the tensors of caches of no positions become when they grow: [batch, …, past, width]. */
export const growing = (empty: () => GraphTensors): Record<string, GraphTensor> =>
  tidy(() => {
    const shapes = Object.entries(empty()).map(([name, { shape }]) => {
      const lengths = shape.map((length, axis) => (axis === 0 ? 'batch' : axis === shape.length - 2 ? 'past' : length));
      return [name, { shape: lengths, dtype: 'float32' }] as const;
    });
    return Object.fromEntries(shapes);
  });
