import { defineConfig } from '@heed/cli';
import { gaussian } from './src/gaussian.js';
import { loops } from './src/loops.js';
import { plurals } from './src/plurals.js';

export default defineConfig({ backends: [loops()], mechanisms: [gaussian], tasks: [plurals] });
