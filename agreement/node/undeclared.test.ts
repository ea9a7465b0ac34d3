import { describeUndeclared } from '../undeclared.js';
import { loadAnywhere } from '@heed/backends/composed';

const backends = await loadAnywhere();

for (const factory of backends) describeUndeclared(factory);
