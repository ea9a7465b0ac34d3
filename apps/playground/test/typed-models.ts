import { models, type BundledModel } from '@heed/models';
import { tasks } from '@heed/tasks';

/** Shipped models that are asked by typing; those of pictures have a view of their own. */
export const typedModels: Readonly<Record<string, BundledModel>> = Object.fromEntries(
  Object.entries(models).filter(([name]) => tasks[name].pictures === undefined),
);
