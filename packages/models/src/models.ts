/** URLs of the files of a model that this package ships: `file:` URLs in Node; in a page, those that the bundler makes of them. */
export interface BundledModel {
  /** Name of the model's task. */
  readonly name: string;
  /** Model file, for `decodeModel` of `@heed/nn`. */
  readonly model: URL;
  /** run.json of the run: data, configurations and the course of the training. Its folder, with the model, is a run's folder. */
  readonly info: URL;
  /** Model card, for `parseCard`. */
  readonly card: URL;
  /** Calibration, for `parseCalibration` of `@heed/tasks`: the confidence of answers, and what inputs the model knows. */
  readonly calibration: URL;
}

// Each URL is written out, since bundlers find files only in expressions of exactly this form.

/** English words to ARPAbet phonemes, without stress: Bahdanau's model with additive attention. */
export const g2p: BundledModel = {
  name: 'g2p',
  model: /* @__PURE__ */ new URL('../g2p/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../g2p/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../g2p/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../g2p/calibration.json', import.meta.url),
};

/** Dates as people write them, in 40 locales, to ISO 8601: Bahdanau's decoder with multi-head attention. */
export const dates: BundledModel = {
  name: 'dates',
  model: /* @__PURE__ */ new URL('../dates/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../dates/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../dates/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../dates/calibration.json', import.meta.url),
};

/** Texts of user interfaces from English to French, German and Chinese: a transformer that copies. */
export const translate: BundledModel = {
  name: 'translate',
  model: /* @__PURE__ */ new URL('../translate/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../translate/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../translate/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../translate/calibration.json', import.meta.url),
};

/** Definitions to the sentiment of what they define, good or bad: a bidirectional LSTM with self-attentive pooling. */
export const sentiment: BundledModel = {
  name: 'sentiment',
  model: /* @__PURE__ */ new URL('../sentiment/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../sentiment/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../sentiment/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../sentiment/calibration.json', import.meta.url),
};

/** Mails to wanted (ham) or unwanted (spam): attention over words and sentences. */
export const spam: BundledModel = {
  name: 'spam',
  model: /* @__PURE__ */ new URL('../spam/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../spam/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../spam/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../spam/calibration.json', import.meta.url),
};

/** Facts and a question to the answer: a memory network of several hops. */
export const qa: BundledModel = {
  name: 'qa',
  model: /* @__PURE__ */ new URL('../qa/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../qa/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../qa/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../qa/calibration.json', import.meta.url),
};

/** English text like the State of the Union addresses, character by character: an LSTM with attention to its earlier states. */
export const generate: BundledModel = {
  name: 'generate',
  model: /* @__PURE__ */ new URL('../generate/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../generate/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../generate/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../generate/calibration.json', import.meta.url),
};

/** First names, character by character: a causal transformer. */
export const names: BundledModel = {
  name: 'names',
  model: /* @__PURE__ */ new URL('../names/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../names/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../names/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../names/calibration.json', import.meta.url),
};

/** Captions of small drawn pictures, in English, German, French and Chinese: adaptive attention with a visual sentinel. */
export const caption: BundledModel = {
  name: 'caption',
  model: /* @__PURE__ */ new URL('../caption/model.safetensors', import.meta.url),
  info: /* @__PURE__ */ new URL('../caption/run.json', import.meta.url),
  card: /* @__PURE__ */ new URL('../caption/card.json', import.meta.url),
  calibration: /* @__PURE__ */ new URL('../caption/calibration.json', import.meta.url),
};

/** All models of this package, by name. */
export const models: Readonly<Record<string, BundledModel>> = {
  g2p,
  dates,
  translate,
  sentiment,
  spam,
  qa,
  generate,
  names,
  caption,
};
