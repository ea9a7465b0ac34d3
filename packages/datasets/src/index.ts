export type {
  Dataset,
  DatasetSummary,
  LoadOptions,
  PackageReader,
  SequenceDataset,
  SequenceExample,
} from './dataset.js';
export { loadDates, type DateExample, type DatesDataset, type DatesOptions } from './dates/dates.js';
export { parseDate, type DateInput } from './dates/parse-date.js';
export { DATE_LOCALES, type DateLocale, type DateStyle } from './dates/styles.js';
export { loadG2p, parseWord, type G2pOptions } from './g2p.js';
export { packageFiles } from './package-files.js';
export { normalizeText, strangeCharacter } from './text/normalize.js';
export { loadNames, type NamesOptions } from './text/names.js';
export { loadSotu, type SotuOptions } from './text/sotu.js';
export type { TextDataset, TextExample } from './text/text.js';
export type { ClassifiedDataset, ClassifiedText } from './classified.js';
export { loadSentiment, parseDefinition, type Definition, type SentimentOptions } from './sentiment/sentiment.js';
export { loadSpam, parseMail, type MailExample, type SpamOptions } from './spam/spam.js';
export type { Language } from './translate/packs.js';
export { CAPITAL, joinPieces, Segmenter, UNKNOWN } from './translate/pieces.js';
export type { TranslateDataset, TranslateExample, TranslateInput } from './translate/example.js';
export { loadTranslate, parseTranslate, tagOf, type TranslateOptions } from './translate/translate.js';
export { parseStory } from './qa/parse.js';
export { loadQa, type QaDataset, type QaOptions } from './qa/qa.js';
export { FAMILIES, isName, sentence, writeStory, type Family, type Story, type StoryExample } from './qa/story.js';
