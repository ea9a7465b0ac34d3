import {
  answerTexts,
  assertLength,
  firstInputs,
  greatest,
  int32,
  limit,
  nextInputs,
  numbersOf,
  sharesOf,
  vocabulary,
} from './parts.mjs';
import { reading } from './text.mjs';

/** Greedy search: the most probable symbol at every step, until the end is. */
export async function answer(text, run) {
  const source = reading.read(text, vocabulary);
  const { symbols: read, allowed } = source;
  const { symbols, written: known, copying } = vocabulary;
  const ids = numbersOf(read, symbols, copying ? symbols.length + 1 : undefined);
  assertLength(ids.length);
  const encoded = await run('encoder', { source: int32(ids, [1, ids.length]) });
  const written = copying ? [...known, ...new Set(read.filter((symbol) => !known.includes(symbol)))] : known;
  const isAllowed = ['', ...written].map((symbol, id) => id === 0 || (allowed?.has(symbol) ?? true));
  const longest = Math.min(2 * ids.length + 10, limit);
  const [output, weights, tokenLogProbabilities] = [[], [], []];
  let inputs = firstInputs(encoded);
  for (let symbol = 0; ;) {
    const seen = await run('step', { ...inputs, symbol: int32([Math.min(symbol, known.length + 1)], [1]) });
    const shares = sharesOf(seen, read, written);
    symbol = greatest(shares.map((share, id) => (isAllowed[id] ? share : -1)));
    const finished = symbol === 0;
    const isCut = !finished && output.length === longest;
    if (!isCut) tokenLogProbabilities.push(Math.log(shares[symbol]));
    if (finished || isCut) {
      const logProbability = tokenLogProbabilities.reduce((sum, value) => sum + value, 0);
      const evidence = reading.evidence({ logProbability, tokenLogProbabilities, finished });
      return { output: reading.write({ output, weights }, source, vocabulary), evidence };
    }
    output.push(written[symbol - 1]);
    weights.push(seen.weights?.data ?? []);
    inputs = nextInputs(inputs, seen);
  }
}

await answerTexts(import.meta.url, answer, reading);
