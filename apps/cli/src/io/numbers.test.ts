import { expect, test } from 'vitest';
import { significant } from './numbers.js';

test.each([
  [0, '0'],
  [1234.5, '1,230'],
  [999.96, '1,000'],
  [12, '12'],
  [0.000123, '0.000123'],
  [1.234e-9, '1.23·10⁻⁹'],
  [-3.1e-5, '−3.1·10⁻⁵'],
  [-0.5, '−0.5'],
  [6.02e23, '6.02·10²³'],
  [9.999e-5, '1·10⁻⁴'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
  [Number.NaN, 'NaN'],
])('%s is %s', (value, text) => expect(significant(value)).toBe(text));
