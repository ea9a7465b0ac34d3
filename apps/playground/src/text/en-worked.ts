/** Texts of the numbers behind a cell. */
export const enWorked = {
  title: (query: string, memory: string) => `The numbers behind “${query}” and “${memory}”`,
  hint: 'Click a cell, or press Enter on it, for the numbers behind it.',
  product: 'Its score, term by term',
  dimension: 'dimension',
  sum: 'sum',
  term: 'product',
  divided: (by: string, sum: string, divisor: string, score: string) =>
    `Divided by ${by}: ${sum} / ${divisor} = ${score}`,
  is: (score: string) => `The sum is the score: ${score}`,
  ofMore:
    'This mechanism makes its score of more than the products of two vectors, such as what the steps before looked at: the formula above says how.',
  softmax: 'Its row’s softmax',
  memory: 'memory',
  score: (isChanged: boolean) => (isChanged ? 'ẽ' : 'e'),
  exp: (isChanged: boolean) => (isChanged ? 'exp(ẽ − m)' : 'exp(e − m)'),
  weight: 'α',
  masked: 'masked',
  greatest: (greatest: string) =>
    `The greatest score, m = ${greatest}, is taken from each first, so that no exp is too large; the shares stay the same.`,
  share: (exp: string, sum: string, weight: string) => `Of this cell: ${exp} / ${sum} = ${weight}`,
  nothing: 'Everything in this row is masked, so all its weights are 0.',
  entropy: (bits: string, places: string) =>
    `The row’s entropy is ${bits} bits: it looks as widely as at ${places} places alike.`,
};
