import { uniform } from '@heed/base';
import { percentOf } from '@heed/metrics';
import { chooseAnswer, createCodec, draw, wordParts } from '@heed/networks/host';
import type { MemoryConfig, SamplingOptions } from '@heed/networks';
import { confidenceOf, type Confidence } from './calibration/confidence.js';
import { choiceEvidence, sequenceEvidence, sharedEvidence } from './evidence.js';
import type { Evidence, OutputsByKind } from './task.js';

/**
 * How texts become what a model reads, and what it gives becomes text. Nothing of it needs TensorFlow.js: it serves whoever runs an exported
 * model.
 */
export type Reading = SequenceReading | WordReading | StoryReading | TextReading;

/** What a reading knows of its model. */
export interface ReadingSettings {
  /** The symbols of the model's source, or of its one vocabulary. */
  readonly symbols: readonly string[];
  /** What the data of the run were loaded with. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether symbols of the source that the model doesn't know can be written. */
  readonly copying: boolean;
  /** Symbols that each kind of input may have as outputs, as `JudgeOptions.outputs`. */
  readonly outputs?: OutputsByKind;
}

/** A source as it was written, and as the model knows it. */
export interface ReadSource {
  readonly units: readonly string[];
  readonly symbols: readonly string[];
  /** The symbols that may be written; absent where all may. */
  readonly allowed?: ReadonlySet<string> | undefined;
}

/** Symbols that were written, and what each looked at. */
export interface WrittenSymbols {
  readonly output: readonly string[];
  readonly weights?: readonly ArrayLike<number>[];
}

/** A reading of answers that are right or wrong. */
interface Surable {
  /** Probability that an answer is right, for people: '92 %'. */
  sureness(evidence: Evidence, confidence: Confidence): string;
}

const surable: Surable = { sureness: (evidence, confidence) => percentOf(confidenceOf(confidence, evidence)) };

export interface SequenceReading extends Surable {
  readonly kind: 'sequence';
  readonly evidence: typeof sequenceEvidence;
  /** @throws HeedError INVALID_ARGUMENT for text that can't be read */
  read(text: string, settings: ReadingSettings): ReadSource;
  write(written: WrittenSymbols, source: ReadSource, settings: ReadingSettings): string;
}

/** Classifiers: the words of each sentence. */
export interface WordReading extends Surable {
  readonly kind: 'words';
  readonly evidence: typeof choiceEvidence;
  /** @throws HeedError INVALID_ARGUMENT for text that can't be read */
  read(text: string, settings: ReadingSettings): readonly (readonly string[])[];
  readonly wordParts: typeof wordParts;
}

/** Memory networks: numbers of a story's words, and the answer that scores mean. */
export interface StoryReading extends Surable {
  readonly kind: 'story';
  /** @throws HeedError INVALID_ARGUMENT for text that can't be read */
  read(text: string, config: MemoryConfig): NumberedStory;
  write(
    logits: ArrayLike<number>,
    story: NumberedStory,
    config: Pick<MemoryConfig, 'classes'>,
  ): { readonly output: string; readonly evidence: Evidence };
}

interface NumberedStory {
  /** [facts, factWords] */
  readonly facts: Int32Array;
  readonly question: Int32Array;
  /** Names of the story, with their numbers among the answers. */
  readonly names: ReadonlyMap<string, number>;
}

/** Language models: the symbols of a beginning, and what is drawn of the scores after it. */
export interface TextReading {
  readonly kind: 'text';
  /** @throws HeedError INVALID_ARGUMENT for text that can't be read */
  read(text: string, settings: ReadingSettings): readonly string[];
  /** Settings of sampling that the task has by itself. */
  readonly sampling: SamplingOptions & { readonly length?: number };
  readonly draw: typeof draw;
  /** Random numbers in (0, 1) of a seed, those that Heed draws by. */
  random(seed: number): () => number;
}

/** What all readings of sequences have. */
export const sequences = { kind: 'sequence', evidence: sequenceEvidence, ...surable } as const;

/** Reading of a task whose symbols all are known, or refused. */
export const sequenceReading = (
  read: (text: string) => readonly string[],
  join: (symbols: readonly string[]) => string,
): SequenceReading => ({
  ...sequences,
  read(text) {
    const symbols = read(text);
    return { units: symbols, symbols };
  },
  write: ({ output }) => join(output),
});

export const wordReading = (
  read: (text: string, data: ReadingSettings['data']) => readonly (readonly string[])[],
): WordReading => ({
  kind: 'words',
  read: (text, { data }) => read(text, data),
  wordParts,
  evidence: choiceEvidence,
  ...surable,
});

export const textReading = (read: TextReading['read'], sampling: TextReading['sampling']): TextReading => ({
  kind: 'text',
  read,
  sampling,
  draw,
  random: (seed) => uniform({ stream: 'models', seed, name: 'generate' }),
});

export const storyReading = (
  read: (text: string) => Parameters<ReturnType<typeof createCodec>['encode']>[0][number],
  join: (answer: readonly string[]) => string,
): StoryReading => ({
  kind: 'story',
  read(text, config) {
    const { facts, questions, names } = createCodec(config).encode([read(text)]);
    // Without the fact that says nothing, which the model puts before the others itself.
    return { facts: facts.subarray(config.factWords), question: questions, names: names[0] };
  },
  write(logits, { names }, { classes }) {
    const { answer, candidates } = chooseAnswer(classes, names, logits);
    return { output: join(answer), evidence: sharedEvidence(answer, candidates) };
  },
  ...surable,
});
