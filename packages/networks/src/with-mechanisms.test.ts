import { MECHANISMS } from '@heed/attention';
import { expect, it } from 'vitest';
import { captioner, captionerOf } from './captioner/kind.js';
import { classifier } from './classifier/kind.js';
import { recurrent, recurrentOf } from './recurrent/kind.js';
import { takesMechanisms, withMechanisms } from './with-mechanisms.js';

const augment = <P>(picture: P): P => picture;

it('networks whose attention may be any are made with other mechanisms', () => {
  for (const network of [recurrent, captioner, captionerOf({ augment })]) {
    expect(takesMechanisms(network)).toBe(true);
    const made = withMechanisms(network, []);
    expect(made.kind).toBe(network.kind);
    expect(made).not.toBe(network);
  }
});

it('those of one kind, or with mechanisms of their own, stay as they are', () => {
  for (const network of [classifier, recurrentOf({ mechanisms: MECHANISMS }), { ...recurrent, kind: 'mine' }]) {
    expect(takesMechanisms(network)).toBe(false);
    expect(withMechanisms(network, [])).toBe(network);
  }
});
