/** A model of Keras that is open. */
export interface KerasFacts {
  readonly name: string;
  readonly parameters: number;
  readonly layers: number;
  /** Names of the layers that can show attention. */
  readonly attention: readonly string[];
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: readonly (number | null)[];
    readonly dtype: string;
    /** Nested lists of numbers that the model takes. */
    readonly example: unknown;
  }[];
}

/** What a model of Keras computed, and what its layers attended to. */
export interface KerasAnswer {
  readonly outputs: readonly { readonly shape: readonly number[]; readonly first: readonly number[] }[];
  readonly maps: readonly {
    readonly layer: string;
    readonly call: number;
    readonly head: number;
    readonly heads: number;
    readonly weights: readonly Float32Array[];
  }[];
}
