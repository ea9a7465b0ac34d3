/**
 * |DFT|² of real frames of a length N, at frequencies 0 to ⌊N / 2⌋. Halves of a frame are folded on each other first, as cosines are even
 * and sines odd; silence costs nothing.
 *
 * @returns powers, in an array that the next call writes over
 */
export function powerSpectrum(length: number): (frame: Float64Array) => Float64Array {
  const half = Math.floor(length / 2);
  const turns = Array.from({ length }, (_, n) => (2 * Math.PI * n) / length);
  const [cosines, sines] = [Float64Array.from(turns, Math.cos), Float64Array.from(turns, Math.sin)];
  const [even, odd] = [new Float64Array(half + 1), new Float64Array(half + 1)];
  const powers = new Float64Array(half + 1);
  return (frame) => {
    if (frame.every((value) => value === 0)) return powers.fill(0);
    even[0] = frame[0]!;
    for (let n = 1; n <= half; n++) {
      const isMiddle = 2 * n === length;
      even[n] = isMiddle ? frame[n]! : frame[n]! + frame[length - n]!;
      odd[n] = isMiddle ? 0 : frame[n]! - frame[length - n]!;
    }
    for (let k = 0; k <= half; k++) {
      let [real, imaginary] = [0, 0];
      for (let n = 0, turn = 0; n <= half; n++) {
        real += even[n]! * cosines[turn]!;
        imaginary += odd[n]! * sines[turn]!;
        turn += k;
        if (turn >= length) turn -= length;
      }
      powers[k] = real * real + imaginary * imaginary;
    }
    return powers;
  };
}
