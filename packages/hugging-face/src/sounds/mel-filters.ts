/** A triangle over the frequencies of a spectrum: its weights from the first that isn't 0. */
export interface MelFilter {
  readonly from: number;
  readonly weights: Float64Array;
}

/** Where the mel scale turns from a line to a logarithm, as Slaney has it. */
const BEND_HERTZ = 1000;
const HERTZ_PER_MEL = 200 / 3;
const BEND = BEND_HERTZ / HERTZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

/** Highest frequency of Whisper's bands, in hertz. */
const HIGHEST = 8000;

/**
 * Slaney's mel filters from 0 to 8,000 Hz over the frequencies of a spectrum, each of area 1.
 *
 * @param frameLength samples that a spectrum is made of
 * @see Slaney 1998, "Auditory Toolbox", Interval Research 1998-010; librosa's `filters.mel`
 */
export function melFilters(bands: number, frameLength: number, sampleRate: number): readonly MelFilter[] {
  const bins = Math.floor(frameLength / 2) + 1;
  const highest = toMel(HIGHEST);
  const corners = Array.from({ length: bands + 2 }, (_, n) => toHertz((n * highest) / (bands + 1)));
  const step = Math.floor(sampleRate / 2) / (bins - 1);
  return Array.from({ length: bands }, (_, band) => {
    const [left, middle, right] = corners.slice(band, band + 3) as [number, number, number];
    const weights = Float64Array.from({ length: bins }, (_, bin) => {
      const hertz = bin * step;
      const height = Math.min((hertz - left) / (middle - left), (right - hertz) / (right - middle));
      return (2 * Math.max(0, height)) / (right - left);
    });
    const from = weights.findIndex((weight) => weight > 0);
    if (from < 0) return { from: 0, weights: new Float64Array(0) };
    return { from, weights: weights.slice(from, weights.findLastIndex((weight) => weight > 0) + 1) };
  });
}

const toMel = (hertz: number): number =>
  hertz < BEND_HERTZ ? hertz / HERTZ_PER_MEL : BEND + Math.log(hertz / BEND_HERTZ) / LOG_STEP;

const toHertz = (mel: number): number =>
  mel < BEND ? mel * HERTZ_PER_MEL : BEND_HERTZ * Math.exp(LOG_STEP * (mel - BEND));
