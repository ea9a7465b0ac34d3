import { HeedError } from '@heed/base';
import { FACT_FORMS, match, QUESTION_FORMS } from './forms.js';
import { isName, type Story } from './story.js';

/**
 * Reads facts and a question that somebody typed: 'Mary went to the garden. John took the ball. Where is Mary?'. Names are free;
 * each sentence must have one of the forms of the data.
 *
 * @throws HeedError INVALID_ARGUMENT for text without a question at its end, without facts, or with a sentence of another form
 */
export function parseStory(text: string): Story {
  const sentences = text
    .trim()
    .split(/(?<=[.?!])\s+/)
    .map((part) =>
      part
        .replace(/(?<![.?!])[.?!]+$/, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .filter((part) => part !== '');
  const question = sentences.pop();
  if (question === undefined || sentences.length === 0) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `a story has facts and then a question, and there is ${question === undefined ? 'nothing' : 'one sentence'}`,
      hint: "for example: 'Mary went to the garden. John took the ball. Where is Mary?'",
      details: { text },
    });
  }
  const spelling = new Map<string, string>();
  const respelt = (words: readonly string[]): string[] =>
    words.map((word) => (isName(word) ? respell(word, spelling) : word));
  return {
    facts: sentences.map((part, n) => respelt(matched(part, FACT_FORMS, `fact ${n + 1}`))),
    question: respelt(matched(question, QUESTION_FORMS, 'the question')),
  };
}

function matched(sentence: string, forms: readonly string[], what: string): string[] {
  for (const form of forms) {
    const words = match(form, sentence);
    if (words !== undefined) return words;
  }
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}, ${JSON.stringify(sentence.slice(0, 100))}, is of no form that the data has`,
    hint: `forms are: ${forms.join('; ')}`,
    details: { sentence, forms },
  });
}

/** A name in the spelling of its first occurrence, without an article: 'the Gambia' and 'Gambia' are the same name. */
function respell(name: string, spelling: Map<string, string>): string {
  const bare = name.replace(/^the (?=.)/i, '');
  const key = bare.toLowerCase();
  if (!spelling.has(key)) spelling.set(key, bare);
  return spelling.get(key)!;
}
