/** A library with a loaded model. */
export interface Subject {
  /** Continues a prompt greedily by so many tokens, with a cache, and returns them. */
  generate(prompt: readonly number[], count: number): Promise<readonly number[]>;
  /** Last hidden states of sequences of one length, [B, T, E]. */
  encode(sequences: readonly (readonly number[])[]): Promise<Float32Array>;
}

export interface SubjectOptions {
  readonly folder: string;
  readonly kind: 'decoder' | 'encoder';
  readonly threads: number;
}

/** Opens a library and loads a model into it. */
export type OpenSubject = (options: SubjectOptions) => Promise<Subject>;
