import * as tf from '@tensorflow/tfjs-core';
import type { PreparedMemory } from '@heed/attention';
import { Waiting, replayable } from '@heed/core';
import { numbered, tidy, type Ids } from '@heed/nn';
import type { Reader } from './network.js';

/** What reading on finds: scores of the next symbol, [V], and states that the reader carries besides its memories. */
interface Read {
  readonly scores: tf.Tensor1D;
  readonly states: readonly tf.Tensor2D[];
}

/** How a network reads one text. */
export interface Reading {
  /** What it keeps of the places read. */
  readonly memories: readonly PreparedMemory[];
  /** States before the first symbol; the caller's. */
  start(): readonly tf.Tensor2D[];
  /** Reads symbols on from such states, into the memories. */
  read(ids: Ids, states: readonly tf.Tensor2D[]): Read;
}

/** Readings of a network, whose steps of one symbol are done again where the backend can. */
export interface Readers {
  open(): Reader;
  dispose(): void;
}

export function createReaders(begin: () => Reading): Readers {
  const waiting = new Waiting<Repeated>();
  const giveBack = (repeated: Repeated): void =>
    waiting.give(repeated, () => {
      const { memories } = repeated;
      // What forgot places can't be taken back to the first.
      if (memories.some(({ evicted }) => evicted > 0)) return false;
      for (const memory of memories) memory.truncate(0);
      return true;
    });
  return {
    open: () => reader(waiting.take() ?? repeat(begin()), giveBack),
    dispose: () => waiting.dispose(),
  };
}

/** A reading whose steps of one symbol are replayed. */
interface Repeated extends Reading {
  dispose(): void;
}

function repeat({ memories, start, read }: Reading): Repeated {
  const step = replayable(({ symbol, ...before }) => {
    const { scores, states } = read(symbol as tf.Tensor1D, Object.values(before) as tf.Tensor2D[]);
    return { scores, ...numbered<tf.Tensor>(states) };
  });
  return {
    memories,
    start,
    read(ids, states) {
      if (!(ids instanceof Int32Array) || ids.length > 1) return read(ids, states);
      const { scores, ...after } = step({ symbol: tf.tensor1d(ids, 'int32'), ...numbered<tf.Tensor>(states) });
      return { scores: scores as tf.Tensor1D, states: Object.values(after) as tf.Tensor2D[] };
    },
    dispose() {
      step.dispose();
      for (const memory of memories) memory.dispose();
    },
  };
}

/** A reader of one text. */
function reader(repeated: Repeated, giveBack: (repeated: Repeated) => void): Reader {
  let states = repeated.start();
  let isDone = false;
  return {
    next(inputs) {
      const { scores, states: after } = tidy(() => repeated.read(inputs, states));
      tf.dispose([...states]);
      states = after;
      return scores;
    },
    dispose() {
      if (isDone) return;
      isDone = true;
      tf.dispose([...states]);
      giveBack(repeated);
    },
  };
}
