// Whose a fill is: by its order; for a closing by the venue, whoever holds the other side of it at
// that instrument. Follow the fills in the order of happening.
import { signed } from './exact.ts';
import type { Placement, Run } from './run-reading.ts';

interface AnyFill {
  readonly clientOrderId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly qty: string;
}

/** The trade of every execution, in the order in which the venues executed them. */
export function ownersOf(run: Run): ReadonlyMap<string, string> {
  const holdings = new Holdings(run.placementOf);
  const executions = run.evidence.venues
    .flatMap((venue) => venue.executions.filter(({ kind }) => kind !== 'foreign'))
    .sort((left, right) => left.filledAtMs - right.filledAtMs);
  const owners = new Map<string, string>();
  for (const execution of executions) {
    const tradeKey = holdings.take(execution);
    if (tradeKey !== undefined) owners.set(execution.fillId, tradeKey);
  }
  return owners;
}

class Holdings {
  readonly #placementOf: ReadonlyMap<string, Placement>;
  /** Quantity by instrument and then by trade. */
  readonly #held = new Map<string, Map<string, bigint>>();

  constructor(placementOf: ReadonlyMap<string, Placement>) {
    this.#placementOf = placementOf;
  }

  /** Books the fill and names its trade; undefined when it is nobody's. */
  take(fill: AnyFill): string | undefined {
    const qty = signed(fill.side, fill.qty);
    const holders = this.#held.get(fill.instrumentId) ?? new Map<string, bigint>();
    this.#held.set(fill.instrumentId, holders);
    const tradeKey =
      this.#placementOf.get(fill.clientOrderId)?.tradeKey ??
      [...holders].find(([, has]) => has !== 0n && has > 0n === qty < 0n)?.[0];
    if (tradeKey === undefined) return undefined;
    holders.set(tradeKey, (holders.get(tradeKey) ?? 0n) + qty);
    return tradeKey;
  }
}
