import { defineConfig } from '@heed/cli';
import { LAYERS } from './layers.js';

/** Layers that models have besides Keras's own, for `heed keras`. */
export default defineConfig({ layers: Object.values(LAYERS) });
