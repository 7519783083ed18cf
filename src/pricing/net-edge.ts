// From gross to net with every cost named, in basis points of one leg's notional. Legs have the
// same base quantity, so bps of each leg's own notional are added up: they differ by the basis
// only, which is bounded.
import type { Bps, EdgeEvidence } from '../domain/index.ts';
import { minus, plus, total } from '../domain/index.ts';

export interface EdgeParts {
  /** Per leg, over the time held; positive is received. */
  readonly fundingBps: readonly Bps[];
  /** Per leg, in and out. */
  readonly feesBps: readonly Bps[];
  /** Per leg, in and out. */
  readonly slippageBps: readonly Bps[];
  /** Once per trade, for what the books do between the decision and the fills. */
  readonly slippageBufferBps: Bps;
  readonly basisBufferBps: Bps;
}

export function netEdge(parts: EdgeParts): EdgeEvidence {
  const grossEdgeBps = total(parts.fundingBps);
  const feesBps = total(parts.feesBps);
  const slippageBps = plus(total(parts.slippageBps), parts.slippageBufferBps);
  const costsBps = total([feesBps, slippageBps, parts.basisBufferBps]);
  return {
    grossEdgeBps,
    feesBps,
    slippageBps,
    basisBufferBps: parts.basisBufferBps,
    netEdgeBps: minus(grossEdgeBps, costsBps),
  };
}
