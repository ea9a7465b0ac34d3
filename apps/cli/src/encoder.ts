/** The name that `heed run` knows the pretrained sentence encoder by. */
export const ENCODER = 'use';
export const ENCODER_TITLE = 'Universal Sentence Encoder Lite, rebuilt of multi-head attention';
