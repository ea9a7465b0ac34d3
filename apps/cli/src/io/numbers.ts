/** A number for people, with so many digits that count: 12,300, 0.012, and 1.2·10⁻⁹ where zeros would have to be counted. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '−∞' : '∞';
  const size = Math.abs(value);
  if (size === 0 || (size >= SMALLEST && size < LARGEST)) {
    return value.toLocaleString('en', { maximumSignificantDigits: digits }).replace('-', '−');
  }
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  return `${String(Number(mantissa)).replace('-', '−')}·10${superscript(Number(exponent))}`;
}

const SMALLEST = 1e-4;
const LARGEST = 1e12;

const superscript = (exponent: number): string =>
  Array.from(String(exponent), (sign) => (sign === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)])).join('');
