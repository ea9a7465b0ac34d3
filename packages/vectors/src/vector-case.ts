/** One case of a folder: a computation with its inputs, and what somebody else found for it. */
export interface VectorCase {
  readonly id: string;
  /** What is computed, which says how the case is mapped: 'rotary'. */
  readonly mechanism: string;
  /** Sizes and settings, which the mapping reads. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What is computed, as a formula in words of its own; undefined where the mechanism says all. */
  readonly formula?: string | undefined;
  /** What gradients are of, where there are no cotangents: the name of an output, such as 'loss'. */
  readonly objective?: string | undefined;
  /** Tensors by name: in/query, param/v, cotangent/context; what is expected as out/context, grad/query. */
  readonly tensors: Readonly<Record<string, GivenTensor>>;
}

export interface GivenTensor {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Absolute tolerance of what is expected; the relative one is 1e-5. */
  readonly atol: number;
}

/** The tensors whose names begin with a word and a slash, by the rest of their names. */
export function tensorsOf({ tensors }: VectorCase, beginning: string): Readonly<Record<string, GivenTensor>> {
  const found = Object.entries(tensors).filter(([name]) => name.startsWith(`${beginning}/`));
  return Object.fromEntries(found.map(([name, tensor]) => [name.slice(beginning.length + 1), tensor]));
}
