import { describeUndeclared } from '../undeclared.js';
import { backends } from './backends.js';

for (const factory of backends) describeUndeclared(factory);
