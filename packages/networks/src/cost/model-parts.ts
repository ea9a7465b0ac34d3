/** A batch of pairs of one length. */
export interface ModelProblem {
  /** Symbols of each source. */
  readonly source: number;
  /** Symbols of each target, without the end, which is a place more. */
  readonly target: number;
  /** How many pairs. */
  readonly batch: number;
}

/** Parts of an encoder–decoder. */
export interface Parts<T> {
  /** Both tables of vectors; looking up takes no products. */
  readonly embedding: T;
  readonly encoder: T;
  /** Projections of queries and memory, scores and contexts. */
  readonly attention: T;
  readonly decoder: T;
  /** What turns states into scores of symbols. */
  readonly output: T;
}
