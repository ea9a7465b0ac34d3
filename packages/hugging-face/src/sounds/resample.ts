/** Zeros of the sinc on each side that are kept, its window's shape, and what of the band is: resampy's `kaiser_best`. */
const ZEROS = 64;
const BETA = 14.769_656_459_379_492;
const ROLLOFF = 0.947_593_716_739_959_6;
/** Points of the table between two zeros; lines between them are within 1e-7 of the curve. */
const DENSITY = 4096;

/**
 * Samples at another rate: band-limited interpolation by a sinc in Kaiser's window, below both rates' highest frequencies.
 *
 * @returns ⌈length · to / from⌉ samples
 * @see Smith, "Digital Audio Resampling Home Page", https://ccrma.stanford.edu/~jos/resample/; resampy
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const table = windowedSinc();
  // Zeros of the filter in a sample of the source.
  const band = ROLLOFF * Math.min(1, to / from);
  const reach = ZEROS / band;
  return Float32Array.from({ length: Math.ceil((samples.length * to) / from) }, (_, n) => {
    const center = (n * from) / to;
    const last = Math.min(Math.floor(center + reach), samples.length - 1);
    let sum = 0;
    for (let at = Math.max(0, Math.ceil(center - reach)); at <= last; at++) {
      const place = Math.abs(at - center) * band * DENSITY;
      const left = Math.floor(place);
      sum += samples[at]! * (table[left]! + (place - left) * (table[left + 1]! - table[left]!));
    }
    return sum * band;
  });
}

let made: Float64Array | undefined;

/** One side of the filter, from its middle, and two points past its end. */
function windowedSinc(): Float64Array {
  made ??= Float64Array.from({ length: ZEROS * DENSITY + 2 }, (_, n) => {
    const x = n / DENSITY;
    const inside = Math.max(0, 1 - (x / ZEROS) ** 2);
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return (sinc * bessel(BETA * Math.sqrt(inside))) / bessel(BETA);
  });
  return made;
}

/** I₀, the modified Bessel function, by its power series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
