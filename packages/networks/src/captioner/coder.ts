import { HeedError, show } from '@heed/core';
import { teachingBatch, Vocabulary, type TeachingBatch } from '@heed/nn';
import type { CaptionerConfig } from './config.js';

/** Words and languages as numbers: languages follow the words, as they come in and are never written. */
export class CaptionCoder {
  readonly target: Vocabulary;
  readonly #languages: readonly string[];

  constructor({ targetSymbols, languages }: Pick<CaptionerConfig, 'targetSymbols' | 'languages'>) {
    this.target = new Vocabulary('caption', targetSymbols);
    this.#languages = languages;
  }

  /** Rows of the table of vectors. */
  get rows(): number {
    return this.target.size + this.#languages.length;
  }

  /** @throws HeedError INVALID_ARGUMENT for a language that the model doesn't write */
  language(name: string): number {
    const at = this.#languages.indexOf(name);
    if (at >= 0) return this.target.size + at;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `captioner: language is ${show(name)}`,
      hint: `this model writes ${this.#languages.join(', ')}`,
      details: { language: name, languages: this.#languages },
    });
  }

  /** @throws HeedError INVALID_ARGUMENT for a language or a word that the model lacks */
  batch(items: readonly { readonly target: readonly string[]; readonly language: string }[]): TeachingBatch {
    const batch = teachingBatch(items.map(({ target }) => this.target.encode(target)));
    items.forEach(({ language }, b) => (batch.inputs[b] = this.language(language)));
    return batch;
  }
}
