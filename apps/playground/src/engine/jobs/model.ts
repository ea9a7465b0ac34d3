import type { ModelCard } from '@heed/models/card';
import type { HeadLayer, KnownNetwork } from '@heed/networks';
import type { ConfigOf, RunInfo } from '@heed/nn';
import type { Answer, Task, Trust } from '@heed/tasks';

/** Facts about a model that was loaded. */
export interface ModelFacts {
  readonly config: ConfigOf<KnownNetwork>;
  readonly parameters: number;
  /** Layers whose heads can be switched off. */
  readonly heads: readonly HeadLayer[];
  /** run.json of its run; null when only a model file was loaded. */
  readonly info: RunInfo<KnownNetwork> | null;
  /** Task of its run; null without run.json, or for a task that this page doesn't have. */
  readonly task: TaskFacts | null;
  /** Card that came with it. */
  readonly card: ModelCard | null;
}

/** Facts about a task, as far as a view needs them to ask a model. */
export interface TaskFacts extends Pick<
  Task,
  'name' | 'title' | 'description' | 'limits' | 'unit' | 'example' | 'multiline' | 'options'
> {
  /** Whether it is learnt from somebody's own files, so that its labels are their words. */
  readonly isOwn: boolean;
}

export interface Found {
  readonly output: readonly string[];
  readonly logProbability: number;
  readonly score: number;
  readonly weights: readonly Float32Array[] | null;
  readonly finished: boolean;
}

/** An answer, with how far it can be trusted where the model is calibrated. */
export interface TrustedAnswer extends Answer {
  readonly trust?: Trust;
  /** Layers whose heads can be switched off. */
  readonly heads?: readonly HeadLayer[];
}
