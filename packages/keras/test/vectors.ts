import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of models made by real Keras, and of models that others published. */
export const KERAS = fileURLToPath(new URL('../../../vectors/keras', import.meta.url));

/** Folders of models: 'models/vit', 'strangers/…'. */
export const MODELS = ['models', 'strangers'].flatMap((kind) =>
  readdirSync(`${KERAS}/${kind}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${kind}/${name}`),
);

export const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(`${KERAS}/${path}`));

/** Files of all models whose names end so. */
export const filesOf = (end: string): string[] =>
  MODELS.flatMap((model) =>
    readdirSync(`${KERAS}/${model}`)
      .filter((name) => name.endsWith(end))
      .map((name) => `${model}/${name}`),
  );
