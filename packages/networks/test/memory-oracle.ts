import type { MemoryNetwork } from '../src/memory/memory-network.js';
import type { Story } from '../src/memory/batch.js';

type Vector = number[];

/** What a memory network answers, from the formulas, in double precision, one story at a time. */
export function answerByHand(
  { config, parameters }: MemoryNetwork,
  { facts, question }: Story,
): { probabilities: Map<string, number>; weights: Vector[] } {
  const names = [...new Set([...facts.flat(), ...question].filter((word) => !config.symbols.includes(word)))];
  const firstName = config.symbols.length + 1;
  const matrix = (key: string): Vector[] => {
    const [, columns] = parameters[key].shape as [number, number];
    const flat = [...parameters[key].dataSync()];
    return Array.from({ length: flat.length / columns }, (_, i) => flat.slice(i * columns, (i + 1) * columns));
  };
  const vector = (key: string): Vector => [...parameters[key].dataSync()];
  const embedding = matrix('embedding');
  const numberOf = (word: string | undefined): number => {
    if (word === undefined) return 0;
    const known = config.symbols.indexOf(word);
    return known >= 0 ? known + 1 : firstName + names.indexOf(word);
  };
  const encode = (sentence: readonly string[], places: number, key: string): Vector => {
    const row = Array.from({ length: places }, (_, j) => embedding[numberOf(sentence[j])]).flat();
    const sum = add(times(row, matrix(`${key}/kernel`)), vector(`${key}/bias`));
    const gate = times(sum, matrix('gates/open_kernel')).map(Math.tanh);
    return add(sum, product(times(sum, matrix('gates/through_kernel')), gate));
  };
  // The first fact says nothing, and is older than any.
  const all = [[], ...facts];
  const memories = all.map((fact) => encode(fact, config.factWords, 'facts'));
  const ages = all.map((_, i) => (i === 0 ? config.facts : facts.length - i));
  const shareOf = (n: number, state: Vector): Vector =>
    add(times(state, matrix(`time/kernel_${n}`)), vector(`time/bias_${n}`));

  let state = encode(question, config.questionWords, 'questions');
  const weights: Vector[] = [];
  for (let hop = 0; hop < config.hops; hop++) {
    const key = config.tying === 'none' ? `hop/${hop}` : 'hop';
    let shares: Vector = all.map(() => 1 / all.length);
    if (config.attention.kind !== 'none') {
      const query = times(state, matrix(`${key}/query_kernel`));
      const scale = config.attention.kind === 'dot' ? 1 : 1 / Math.sqrt(config.units);
      const scores = memories.map((memory, j) => {
        let score = scale * dot(query, memory);
        if (config.preferences > 0) {
          score += dot(shareOf(0, state), matrix('time/ages')[ages[j]]);
          weights.at(-1)?.forEach((weight, i) => {
            score += weight * dot(shareOf(1, state), matrix('time/distances')[j - i + config.facts]);
          });
        }
        return score;
      });
      shares = softmax(scores);
      weights.push(shares);
    }
    const context = state.map((_, d) => shares.reduce((sum, share, i) => sum + share * memories[i][d], 0));
    const compared = product(
      times(state, matrix(`${key}/compared_kernel`)),
      times(context, matrix(`${key}/seen_kernel`)),
    );
    const change = add(
      add(times(state, matrix(`${key}/state_kernel`)), times(context, matrix(`${key}/context_kernel`))),
      add(times(compared, matrix(`${key}/product_kernel`)), vector(`${key}/bias`)),
    );
    state = add(add(state, context), change.map(Math.tanh));
  }
  const pointed = times(state, matrix('answers/pointer_kernel'));
  const scores = [
    ...add(times(state, matrix('answers/classes/kernel')), vector('answers/classes/bias')),
    ...names.map((_, n) => dot(pointed, embedding[firstName + n]) / Math.sqrt(config.units)),
  ];
  const shares = softmax(scores);
  const probabilities = new Map([...config.classes, ...names].map((answer, n) => [answer, shares[n]]));
  return { probabilities, weights: weights.map((row) => row.slice(1)) };
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const add = (a: Vector, b: Vector): Vector => a.map((x, i) => x + b[i]);
const product = (a: Vector, b: Vector): Vector => a.map((x, i) => x * b[i]);
const times = (row: Vector, matrix: Vector[]): Vector =>
  matrix[0].map((_, column) => row.reduce((sum, x, i) => sum + x * matrix[i][column], 0));

function softmax(scores: Vector): Vector {
  const greatest = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - greatest));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
