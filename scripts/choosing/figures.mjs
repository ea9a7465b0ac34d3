// Figures of docs/guides/choosing.md that the built-in tasks don't report.

const INPUTS = 500;

/** Answers to some of the examples, in batches. */
async function answers(task, model, examples) {
  const found = [];
  for (let at = 0; at < Math.min(INPUTS, examples.length); at += 50) {
    found.push(...(await task.answer(model, examples.slice(at, Math.min(at + 50, INPUTS)))));
  }
  return found;
}

/** Share of the weights that are exactly 0, in the alignments of the outputs. */
export async function zeroShare(task, model, examples) {
  const weights = (await answers(task, model, examples)).flatMap(({ maps }) =>
    maps.flatMap((map) => map.weights.flatMap((row) => [...row])),
  );
  return weights.filter((weight) => weight === 0).length / weights.length;
}

/** Share of the outputs that say a piece, or a pair of pieces, twice in a row where the reference doesn't. */
export async function repeatedShare(task, model, examples) {
  const found = await answers(task, model, examples);
  const repeats = found.filter(
    ({ details }, n) =>
      repeatsItself(details.outputSymbols) && !examples[n].targets.some((target) => repeatsItself(target)),
  );
  return repeats.length / found.length;
}

const repeatsItself = (symbols) =>
  symbols.some(
    (symbol, n) =>
      (n >= 1 && symbol === symbols[n - 1]) ||
      (n >= 3 && symbol === symbols[n - 2] && symbols[n - 1] === symbols[n - 3]),
  );
