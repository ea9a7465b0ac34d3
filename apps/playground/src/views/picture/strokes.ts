/** A line that somebody drew, in the canvas's pixels. */
export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws all strokes on a canvas that is clear before, as the pictures are that a captioner learns from. */
export function drawStrokes(context: CanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const { colour, width, points } of strokes) {
    const [first, ...others] = points;
    if (first === undefined) continue;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(first.x, first.y);
    // Browsers leave lines of no length out, and this one makes a dot.
    context.lineTo(first.x + 0.01, first.y);
    for (const { x, y } of others) context.lineTo(x, y);
    context.stroke();
  }
}

/** Place of a pointer in a canvas of `side` by `side` pixels that is shown in a box. */
export function pointAt(
  { clientX, clientY }: Pick<PointerEvent, 'clientX' | 'clientY'>,
  box: Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>,
  side: number,
): Point {
  return { x: ((clientX - box.left) / box.width) * side, y: ((clientY - box.top) / box.height) * side };
}
