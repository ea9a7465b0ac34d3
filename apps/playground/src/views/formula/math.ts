import { MECHANISM_FACTS } from '@heed/attention/facts';
import {
  W,
  apply,
  b,
  bracket,
  fraction,
  h,
  i,
  ij,
  j,
  n,
  name,
  o,
  row,
  s,
  sum,
  symbol,
  v,
  type FormulaPart,
} from '@heed/attention/math-ml';
import type { MechanismKind } from '../../engine/jobs.js';

export type { FormulaPart };

const ik = '<mrow><mi>i</mi><mi>k</mi></mrow>';

/** Choice between two values, each with its condition. */
const cases = (first: readonly [string, string], second: readonly [string, string]): string => {
  const lines = [first, second].map(([value, when]) => `<mtr><mtd>${value}</mtd><mtd>${when}</mtd></mtr>`);
  return row('<mo stretchy="true">{</mo>', `<mtable columnalign="left">${lines.join('')}</mtable>`);
};

/** Formula of a mechanism, from its definition. */
const formulaOf = (kind: MechanismKind) => MECHANISM_FACTS.find((one) => one.kind === kind)!.formula;

/** Whether a mechanism has heads, each with its own scores, weights and context. */
export const hasHeads = (kind: MechanismKind): boolean => formulaOf(kind).output !== undefined;

export interface Shown {
  readonly mechanism: MechanismKind;
  readonly temperature: number;
  readonly softCap: number | null;
  readonly masked: boolean;
  readonly dropout: number;
  /** Word for "otherwise" in a formula with conditions. */
  readonly otherwise: string;
}

const line = (content: string): string => `<math display="block">${content}</math>`;

/** Formulas as lines of MathML, in which `data-part` names the part of each symbol. */
export function formulas({ mechanism, temperature, softCap, masked, dropout, otherwise }: Shown): string[] {
  const { score, state } = formulaOf(mechanism);
  // Each head has its own scores, weights and context.
  const head = hasHeads(mechanism) ? n : undefined;
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
    line(row(e(ij), o('='), score)),
    ...(state === undefined ? [] : [line(state)]),
    ...(changes ? [line(row(final(ij), o('='), changed(e(ij), temperature, softCap)))] : []),
    line(row(α, o('='), weight)),
    ...(dropout > 0 ? [line(row(kept(head), o('='), dropped(otherwise)))] : []),
    ...contexts(mechanism, row(dropout > 0 ? kept(head) : '', α)),
  ];
}

/** Positions that query i may attend to. */
const allowed = row(name('mask'), bracket(i));

function changed(score: string, temperature: number, softCap: number | null): string {
  const divided = temperature === 1 ? score : fraction(score, '<mi>τ</mi>');
  return softCap === null ? divided : row('<mi>γ</mi>', apply('tanh', fraction(divided, '<mi>γ</mi>')));
}

const kept = (head: string | undefined): string => symbol('α', 'd', ij, head);

/** Factor by which dropout multiplies a weight. */
const dropped = (otherwise: string): string =>
  cases(
    ['<mn>0</mn>', row(name('P'), o('='), '<mi>p</mi>')],
    [fraction('<mn>1</mn>', row('<mn>1</mn>', o('−'), '<mi>p</mi>')), `<mtext>${otherwise}</mtext>`],
  );

function contexts(mechanism: MechanismKind, weight: string): string[] {
  const { value = h, output } = formulaOf(mechanism);
  const c = (above?: string): string => symbol('c', 'c', i, above);
  const mean = (head?: string): string => line(row(c(head), o('='), sum(j), weight, value));
  return output === undefined ? [mean()] : [mean(n), line(row(c(), o('='), output))];
}

/** Formulas of one step of Bahdanau's decoder. */
export function decoderFormulas(): string[] {
  const before = row(i, o('−'), '<mn>1</mn>');
  const [c, y] = [symbol('c', 'c', i), symbol('y', 'y', i)];
  const [s0, y0] = [symbol('s', 's', before), symbol('y', 'y', before)];
  const list = (...parts: readonly string[]): string => parts.join(o(','));
  return [
    line(row(symbol('e', 'e', ij), o('='), v, apply('tanh', row(W('2'), s0, o('+'), W('1'), h, o('+'), b)))),
    line(
      row(
        symbol('α', 'α', ij),
        o('='),
        fraction(apply('exp', symbol('e', 'e', ij)), row(sum('<mi>k</mi>'), apply('exp', symbol('e', 'e', ik)))),
      ),
    ),
    line(row(c, o('='), sum(j), symbol('α', 'α', ij), h)),
    // Two short lines fit narrow screens.
    `${line(row(s, o('='), '<mi>f</mi>', bracket(list(s0, y0, c))))}${line(row(y, o('='), '<mi>g</mi>', bracket(list(y0, s, c))))}`,
  ];
}

/** Formulas of a transformer's steps: x₀, the weights of a head, what the heads add, what the feed-forward layer adds, and what comes next. */
export function blockFormulas(): string[] {
  const x = `<msub><mi>x</mi>${i}</msub>`;
  const of = (letter: string, below: string): string => `<msubsup><mi>${letter}</mi>${below}${n}</msubsup>`;
  const list = row(of('c', i).replace(n, '<mn>1</mn>'), o(';'), o('…'), o(';'), of('c', i).replace(n, '<mi>H</mi>'));
  const added = (what: string): string => line(row(x, o('←'), x, o('+'), what));
  return [
    line(row(x, o('='), '<msqrt><mi>E</mi></msqrt>', `<msub><mi>V</mi><msub><mi>y</mi>${i}</msub></msub>`)),
    line(
      row(
        of('α', ij),
        o('='),
        `<munder>${name('softmax')}${j}</munder>`,
        bracket(fraction(row(`<msup>${of('q', i)}<mi>⊤</mi></msup>`, of('k', j)), '<msqrt><mi>D</mi></msqrt>')),
      ),
    ),
    added(row('<msub><mi>W</mi><mi>o</mi></msub>', bracket(list, ['[', ']']))),
    added(
      row(
        '<msub><mi>W</mi><mn>2</mn></msub>',
        `<msup>${apply('max', row('<mn>0</mn>', o(','), '<msub><mi>W</mi><mn>1</mn></msub>', apply('norm', x)))}<mn>2</mn></msup>`,
      ),
    ),
    line(row('<mi>p</mi>', o('='), apply('softmax', row('<mi>U</mi>', apply('norm', x))))),
  ];
}
