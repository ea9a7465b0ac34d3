import listed from './samples/samples.json';

/** Test sets of the captions, as the sample pictures name them. */
export type SampleSet = 'concepts' | 'combinations' | 'style-seen' | 'style-unseen';
type SampleStyle = 'noto' | 'fluent' | 'twemoji';

/** A picture to begin with. */
export interface Sample {
  /** Name in a link. */
  readonly name: string;
  /** Test set that it is of. */
  readonly set: SampleSet;
  readonly style: SampleStyle;
  readonly names: Readonly<Record<'en' | 'zh', string>>;
  readonly url: string;
}

const URLS = import.meta.glob<string>('./samples/*.png', { eager: true, query: '?url', import: 'default' });

/** Sample pictures, of each test set some. `scripts/sample-pictures.mjs` writes them. */
export const SAMPLES: readonly Sample[] = listed.map(({ name, set, style, names }) => ({
  name,
  set: set as SampleSet,
  style: style as SampleStyle,
  names,
  // The worker that fetches it lies elsewhere.
  url: new URL(URLS[`./samples/${name}.png`]!, document.baseURI).href,
}));
