import { readFile } from 'node:fs/promises';
import { models } from '@heed/models';
import type { KnownNetwork } from '@heed/networks';
import type { ModelOf } from '@heed/nn';
import { parseCalibration, tasks, type AnswerOptions } from '@heed/tasks';
import { contest, ratiosOf } from '../contest.js';
import { atLeast, atMost } from '../figure.js';
import type { BenchCase } from '../wasm/case.js';
import { HEED, ONNX_RUNTIME_WEB } from '../wasm/systems.js';
import { openProgram, type Answered } from './program.js';
import { openShipped } from './shipped.js';

interface Subject {
  /** Name of the task, and of the model that is shipped for it. */
  readonly task: string;
  /** Name of an input. */
  readonly unit: string;
  /** Inputs of a run that takes them one by one. */
  readonly single: number;
  /** Inputs of a batch. */
  readonly batch: number;
}

/** Cases of shipped models that answer one input at a time, against a batch and against onnxruntime-web on the exported model. */
export const answering: readonly BenchCase[] = [
  answers('decode-g2p', { task: 'g2p', unit: 'word', single: 16, batch: 256 }),
  answers('decode-translate', { task: 'translate', unit: 'text', single: 4, batch: 64 }),
];

const BEAM = 4;

function answers(name: string, { task: taskName, unit, single, batch }: Subject): BenchCase {
  const title = `the model that is shipped for ${taskName}, one ${unit} at a time; times of one`;
  return {
    name,
    title,
    async run(engines, rounds) {
      const { enter } = engines.heed(1)!;
      await enter();
      const task = tasks[taskName];
      const { model, info } = await openShipped(taskName);
      const { outputs } = parseCalibration(await readFile(models[taskName].calibration, 'utf8'));
      const given: AnswerOptions = outputs === undefined ? {} : { outputs };
      const { test } = await task.load(info.dataOptions as { seed: number });
      const all = evenly(test, batch).map((example) => task.write(example));
      const few = evenly(all, single);
      const answer = (texts: readonly string[], options: AnswerOptions): Promise<readonly Answered[]> =>
        task.answer(
          model as ModelOf<KnownNetwork>,
          texts.map((text) => task.parse(text)),
          options,
        );
      const oneByOne = async (options: AnswerOptions): Promise<Float32Array[]> => {
        const found: Answered[] = [];
        for (const text of few) found.push(...(await answer([text], options)));
        return numbersOf(found);
      };
      const program = await openProgram(taskName, ['encoder', 'step']);
      const web = async (): Promise<Float32Array[]> => {
        const found: Answered[] = [];
        for (const text of few) found.push(await program.answer(text));
        return numbersOf(found);
      };
      const inBatch = `${HEED}, a batch of ${batch}`;
      const beam = `${HEED}, beam ${BEAM}`;
      const standings = await contest(
        [
          { name: HEED, count: single, enter, run: () => oneByOne(given) },
          { name: beam, computes: beam, count: single, enter, run: () => oneByOne({ ...given, beam: BEAM }) },
          {
            name: inBatch,
            computes: inBatch,
            count: batch,
            enter,
            run: async () => numbersOf(await answer(all, given)),
          },
          { name: ONNX_RUNTIME_WEB, count: single, run: web },
        ],
        rounds,
      );
      await program.dispose();
      await enter();
      model.dispose();
      const [one, searched, share, theirs] = standings;
      const figures = [
        atLeast(`${name}: times ${ONNX_RUNTIME_WEB}`, null, ratiosOf(theirs, one), '×'),
        atMost(`${name}: times its share of a batch of ${batch}`, null, ratiosOf(one, share), '×'),
        atMost(`${name}: milliseconds a ${unit}`, null, one.rounds, 'ms'),
        atMost(`${name}: milliseconds a ${unit}, beam ${BEAM}`, null, searched.rounds, 'ms'),
        atLeast(
          `${name}: ${unit}s a second`,
          null,
          one.rounds.map((ms) => 1000 / ms),
          `${unit}s/s`,
        ),
      ];
      return { case: name, title, standings, figures, leftOut: [] };
    },
  };
}

/** So many of a list, evenly from its beginning to its end. */
const evenly = <One>(list: readonly One[], count: number): One[] =>
  Array.from({ length: count }, (_, n) => list[Math.floor((n * list.length) / count)]);

/** Answers as numbers that can be compared: characters, and probabilities. */
const numbersOf = (answers: readonly Answered[]): Float32Array[] => [
  Float32Array.from(answers.flatMap(({ output }) => Array.from(output, (character) => character.codePointAt(0)!))),
  Float32Array.from(answers, ({ evidence }) => evidence?.probability ?? 0),
];
