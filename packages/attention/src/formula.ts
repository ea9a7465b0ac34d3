/** The formula of a mechanism, for people. */
export interface Formula {
  /** Score of a query s and a position h of the memory, in plain text. */
  readonly text: string;
  /** The same in MathML, of a query s_i and a position h_j: what stands inside `<math>`. `@heed/attention/math-ml` makes it. */
  readonly score: string;
  /** MathML of further lines: what the score is made of besides, and what comes after the weights. */
  readonly state?: string;
  /** MathML of the vector that the weights average; h_j when absent. */
  readonly value?: string;
  /** MathML of the context that is made of those of all heads; a mechanism without heads has none. */
  readonly output?: string;
  /** Where it is from, the first source first. */
  readonly papers: readonly Paper[];
}

export interface Paper {
  /** 'Bahdanau, Cho & Bengio 2014' */
  readonly cite: string;
  readonly url: string;
  /** Section or equation: '§3.1 and A.1.2'. */
  readonly at: string;
}

/** A paper of arXiv by its number. */
export const arXiv = (number: string, cite: string, at: string): Paper => ({
  cite,
  at,
  url: `https://arxiv.org/abs/${number}`,
});
