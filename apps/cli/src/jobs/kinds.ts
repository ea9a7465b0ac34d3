import { SHARDS } from '../shards/shard.js';
import { TRAININGS } from '../sweep/training.js';
import type { JobKind } from './job.js';

/** Every kind of job that a worker does. */
export const JOB_KINDS: readonly JobKind[] = [TRAININGS, SHARDS];
