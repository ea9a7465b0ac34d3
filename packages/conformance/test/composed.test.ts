import { composed } from '@heed/core';
import { describeConformance } from '../src/vitest.js';
import { load } from './engine.js';

describeConformance(composed({ engine: 'cpu', load }));
