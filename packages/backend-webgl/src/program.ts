import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineProgram, UniformType, WebglEngine } from './engine.js';

/**
 * Shaders over tensors of rank 3, [N, R, C], in the engine's packed layout: a texel holds rows r, r + 1 and columns c, c + 1 as
 * (r,c), (r,c+1), (r+1,c), (r+1,c+1); r and c are even. What a texel holds beyond the last row or column is unspecified.
 *
 * Sizes are uniforms, so that the compiled program belongs to the code alone and growing sequences don't compile again.
 */
export type Shape3 = readonly [n: number, rows: number, columns: number];

export interface Operand {
  readonly tensor: TensorInfo;
  /** Of the same number of elements as the tensor, and of the same last two axes where it has them. */
  readonly shape: Shape3;
}

export interface Shader {
  /** Names of the operands: capital letters, by which the code reads them. */
  readonly operands: Readonly<Record<string, Operand>>;
  readonly integers?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly output: Shape3;
  /** Functions, then `vec4 texel(int n, int r, int c)`: the four numbers of the output there. */
  readonly code: string;
}

/** Runs a shader; the output is a new tensor in the packed layout. */
export function runShader(
  engine: WebglEngine,
  { operands, integers = {}, floats = {}, output, code }: Shader,
): TensorInfo {
  const names = Object.keys(operands);
  const uniforms: [string, UniformType, number[]][] = [
    ...names.map((name): [string, UniformType, number[]] => [`size${name}`, 'ivec3', [...operands[name]!.shape]]),
    ...Object.entries(integers).map(([name, value]): [string, UniformType, number[]] => [name, 'int', [value]]),
    ...Object.entries(floats).map(([name, value]): [string, UniformType, number[]] => [name, 'float', [value]]),
  ];
  const program: EngineProgram = {
    variableNames: names,
    outputShape: [...output],
    userCode: [...names.map(reader), code, MAIN].join('\n'),
    packedInputs: true,
    packedOutput: true,
    enableShapeUniforms: true,
    customUniforms: uniforms.map(([name, type]) => ({ name, type })),
  };
  return engine.run(
    program,
    names.map((name) => reshaped(operands[name]!)),
    uniforms.map(([, , values]) => values),
  );
}

/** The same data under another shape, which the engine repacks where it has to. */
function reshaped({ tensor, shape }: Operand): TensorInfo {
  return { dataId: tensor.dataId, dtype: tensor.dtype, shape: [...shape] };
}

const MAIN = `
void main() {
  ivec3 at = getOutputCoords();
  setOutput(texel(at.x, at.y, at.z));
}`;

/**
 * For operand X: `int spotX(n, r, c)`, the number of a texel, and `vec4 readX(spot)`. Of neighbouring columns spots are one
 * apart, of neighbouring rows `strideX()`. The division is one of floats, exact for what a texture can hold: integers divide
 * slowly on most processors.
 */
function reader(name: string): string {
  return `
int stride${name}() { return (size${name}.z + 1) / 2; }
int spot${name}(int n, int r, int c) { return (n * ((size${name}.y + 1) / 2) + r / 2) * stride${name}() + c / 2; }
vec4 read${name}(int spot) {
  int width = (${name}TexShape.y + 1) / 2;
  int row = int((float(spot) + 0.5) / float(width));
  int column = spot - row * width;
  if (column < 0) { row--; column += width; }
  if (column >= width) { row++; column -= width; }
  return texelFetch(${name}, ivec2(column, row), 0);
}
/** A single number. */
float one${name}(int n, int r, int c) {
  vec4 four = read${name}(spot${name}(n, r, c));
  vec2 two = r % 2 == 0 ? four.rg : four.ba;
  return c % 2 == 0 ? two.x : two.y;
}`;
}
