import {
  answerTexts,
  assertLength,
  firstInputs,
  greatest,
  int32,
  limit,
  nextInputs,
  numbersOf,
  vocabulary,
} from './parts.mjs';
import { reading } from './text.mjs';

/** Probabilities of all that can be written: p·softmax(logits), and (1 − p)·attention for the symbols of the source. */
function withCopies({ logits, gates, weights }, read, written) {
  const p = 1 / (1 + Math.exp(-gates.data[0]));
  const top = logits.data.reduce((most, value) => Math.max(most, value));
  const shares = Array.from(logits.data, (value) => Math.exp(value - top));
  const sum = shares.reduce((total, share) => total + share);
  const all = shares.map((share) => (p * share) / sum);
  read.forEach((symbol, j) => {
    const id = written.indexOf(symbol) + 1;
    all[id] = (all[id] ?? 0) + (1 - p) * weights.data[j];
  });
  return all;
}

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
  const [output, weights] = [[], []];
  let inputs = firstInputs(encoded);
  let symbol = 0;
  while (output.length <= longest) {
    const seen = await run('step', { ...inputs, symbol: int32([Math.min(symbol, known.length + 1)], [1]) });
    const scores = copying ? withCopies(seen, read, written) : seen.logits.data;
    symbol = greatest(scores.map((score, id) => (isAllowed[id] ? score : -Infinity)));
    if (symbol === 0 || output.length === longest) break;
    output.push(written[symbol - 1]);
    weights.push(seen.weights?.data ?? []);
    inputs = nextInputs(inputs, seen);
  }
  return reading.write({ output, weights }, source, vocabulary);
}

await answerTexts(import.meta.url, answer);
