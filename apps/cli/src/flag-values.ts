/** What a flag's text can't be; its message says what it must be. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}

/** A parser of whole numbers in a range. */
export function wholeNumber({ least = 0, most = Number.MAX_SAFE_INTEGER }: { least?: number; most?: number } = {}) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `≥ ${least}` : `from ${least} to ${most}`;
      throw new InvalidValue(`It must be a whole number ${range}.`);
    }
    return value;
  };
}

interface Range {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
}

/** A parser of finite numbers in a range. */
export function number({ least, above, most, below }: Range = {}) {
  const bounds = [
    least !== undefined && `≥ ${least}`,
    above !== undefined && `> ${above}`,
    most !== undefined && `≤ ${most}`,
    below !== undefined && `< ${below}`,
  ].filter((bound) => bound !== false);
  return (text: string): number => {
    const value = Number(text);
    const fits =
      text.trim() !== '' &&
      Number.isFinite(value) &&
      value >= (least ?? -Infinity) &&
      value > (above ?? -Infinity) &&
      value <= (most ?? Infinity) &&
      value < (below ?? Infinity);
    if (!fits) throw new InvalidValue(`It must be a number${bounds.map((bound) => ` ${bound}`).join(',')}.`);
    return value;
  };
}

/** "90s", "2m", "1h30m", or seconds. */
export function seconds(text: string): number {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(text.trim());
  const total = match === null ? 0 : Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  if (!(total > 0)) throw new InvalidValue('It must be a time such as 90s, 2m or 1h30m.');
  return total;
}

/** "100:200", the hundred after the first hundred */
export function range(text: string): { readonly from: number; readonly to: number } {
  const [from, to, ...others] = text.split(':').map(wholeNumber());
  if (from === undefined || to === undefined || others.length > 0 || from >= to)
    throw new InvalidValue('It must be two numbers: 100:200 are the hundred after the first hundred.');
  return { from, to };
}

/** "cpu,wasm" */
export const names = (text: string): string[] => text.split(',').map((name) => name.trim());

/** "3,5,2" */
export function wholeNumbers(text: string): number[] {
  return text.split(',').map(wholeNumber());
}

/** "2,0", or "2,all" for a side that is open. */
export function windowSides(text: string): readonly [before: number, after: number] {
  const sides = text.split(',').map((side) => (side.trim() === 'all' ? Infinity : wholeNumber()(side)));
  if (sides.length !== 2) throw new InvalidValue('It takes two numbers: 2,0 is the position and two before it.');
  return sides as [number, number];
}
