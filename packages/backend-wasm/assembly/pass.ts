import * as blocks from './forward';
import * as gradients from './backward';
import { Request } from './request';
import { weightedBackward, weightedBackwardScratch, weightedForward, weightedForwardScratch } from './weighted';

/** The passes of every op: which one is meant, the request says. */

export function forwardScratch(p: Request, base: usize): f64 {
  return p.scores ? weightedForwardScratch(p, base) : blocks.forwardScratch(p, base);
}

export function forward(p: Request, scratch: usize, parts: i32, from: i32, to: i32): void {
  if (p.scores) weightedForward(p, scratch, parts, from, to);
  else blocks.forward(p, scratch, parts, from, to);
}

export function backwardScratch(p: Request, base: usize): f64 {
  return p.scores ? weightedBackwardScratch(p, base) : gradients.backwardScratch(p, base);
}

export function backward(p: Request, scratch: usize, from: i32, to: i32): void {
  if (p.scores) weightedBackward(p, scratch, from, to);
  else gradients.backward(p, scratch, from, to);
}
