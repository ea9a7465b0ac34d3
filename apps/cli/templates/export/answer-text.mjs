import { answerTexts, assertLength, config, firstInputs, int32, nextInputs, numbersOf, vocabulary } from './parts.mjs';
import { reading } from './text.mjs';

/** Writes on: each symbol is drawn by its probability after those before it. */
export async function answer(text, run) {
  const { seed, length, ...how } = config.sampling;
  const random = reading.random(seed);
  const { symbols } = vocabulary;
  const unread = [0, ...numbersOf(reading.read(text, vocabulary), symbols)];
  assertLength(unread.length + length);
  let inputs = firstInputs();
  let seen;
  const output = [];
  while (output.length < length) {
    for (const id of unread.splice(0)) {
      seen = await run('step', { ...inputs, symbol: int32([id], [1]) });
      inputs = nextInputs(inputs, seen);
    }
    const drawn = reading.draw(seen.logits.data, how, random());
    if (drawn === 0) break;
    output.push(symbols[drawn - 1]);
    unread.push(drawn);
  }
  return { output: output.join('') };
}

await answerTexts(import.meta.url, answer, reading);
