/** A question whose answer a page can check. */
export interface Exercise {
  /** Its anchor, the same in every language: 'equal-trust'. */
  readonly id: string;
  /** Markdown of the question, without its choices. */
  readonly question: string;
  /** Markdown of each choice, by its letter; empty where the answer is a number. */
  readonly choices: Readonly<Record<string, string>>;
  /** A number as written, or the letter of a choice. */
  readonly answer: string;
  /** Markdown of what is shown with the answer, which it begins with. */
  readonly explanation: string;
}

/** Comments around an exercise in a page's Markdown. */
export const EXERCISE_BEGIN = /^<!-- exercise: ([\w-]+) -->\s*$/;
export const EXERCISE_END = /^<!-- exercise: end -->\s*$/;

/** A choice, as the text of an item of a list: 'a) the query'. */
export const CHOICE = /^([a-z])\) /;

const BLOCK = /^<!-- exercise: (?!end )([\w-]+) -->\n([^]*?)^<!-- exercise: end -->$/gm;
const PARTS = /^([^]*?)<details><summary>[^<]*<\/summary>\n([^]*)<\/details>\s*$/;

/**
 * Exercises of a page, in order.
 *
 * @throws Error for one without answer
 */
export function exercisesOf(markdown: string): Exercise[] {
  return [...markdown.matchAll(BLOCK)].map(([, id, block]) => {
    const [, asked, explanation] = PARTS.exec(block!) ?? [];
    const answer = /^\s*\*\*([^*]+)\*\*/.exec(explanation ?? '')?.[1];
    if (asked === undefined || answer === undefined) throw new Error(`exercise '${id}' has no answer`);
    const choices = [...asked.matchAll(/^- ([a-z])\) (.*)$/gm)].map(([, letter, text]) => [letter!, text!] as const);
    return {
      id: id!,
      question: asked.replaceAll(/^- [a-z]\) .*\n/gm, '').trim(),
      choices: Object.fromEntries(choices),
      answer,
      explanation: explanation!.trim(),
    };
  });
}

/**
 * Whether a reader's answer is right: the letter of the choice; or the number, to the decimals that the answer is written with, a whole one exactly.
 *
 * @param given  as typed; a comma is a decimal point
 */
export function isRight(given: string, answer: string): boolean {
  const number = Number(answer);
  if (Number.isNaN(number)) return given === answer;
  const typed = given.trim().replace(',', '.').replace('−', '-');
  return typed !== '' && Math.abs(Number(typed) - number) <= toleranceOf(answer);
}

/** Half of a unit of the last decimal, and a little for numbers that lie on the border. */
function toleranceOf(answer: string): number {
  const decimals = answer.split('.')[1]?.length;
  return decimals === undefined ? 0 : 0.5 * 10 ** -decimals + 1e-9;
}
