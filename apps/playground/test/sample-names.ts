import listed from '../src/views/picture/samples/samples.json' with { type: 'json' };

/** Names of the sample pictures, as links have them. */
export const SAMPLE_NAMES: readonly string[] = listed.map(({ name }) => name);
