/// <reference lib="dom" />

/** Pipelines that are kept; of more, the one that was used longest ago goes. */
const MOST = 512;

/** Pipelines of a device by their source: compiled when they are first met, or ahead of that. */
export class Pipelines {
  static readonly #known = new WeakMap<GPUDevice, Pipelines>();

  readonly #device: GPUDevice;
  /** The last used stands last. */
  readonly #made = new Map<string, GPUComputePipeline>();
  readonly #pending = new Map<string, Promise<void>>();

  private constructor(device: GPUDevice) {
    this.#device = device;
  }

  static of(device: GPUDevice): Pipelines {
    let pipelines = this.#known.get(device);
    if (pipelines === undefined) this.#known.set(device, (pipelines = new Pipelines(device)));
    return pipelines;
  }

  get(label: string, code: string): GPUComputePipeline {
    const pipeline = this.#made.get(code) ?? this.#device.createComputePipeline(this.#described(label, code));
    this.#keep(code, pipeline);
    return pipeline;
  }

  /** Begins to compile, where it isn't there or begun. */
  begin(label: string, code: string): void {
    if (this.#made.has(code) || this.#pending.has(code)) return;
    const pending = this.#device
      .createComputePipelineAsync(this.#described(label, code))
      .then((pipeline) => this.#keep(code, this.#made.get(code) ?? pipeline))
      .finally(() => this.#pending.delete(code));
    // Whoever waits for it hears of a failure; where nobody does, the next `get` fails.
    pending.catch(() => undefined);
    this.#pending.set(code, pending);
  }

  /** Resolves when all that was begun is there. */
  async ready(): Promise<void> {
    await Promise.all(this.#pending.values());
  }

  #keep(code: string, pipeline: GPUComputePipeline): void {
    this.#made.delete(code);
    this.#made.set(code, pipeline);
    if (this.#made.size > MOST) this.#made.delete(this.#made.keys().next().value!);
  }

  #described(label: string, code: string): GPUComputePipelineDescriptor {
    const module = this.#device.createShaderModule({ label, code });
    return { label, layout: 'auto', compute: { module, entryPoint: 'main' } };
  }
}
