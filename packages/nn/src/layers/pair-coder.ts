import { HeedError } from '@heed/core';
import { encodeSources, pad, teachingBatch, type PaddedIds, type TeachingBatch } from './batch.js';
import { CopyTable } from './copy-table.js';
import { Vocabulary } from './vocabulary.js';

/**
 * A source with the output that is to be learnt. A model that copies takes any symbols in the source, and in the target those
 * of its vocabulary and of the source.
 */
export interface Pair {
  readonly source: readonly string[];
  readonly target: readonly string[];
}

type Sources = readonly (readonly string[])[];

/** The symbols of an encoder–decoder as numbers. With copying, all symbols that a vocabulary lacks have one number. */
export class PairCoder {
  readonly target: Vocabulary;
  readonly #source: Vocabulary;
  readonly #copying: boolean;

  constructor(config: {
    readonly sourceSymbols: readonly string[];
    readonly targetSymbols: readonly string[];
    readonly copying?: boolean;
  }) {
    this.#source = new Vocabulary('source', config.sourceSymbols);
    this.target = new Vocabulary('target', config.targetSymbols);
    this.#copying = config.copying ?? false;
  }

  /** Rows of the table of source vectors, with the boundary and the unknown. */
  get sourceRows(): number {
    return this.#source.size + (this.#copying ? 1 : 0);
  }

  /** Rows of the table of target vectors, with the boundary and the unknown, which has the last one: V. */
  get targetRows(): number {
    return this.target.size + (this.#copying ? 1 : 0);
  }

  /** @throws HeedError INVALID_ARGUMENT for an empty source, or for a symbol that can't be read */
  sources(texts: Sources): PaddedIds {
    return pad(encodeSources(texts, this.#source, this.#copying ? this.#source.size : undefined));
  }

  copies(texts: Sources): CopyTable | undefined {
    return this.#copying ? new CopyTable(texts, this.target) : undefined;
  }

  /** @throws HeedError INVALID_ARGUMENT as `sources`; for no pairs; for a symbol that can't be written */
  pairs(call: string, pairs: readonly Pair[]): { sources: PaddedIds; batch: TeachingBatch; copies?: CopyTable } {
    if (pairs.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: `${call}: there are no pairs` });
    const texts = pairs.map(({ source }) => source);
    const sources = this.sources(texts);
    const copies = this.copies(texts);
    const targets = pairs.map(({ target }, b) => copies?.encodeTarget(target, b) ?? this.target.encode(target));
    return { sources, batch: teachingBatch(targets, copies && this.target.size), copies };
  }
}
