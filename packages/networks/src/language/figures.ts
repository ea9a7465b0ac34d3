/** How well texts were predicted. A text's end counts as a character where it is predicted. */
export type TextFigures = {
  /** Σ −log₂ p / number of characters. */
  readonly bitsPerCharacter: number;
  /** 2 to the power of it: among so many equally probable characters the model is undecided. */
  readonly perplexity: number;
  readonly characters: number;
};

/** @param surprisals −log p of every predicted character, in nats, a text each */
export function textFigures(surprisals: readonly Float64Array[]): TextFigures {
  const characters = surprisals.reduce((sum, { length }) => sum + length, 0);
  const nats = surprisals.reduce((sum, text) => sum + text.reduce((total, value) => total + value, 0), 0);
  const bitsPerCharacter = nats / characters / Math.LN2;
  return { bitsPerCharacter, perplexity: 2 ** bitsPerCharacter, characters };
}
