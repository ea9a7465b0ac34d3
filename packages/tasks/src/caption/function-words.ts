/**
 * Words that say how others belong together, of the languages whose captions have figures: articles, prepositions, conjunctions, particles.
 * Signs count as such words in all languages.
 */
const FUNCTION_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: new Set('a an and at by for from in into of off on or over the to up with without'.split(' ')),
  de: new Set(
    'am an auf aus bei das dem den der des die ein eine einem einen einer eines für im in mit nach oder ohne über um und unter vom von vor zu zum zur'.split(
      ' ',
    ),
  ),
  fr: new Set('à au aux avec d’ dans de des du en et l’ la le les ou par pour sans sous sur un une'.split(' ')),
  zh: new Set(['的', '和', '与', '在', '于', '及', '或', '了']),
};

/** Whether a word of a caption is no word of content. A word of a language that isn't known is one, unless it is a sign. */
export function isFunctionWord(word: string, language: string): boolean {
  const text = word.trim().toLowerCase().replace("'", '’');
  if (!/[\p{L}\p{N}]/u.test(text)) return true;
  return FUNCTION_WORDS[language.split('-')[0]]?.has(text) === true;
}
