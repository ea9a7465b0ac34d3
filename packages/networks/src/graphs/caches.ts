import type { MemoryTensors, PreparedMemory } from '@heed/attention';
import { under, within, type GraphTensor, type GraphTensors } from '@heed/nn';

/** The tensors of prepared memories by names such as `0/keys`. */
export const tensorsOf = (memories: readonly PreparedMemory[]): GraphTensors =>
  Object.assign({}, ...memories.map((memory, n) => under(String(n), memory.tensors()))) as GraphTensors;

/** The tensors of each memory, of those by names. */
export function ofEach(tensors: GraphTensors): MemoryTensors[] {
  const numbers = new Set(Object.keys(tensors).map((name) => name.split('/')[0]));
  return Array.from(numbers, (number) => within(number, tensors) as MemoryTensors);
}

/** What caches of no positions become when they grow: [batch, …, past, width]. They are disposed of. */
export function growing(empty: readonly PreparedMemory[]): Record<string, GraphTensor> {
  const tensors = tensorsOf(empty);
  const shapes = Object.entries(tensors).map(([name, { shape }]) => {
    const lengths = shape.map((length, axis) => (axis === 0 ? 'batch' : axis === shape.length - 2 ? 'past' : length));
    return [name, { shape: lengths, dtype: 'float32' }] as const;
  });
  for (const one of [...empty, ...Object.values(tensors)]) one.dispose();
  return Object.fromEntries(shapes);
}
