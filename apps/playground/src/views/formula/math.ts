import type { MechanismKind } from '../../engine/jobs.js';

/** The parts of attention that formulas and maps share. */
export type Part = 's' | 'h' | 'W' | 'e' | 'α' | 'c' | 'y';

const i = '<mi>i</mi>';
const j = '<mi>j</mi>';
const ij = '<mrow><mi>i</mi><mi>j</mi></mrow>';
const ik = '<mrow><mi>i</mi><mi>k</mi></mrow>';
const o = (operator: string): string => `<mo>${operator}</mo>`;
const row = (...parts: readonly string[]): string => `<mrow>${parts.join('')}</mrow>`;
const name = (text: string): string => `<mi mathvariant="normal">${text}</mi>`;

/** A symbol that belongs to a part, with a subscript or without. */
const symbol = (part: Part, base: string, below?: string): string => {
  const letter = `<mi>${base}</mi>`;
  return `<mrow data-part="${part}">${below === undefined ? letter : `<msub>${letter}${below}</msub>`}</mrow>`;
};
const transposed = (inner: string): string => `<msup>${inner}<mi>⊤</mi></msup>`;
const fraction = (above: string, below: string): string => `<mfrac>${above}${below}</mfrac>`;
const bracket = (inner: string, [open, close] = ['(', ')']): string => row(o(open), inner, o(close));
const apply = (what: string, inner: string): string => row(name(what), o('&#x2061;'), bracket(inner));
const sum = (below: string): string => `<munder>${o('∑')}${below}</munder>`;

const s = symbol('s', 's', i);
const h = symbol('h', 'h', j);
const W = (below?: string): string => symbol('W', 'W', below && `<mi>${below}</mi>`);
const v = transposed(symbol('W', 'v'));

const SCORES: Readonly<Record<MechanismKind, string>> = {
  additive: row(v, apply('tanh', row(W('2'), s, o('+'), W('1'), h, o('+'), symbol('W', 'b')))),
  concat: row(v, apply('tanh', row(W(), bracket(row(s, o(';'), h), ['[', ']'])))),
  dot: row(transposed(s), h),
  general: row(transposed(s), W(), h),
  scaledDotProduct: fraction(row(transposed(s), h), '<msqrt><mi>D</mi></msqrt>'),
  multiHead: fraction(row(transposed(bracket(row(W('q'), s))), bracket(row(W('k'), h))), '<msqrt><mi>D</mi></msqrt>'),
};

export interface Shown {
  readonly mechanism: MechanismKind;
  readonly temperature: number;
  readonly softCap: number | null;
  readonly masked: boolean;
  readonly dropout: number;
}

const line = (content: string): string => `<math display="block">${content}</math>`;

/** The formulas as MathML, line by line, in which `data-part` names what a symbol belongs to. */
export function formulas({ mechanism, temperature, softCap, masked, dropout }: Shown): string[] {
  const e = (below: string): string => symbol('e', 'e', below);
  const changed = temperature !== 1 || softCap !== null;
  const divided = temperature === 1 ? e(ij) : fraction(e(ij), '<mi>τ</mi>');
  const capped = softCap === null ? divided : row('<mi>γ</mi>', apply('tanh', fraction(divided, '<mi>γ</mi>')));
  const final = changed ? (below: string) => symbol('e', 'ẽ', below) : e;
  const allowed = masked ? row('<mi>k</mi>', o('∈'), name('mask'), bracket(i)) : '<mi>k</mi>';
  const weight = dropout > 0 ? row(`<msub><mi>d</mi>${ij}</msub>`, symbol('α', 'α', ij)) : symbol('α', 'α', ij);
  const value = mechanism === 'multiHead' ? row(W('v'), h) : h;
  const context = row(sum(j), weight, value);
  return [
    line(row(e(ij), o('='), SCORES[mechanism])),
    ...(changed ? [line(row(final(ij), o('='), capped))] : []),
    line(
      row(symbol('α', 'α', ij), o('='), fraction(apply('exp', final(ij)), row(sum(allowed), apply('exp', final(ik))))),
    ),
    line(row(symbol('c', 'c', i), o('='), mechanism === 'multiHead' ? row(W('o'), context) : context)),
  ];
}

/** One step of Bahdanau's decoder. */
export function decoderFormulas(): string[] {
  const before = row(i, o('−'), '<mn>1</mn>');
  const [c, y] = [symbol('c', 'c', i), symbol('y', 'y', i)];
  const [s0, y0] = [symbol('s', 's', before), symbol('y', 'y', before)];
  const list = (...parts: readonly string[]): string => parts.join(o(','));
  return [
    line(
      row(symbol('e', 'e', ij), o('='), v, apply('tanh', row(W('2'), s0, o('+'), W('1'), h, o('+'), symbol('W', 'b')))),
    ),
    line(
      row(
        symbol('α', 'α', ij),
        o('='),
        fraction(apply('exp', symbol('e', 'e', ij)), row(sum('<mi>k</mi>'), apply('exp', symbol('e', 'e', ik)))),
      ),
    ),
    line(row(c, o('='), sum(j), symbol('α', 'α', ij), h)),
    // Two short lines, for narrow screens.
    `${line(row(s, o('='), '<mi>f</mi>', bracket(list(s0, y0, c))))}${line(row(y, o('='), '<mi>g</mi>', bracket(list(y0, s, c))))}`,
  ];
}
