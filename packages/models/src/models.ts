/** A model that this package ships, by where its files are: `file:` URLs in Node, and what a bundler makes of them in a page. */
export interface BundledModel {
  /** That of its task. */
  readonly name: string;
  /** For `decodeModel` of `@heed/seq2seq`. */
  readonly model: URL;
  /** run.json of the run: data, configurations and the course of the training. With the model beside it, its folder is a run's. */
  readonly info: URL;
  /** For `parseCard`. */
  readonly card: URL;
}

// Bundlers find files by such expressions alone, each written out.

/** English words to ARPAbet phonemes, without stress: Bahdanau's model with additive attention. */
export const g2p: BundledModel = {
  name: 'g2p',
  model: /* @__PURE__ */ new URL('../g2p/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../g2p/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../g2p/card.json', import.meta.url),
};

/** All of them, by name. */
export const models: Readonly<Record<string, BundledModel>> = { g2p };
