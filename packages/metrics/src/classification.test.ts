import { describe, expect, it } from 'vitest';
import { classificationReport } from './classification.js';

const results = (text: string) => text.split(' ').map(([expected, label]) => ({ expected: expected!, label: label! }));

describe('classificationReport', () => {
  it('counts per class', () => {
    // p: 3 predicted, 2 true, 1 right; n: 2 predicted, 3 true, 1 right
    const { accuracy, errors, f1, macroF1 } = classificationReport(['n', 'p'], results('pp pn nn np np'));
    expect([accuracy, errors]).toEqual([0.4, 3]);
    expect(f1).toEqual({ n: 2 / 5, p: 2 / 5 });
    expect(macroF1).toBeCloseTo(0.4, 12);
  });

  it('lets a class that is never told count as much as the others', () => {
    const { accuracy, f1, macroF1 } = classificationReport(['n', 'p'], results('nn nn nn pn'));
    expect(accuracy).toBe(0.75);
    expect(f1).toEqual({ n: 6 / 7, p: 0 });
    expect(macroF1).toBeCloseTo(3 / 7, 12);
    expect(classificationReport(['n', 'p'], []).macroF1).toBe(0);
  });

  it.each(['px', 'xp'])('refuses a label that is no class: %s', (pair) => {
    expect(() => classificationReport(['n', 'p'], results(`pp ${pair}`))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('"x"') }),
    );
  });
});
