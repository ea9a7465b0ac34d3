export { loadCaption, type CaptionOptions } from './caption/caption.js';
export type { CaptionDataset, CaptionExample } from './caption/example.js';
export { CAPTION_LANGUAGES, type CaptionLanguage } from './caption/languages.js';
export type { CaptionParts, Gender, SkinTone } from './caption/parts.js';
export { CAPTION_STYLES, type CaptionStyle } from './caption/styles.js';
export { captionSymbols, joinCaption } from './caption/symbols.js';
export {
  testSetsOf,
  type Dataset,
  type DatasetSummary,
  type LoadOptions,
  type SequenceDataset,
  type SequenceExample,
  type TestSet,
} from './dataset.js';
export { loadDates, type DateExample, type DatesDataset, type DatesOptions } from './dates/dates.js';
export { parseDate, type DateInput } from './dates/parse-date.js';
export { DATE_LOCALES, type DateLocale, type DateStyle } from './dates/styles.js';
export { loadG2p, parseWord, type G2pOptions } from './g2p.js';
export type { PackageReader } from '@heed/base';
export { packageFiles } from './package-files.js';
export { normalizeText, strangeCharacter } from './text/normalize.js';
export { loadNames, type NamesOptions } from './text/names.js';
export { loadSotu, type SotuOptions } from './text/sotu.js';
export type { TextDataset, TextExample } from './text/text.js';
export type { ClassifiedDataset, ClassifiedText } from './classified.js';
export { splitter, type Shares, type Split } from './split.js';
export { loadSentiment, parseDefinition, type Definition, type SentimentOptions } from './sentiment/sentiment.js';
export { loadSpam, parseMail, type MailExample, type SpamOptions } from './spam/spam.js';
export type { Language } from './translate/packs.js';
export { CAPITAL, joinPieces, Segmenter, UNKNOWN } from './pieces/pieces.js';
export type { TranslateDataset, TranslateExample, TranslateInput } from './translate/example.js';
export { loadTranslate, parseTranslate, tagOf, type TranslateOptions } from './translate/translate.js';
export { parseStory } from './qa/parse.js';
export { loadQa, type QaDataset, type QaOptions } from './qa/qa.js';
export { FAMILIES, isName, sentence, writeStory, type Family, type Story, type StoryExample } from './qa/story.js';
export { loadVideo, type VideoOptions } from './video/video.js';
export { VIDEO_QUESTIONS, type VideoDataset, type VideoExample, type VideoQuestion } from './video/example.js';
export { FRAMES as VIDEO_FRAMES } from './video/film.js';
export { FRAME_SIDE as VIDEO_SIDE } from './video/draw.js';
export * from './own/own-data.js';
export {
  CAPTIONS_SETTINGS,
  loadCaptions,
  type CaptionFiles,
  type CaptionsDataset,
  type CaptionsSettings,
  type OwnCaption,
} from './own/captions.js';
export { captionFilesOf } from './own/captions-folder.js';
export { PICTURE_ENDINGS } from './own/picture-endings.js';
export { cutLabelText } from './own/label-text.js';
export { LABELS_SETTINGS, loadLabels } from './own/labels.js';
export { PAIRS_SETTINGS, loadPairs } from './own/pairs.js';
export { TEXT_SETTINGS, loadText } from './own/text.js';
export type { OwnLoadOptions } from './own/source-files.js';
export { normalizeOwnText, tidyPairText } from './own/tidy.js';
export { cutInto, joinUnits, type PlainUnit } from './own/units.js';
export { guessKind, KINDS, type Kind } from './own/guess-kind.js';
export { surveyFiles, type KindSettings } from './own/survey.js';
export type { Survey } from './own/survey-report.js';
export type { Suspicion } from './own/suspicions.js';
export type { AlphabetFacts, LengthFacts } from './own/text-facts.js';
