import { defineConfig } from '@heed/cli';
import { opt } from './opt.js';

export default defineConfig({ families: [opt] });
