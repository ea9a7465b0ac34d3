/**
 * Answers a question from facts, by rules that share no code with the stories, which are checked against it. A word of the
 * answer is undefined when the facts aren't enough for it.
 */
export function solve(facts: readonly (readonly string[])[], question: readonly string[]): (string | undefined)[] {
  const text = question.join(' ');
  const last = question.at(-1)!;
  if (text.startsWith('where is the')) return [whereabouts(facts, last).at(-1)];
  if (text.startsWith('where is')) return [placeOf(facts, last)];
  if (text.startsWith('where was')) {
    const places = whereabouts(facts, question[3]);
    return [places[places.indexOf(last) - 1]];
  }
  if (text.startsWith('how many')) return [['none', 'one', 'two', 'three'][held(facts, question[4]).size]];
  if (text.startsWith('what is') && last === 'carrying') {
    const things = [...held(facts, question[2])].toSorted();
    return things.length === 0 ? ['nothing'] : things;
  }
  if (text.startsWith('is') && text.includes('larger')) return [compare(facts, question[1], last)];
  if (text.startsWith('is')) return [placeOf(facts, question[1]) === last ? 'yes' : 'no'];
  return [aboutCountries(facts, text, question)];
}

const isMove = (words: readonly string[]): boolean => words[2] === 'to';
const isTake = (words: readonly string[]): boolean => /^(took|grabbed|picked)$/.test(words[1]);
const isDrop = (words: readonly string[]): boolean => /^(dropped|put)$/.test(words[1]);

const placeOf = (facts: readonly (readonly string[])[], person: string): string | undefined =>
  facts.findLast((words) => isMove(words) && words[0] === person)?.at(-1);

/** Places that a thing was in, in order. */
function whereabouts(facts: readonly (readonly string[])[], thing: string): string[] {
  const places: string[] = [];
  let holder: string | undefined;
  let place: string | undefined;
  facts.forEach((words, n) => {
    if (words.at(-1) === thing) holder = isTake(words) ? words[0] : undefined;
    const concerned = words.at(-1) === thing || words[0] === holder;
    if (!concerned) return;
    place = placeOf(facts.slice(0, n + 1), words[0]);
    if (place !== undefined && places.at(-1) !== place) places.push(place);
  });
  return places;
}

function held(facts: readonly (readonly string[])[], person: string): Set<string> {
  const things = new Set<string>();
  for (const words of facts) {
    if (words[0] !== person) continue;
    if (isTake(words)) things.add(words.at(-1)!);
    if (isDrop(words)) things.delete(words.at(-1)!);
  }
  return things;
}

function compare(facts: readonly (readonly string[])[], a: string, b: string): 'yes' | 'no' | undefined {
  const pairs = facts.filter((words) => words[2] === 'larger').map((words) => [words[0], words[4]] as const);
  const leads = (from: string, to: string, steps: number): boolean =>
    pairs.some(([large, small]) => large === from && (small === to || (steps > 1 && leads(small, to, steps - 1))));
  return leads(a, b, 2) ? 'yes' : leads(b, a, 2) ? 'no' : undefined;
}

/** The one thing that facts of a form say; undefined when there is none, or more than one. */
const only = (found: readonly (string | undefined)[]): string | undefined =>
  new Set(found).size === 1 ? found[0] : undefined;

function aboutCountries(
  facts: readonly (readonly string[])[],
  text: string,
  question: readonly string[],
): string | undefined {
  const last = question.at(-1)!;
  const capitalOf = (c: string) => only(facts.filter((f) => f[1] === 'capital' && f[3] === c).map((f) => f[5]));
  const withCapital = (city: string) => only(facts.filter((f) => f[1] === 'capital' && f[5] === city).map((f) => f[3]));
  const say = (verb: string, c: string | undefined) =>
    only(facts.filter((f) => f[3] === verb && f[2] === c).map((f) => f.at(-1)));
  const speakers = (language: string) =>
    facts.filter((f) => f[3] === 'speak' && f.at(-1) === language).map((f) => f[2]);
  const neighbours = (c: string) =>
    facts.filter((f) => f[1] === 'borders' && f.includes(c)).map((f) => (f[0] === c ? f[2] : f[0]));
  if (text.includes('and where people speak')) {
    const both = neighbours(question[9]).filter((c) => speakers(last).includes(c));
    return capitalOf(only(both)!);
  }
  if (text.startsWith('what is the capital of the country that borders')) return capitalOf(only(neighbours(last))!);
  if (text.startsWith('what is the capital of the country where')) return capitalOf(only(speakers(last))!);
  if (text.startsWith('what is the capital')) return capitalOf(last);
  if (text.endsWith('is the capital of which country')) return withCapital(question[0]);
  if (text.includes('with the capital')) return say('speak', withCapital(last));
  if (text.startsWith('which language') && text.includes('borders')) return say('speak', only(neighbours(last)));
  if (text.startsWith('which language')) return say('speak', question[5]);
  if (text.includes('pay with in the country')) return say('pay', only(neighbours(last)));
  if (text.startsWith('what do people in')) return say('pay', question[4]);
  return only(facts.filter((f) => f[1] === 'lies' && f[0] === question[2]).map((f) => f[3]));
}
