import type { Axis, ModelInput, ModelOp } from './define.js';

/** An axis as it is checked: its letter and how many times its length; no letter where the length is 1. */
export interface AxisLayout {
  readonly letter: string;
  readonly times: number;
}

export interface InputLayout {
  readonly name: string;
  /** The name of the gradient in it. */
  readonly gradient: string;
  readonly list: ModelInput['list'];
  readonly isConstant: boolean;
  /** Absent where any shape will do. */
  readonly axes: readonly AxisLayout[] | undefined;
}

/** What follows from an op's definition, worked out once: a model runs hundreds of ops a step. */
export interface Layout {
  readonly kernelName: string;
  readonly gradientKernelName: string;
  readonly inputs: readonly InputLayout[];
  /** Names of the outputs in order, hidden ones too. */
  readonly outputs: readonly string[];
  /** Names of the outputs that callers see. */
  readonly results: readonly string[];
  readonly savedInputs: readonly string[];
  readonly savedOutputs: readonly string[];
  /** What the backward pass gets, in order. */
  readonly backwardInputs: readonly string[];
}

const layouts = /* @__PURE__ */ new WeakMap<ModelOp, Layout>();

export function layoutOf(op: ModelOp): Layout {
  let layout = layouts.get(op);
  if (layout === undefined) layouts.set(op, (layout = layOut(op)));
  return layout;
}

function layOut({ name, inputs, outputs }: ModelOp): Layout {
  const kernelName = `Heed${capitalized(name)}`;
  const results = Object.keys(outputs).filter((output) => !outputs[output].hidden);
  const savedInputs = Object.keys(inputs).filter((input) => inputs[input].saved);
  const savedOutputs = Object.keys(outputs).filter((output) => outputs[output].saved);
  return {
    kernelName,
    gradientKernelName: `${kernelName}Grad`,
    inputs: Object.entries(inputs).map(([input, { list, shape, constant = false }]) => ({
      name: input,
      gradient: gradientNameOf(input),
      list,
      isConstant: constant,
      axes: shape?.map(axisLayout),
    })),
    outputs: Object.keys(outputs),
    results,
    savedInputs,
    savedOutputs,
    backwardInputs: [...savedInputs, ...savedOutputs, ...results.map(gradientNameOf)],
  };
}

const axisLayout = (axis: Axis): AxisLayout =>
  axis === 1 ? { letter: '', times: 1 } : { letter: axis.at(-1)!, times: Number(axis.slice(0, -1) || 1) };

const gradientNameOf = (name: string): string => `d${capitalized(name)}`;

const capitalized = (name: string): string => `${name[0].toUpperCase()}${name.slice(1)}`;
