import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the programs of all models have in common: files beside this one, tensors, and ONNX Runtime. */

const json = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const config = json('config.json');
export const vocabulary = json('vocabulary.json');

export const int32 = (numbers, dims) => ({ type: 'int32', data: Int32Array.from(numbers), dims });
export const float32 = (numbers, dims) => ({ type: 'float32', data: Float32Array.from(numbers), dims });

/** Numbers of symbols: their places in a list from 1; 0 is the boundary. `unknown` is the number of what isn't in the list. */
export function numbersOf(read, symbols, unknown) {
  return read.map((symbol) => {
    const number = symbols.indexOf(symbol) + 1 || unknown;
    if (number === undefined) throw new Error(`the model doesn't know ${JSON.stringify(symbol)}`);
    return number;
  });
}

/** The index of the greatest number; the first of equal ones. */
export const greatest = (numbers) => numbers.reduce((best, number, n) => (number > numbers[best] ? n : best), 0);

/** Probabilities of logits, which sum to 1. */
function softmax(logits) {
  const top = logits.reduce((most, value) => Math.max(most, value));
  const shares = Array.from(logits, (value) => Math.exp(value - top));
  const sum = shares.reduce((total, share) => total + share);
  return shares.map((share) => share / sum);
}

/** Probabilities of what can be written: softmax(logits); of a model that copies p times that, and (1 − p)·attention for the source's symbols. */
export function sharesOf({ logits, gates, weights }, read, written) {
  const shares = softmax(logits.data);
  if (gates === undefined) return shares;
  const p = 1 / (1 + Math.exp(-gates.data[0]));
  const all = shares.map((share) => p * share);
  read.forEach((symbol, j) => {
    const id = written.indexOf(symbol) + 1;
    all[id] = (all[id] ?? 0) + (1 - p) * weights.data[j];
  });
  return all;
}

/** Symbols of the longest text, of a model that tells positions apart. */
export const limit = Object.values(config.parts.step?.inputs ?? {}).some(({ shape }) => shape.includes('past'))
  ? config.longest
  : Infinity;

export function assertLength(symbols) {
  if (symbols <= limit) return;
  throw new Error(`there would be ${symbols} symbols, and at most ${limit} fit: heed export --longest ${symbols}`);
}

/** What the first step takes beside the symbol: what the encoder gave, and zeros, of what is past none, for other states. */
export function firstInputs(given = {}) {
  const names = Object.keys(config.parts.step.inputs).filter((name) => name.startsWith('state/') && !given[name]);
  const states = names.map((name) => {
    const dims = config.parts.step.inputs[name].shape.map((length) => ({ batch: 1, past: 0 })[length] ?? length);
    return [name, float32(new Float32Array(dims.reduce((size, length) => size * length)), dims)];
  });
  return { ...given, ...Object.fromEntries(states) };
}

/** What the next step takes beside the symbol: memory as it is, and what the step before left. */
export function nextInputs(before, after) {
  const inputs = Object.entries(before).map(([name, x]) => [name, after[name.replace('state/', 'next/')] ?? x]);
  return Object.fromEntries(inputs);
}

/**
 * Answers the texts of the command line with ONNX Runtime, and says how likely each is right, when the program is not imported. What
 * goes wrong is said in a line, with exit code 1; without a text it is 2.
 */
export async function answerTexts(program, answer, reading) {
  if (!process.argv[1] || realpathSync(process.argv[1]) !== fileURLToPath(program)) return;
  const texts = process.argv.slice(2);
  if (texts.length === 0) {
    console.error('usage: node run.mjs TEXT…');
    process.exitCode = 2;
    return;
  }
  try {
    await printAnswers(texts, answer, reading);
  } catch (error) {
    const hint = error.code === 'ERR_MODULE_NOT_FOUND' ? '; npm install --ignore-scripts brings it' : '';
    console.error(`error: ${error.message}${hint}`);
    process.exitCode = 1;
  }
}

async function printAnswers(texts, answer, { sureness }) {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const sessions = {};
  const run = async (part, inputs) => {
    sessions[part] ??= await InferenceSession.create(fileURLToPath(new URL(`${part}.onnx`, import.meta.url)));
    const tensors = Object.entries(inputs).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]);
    return sessions[part].run(Object.fromEntries(tensors));
  };
  for (const text of texts) {
    const [first, ...more] = text.trim().split('\n');
    const title = more.length === 0 ? first : `${first} … (${more.length + 1} lines)`;
    const { output, evidence } = await answer(text, run);
    const sure = config.confidence && evidence ? `  ${sureness(evidence, config.confidence)}` : '';
    console.log(`${title}  ${output}${sure}`);
  }
}
