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

/** A letter with what stands below and above it. */
const indexed = (letter: string, below?: string, above?: string): string => {
  if (below === undefined) return above === undefined ? letter : `<msup>${letter}${above}</msup>`;
  return above === undefined ? `<msub>${letter}${below}</msub>` : `<msubsup>${letter}${below}${above}</msubsup>`;
};
/** A symbol that belongs to a part. */
const symbol = (part: Part, base: string, below?: string, above?: string): string =>
  `<mrow data-part="${part}">${indexed(`<mi>${base}</mi>`, below, above)}</mrow>`;
const transposed = (inner: string): string => `<msup>${inner}<mi>⊤</mi></msup>`;
const fraction = (above: string, below: string): string => `<mfrac>${above}${below}</mfrac>`;
const bracket = (inner: string, [open, close] = ['(', ')']): string => row(o(open), inner, o(close));
const apply = (what: string, inner: string): string => row(name(what), o('&#x2061;'), bracket(inner));
const sum = (below: string): string => `<munder>${o('∑')}${below}</munder>`;
/** One of two values, by when they hold. */
const cases = (first: readonly [string, string], second: readonly [string, string]): string => {
  const lines = [first, second].map(([value, when]) => `<mtr><mtd>${value}</mtd><mtd>${when}</mtd></mtr>`);
  return row('<mo stretchy="true">{</mo>', `<mtable columnalign="left">${lines.join('')}</mtable>`);
};

const s = symbol('s', 's', i);
const h = symbol('h', 'h', j);
const W = (below?: string): string => symbol('W', 'W', below && `<mi>${below}</mi>`);
const v = transposed(symbol('W', 'v'));

/** Which head, of H. */
const n = '<mi>n</mi>';
/** A head's own projection of a vector. */
const projected = (which: string, vector: string): string =>
  bracket(row(symbol('W', 'W', `<mi>${which}</mi>`, n), vector, o('+'), symbol('W', 'b', `<mi>${which}</mi>`, n)));

const root = (inner: string): string => `<msqrt>${inner}</msqrt>`;

const SCORES: Readonly<Record<MechanismKind, string>> = {
  additive: row(v, apply('tanh', row(W('2'), s, o('+'), W('1'), h, o('+'), symbol('W', 'b')))),
  concat: row(v, apply('tanh', row(W(), bracket(row(s, o(';'), h), ['[', ']'])))),
  dot: row(transposed(s), h),
  general: row(transposed(s), W(), h),
  scaledDotProduct: fraction(row(transposed(s), h), root('<mi>D</mi>')),
  multiHead: fraction(
    row(transposed(projected('q', s)), projected('k', h)),
    root(row('<mi>D</mi>', o('/'), '<mi>H</mi>')),
  ),
};

export interface Shown {
  readonly mechanism: MechanismKind;
  readonly temperature: number;
  readonly softCap: number | null;
  readonly masked: boolean;
  readonly dropout: number;
  /** What a formula says where a condition doesn't hold. */
  readonly otherwise: string;
}

const line = (content: string): string => `<math display="block">${content}</math>`;

/** The formulas as MathML, line by line, in which `data-part` names what a symbol belongs to. */
export function formulas({ mechanism, temperature, softCap, masked, dropout, otherwise }: Shown): string[] {
  // Every head has scores, weights and a context of its own.
  const head = mechanism === 'multiHead' ? n : undefined;
  const changes = temperature !== 1 || softCap !== null;
  const e = (below: string): string => symbol('e', 'e', below, head);
  const final = (below: string): string => symbol('e', changes ? 'ẽ' : 'e', below, head);
  const α = symbol('α', 'α', ij, head);
  const share = fraction(
    apply('exp', final(ij)),
    row(sum(masked ? row('<mi>k</mi>', o('∈'), allowed) : '<mi>k</mi>'), apply('exp', final(ik))),
  );
  const weight = masked
    ? cases([share, row(j, o('∈'), allowed)], ['<mn>0</mn>', `<mtext>${otherwise}</mtext>`])
    : share;
  return [
    line(row(e(ij), o('='), SCORES[mechanism])),
    ...(changes ? [line(row(final(ij), o('='), changed(e(ij), temperature, softCap)))] : []),
    line(row(α, o('='), weight)),
    ...(dropout > 0 ? [line(row(kept(head), o('='), dropped(otherwise)))] : []),
    ...contexts(mechanism, row(dropout > 0 ? kept(head) : '', α)),
  ];
}

/** The positions that query i may look at. */
const allowed = row(name('mask'), bracket(i));

function changed(score: string, temperature: number, softCap: number | null): string {
  const divided = temperature === 1 ? score : fraction(score, '<mi>τ</mi>');
  return softCap === null ? divided : row('<mi>γ</mi>', apply('tanh', fraction(divided, '<mi>γ</mi>')));
}

const kept = (head: string | undefined): string => symbol('α', 'd', ij, head);

/** What dropout multiplies a weight by. */
const dropped = (otherwise: string): string =>
  cases(
    ['<mn>0</mn>', row(name('P'), o('='), '<mi>p</mi>')],
    [fraction('<mn>1</mn>', row('<mn>1</mn>', o('−'), '<mi>p</mi>')), `<mtext>${otherwise}</mtext>`],
  );

function contexts(mechanism: MechanismKind, weight: string): string[] {
  const c = (above?: string): string => symbol('c', 'c', i, above);
  if (mechanism !== 'multiHead') return [line(row(c(), o('='), sum(j), weight, h))];
  const all = bracket(row(c('<mn>1</mn>'), o(';'), o('…'), o(';'), c('<mi>H</mi>')), ['[', ']']);
  return [
    line(row(c(n), o('='), sum(j), weight, projected('v', h))),
    line(row(c(), o('='), W('o'), all, o('+'), symbol('W', 'b', '<mi>o</mi>'))),
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
