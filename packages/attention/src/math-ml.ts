/** A part of attention that formulas and maps share: query, memory, parameters, scores, weights, context, output. */
export type FormulaPart = 's' | 'h' | 'W' | 'e' | 'α' | 'c' | 'y';

export const i = '<mi>i</mi>';
export const j = '<mi>j</mi>';
/** Which head, of H. */
export const n = '<mi>n</mi>';
export const ij = '<mrow><mi>i</mi><mi>j</mi></mrow>';

export const row = (...parts: readonly string[]): string => `<mrow>${parts.join('')}</mrow>`;
/** An operator. */
export const o = (operator: string): string => `<mo>${operator}</mo>`;
/** An upright name, as of a function. */
export const name = (text: string): string => `<mi mathvariant="normal">${text}</mi>`;
export const transposed = (inner: string): string => `<msup>${inner}<mi>⊤</mi></msup>`;
export const fraction = (above: string, below: string): string => `<mfrac>${above}${below}</mfrac>`;
export const root = (inner: string): string => `<msqrt>${inner}</msqrt>`;
export const bracket = (inner: string, [open, close] = ['(', ')']): string => row(o(open), inner, o(close));
export const apply = (what: string, inner: string): string => row(name(what), o('&#x2061;'), bracket(inner));
export const sum = (below: string): string => `<munder>${o('∑')}${below}</munder>`;

/** A letter of a part, with what stands below and above it; `data-part` names the part. */
export const symbol = (part: FormulaPart, letter: string, below?: string, above?: string): string =>
  `<mrow data-part="${part}">${indexed(`<mi>${letter}</mi>`, below, above)}</mrow>`;

function indexed(letter: string, below?: string, above?: string): string {
  if (below === undefined) return above === undefined ? letter : `<msup>${letter}${above}</msup>`;
  return above === undefined ? `<msub>${letter}${below}</msub>` : `<msubsup>${letter}${below}${above}</msubsup>`;
}

/** s_i, the query. */
export const s = symbol('s', 's', i);
/** h_j, a position of the memory. */
export const h = symbol('h', 'h', j);
/** A kernel. */
export const W = (below?: string): string => symbol('W', 'W', below && `<mi>${below}</mi>`);
/** vᵀ, the vector that additive scores are made with. */
export const v = transposed(symbol('W', 'v'));
export const b = symbol('W', 'b');

/** i, j − 1. */
export const before = row(i, o(','), j, o('−'), '<mn>1</mn>');
/** i − 1, j. */
export const stepBefore = row(i, o('−'), '<mn>1</mn>', o(','), j);
/** i − 1, j − 1. */
export const bothBefore = row(i, o('−'), '<mn>1</mn>', o(','), j, o('−'), '<mn>1</mn>');
/** The energy of monotonic mechanisms, g vᵀ/‖v‖ tanh(W₂ s + W₁ h + b) + r. */
export const monotonicEnergy = row(
  symbol('W', 'g'),
  fraction(v, bracket(symbol('W', 'v'), ['‖', '‖'])),
  apply('tanh', row(W('2'), s, o('+'), W('1'), h, o('+'), b)),
  o('+'),
  symbol('W', 'r'),
);
