import * as blocks from './forward';
import * as gradients from './backward';
import { Problem } from './problem';
import { weightedBackward, weightedBackwardScratch, weightedForward, weightedForwardScratch } from './weighted';

/** The passes of every op: which one is meant, the problem says. */

export function forwardScratch(p: Problem, base: usize): f64 {
  return p.scores ? weightedForwardScratch(p, base) : blocks.forwardScratch(p, base);
}

export function forward(p: Problem, scratch: usize, parts: i32, from: i32, to: i32): void {
  if (p.scores) weightedForward(p, scratch, parts, from, to);
  else blocks.forward(p, scratch, parts, from, to);
}

export function backwardScratch(p: Problem, base: usize): f64 {
  return p.scores ? weightedBackwardScratch(p, base) : gradients.backwardScratch(p, base);
}

export function backward(p: Problem, scratch: usize, from: i32, to: i32): void {
  if (p.scores) weightedBackward(p, scratch, from, to);
  else gradients.backward(p, scratch, from, to);
}
