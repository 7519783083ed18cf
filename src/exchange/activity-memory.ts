// What the venue did for us, kept apart from orders and their ids: executions, funding payments,
// liquidations and transfers, each with its instant. A venue that denies an order still knows its
// executions.
import type { Ms, VenueReport } from '../domain/index.ts';

/** Venues answer for about a week of executions without a special export. */
const ACTIVITY_MS_MAX = 7 * 86_400_000;
const ACTIVITY_COUNT_MAX = 20_000;
/** Old ones go together, so that a long run does not move the list at each fill. */
const FORGOTTEN_TOGETHER = 1_000;

export type ActivityReport = Extract<
  VenueReport,
  { readonly type: 'order.filled' | 'funding.paid' | 'position.liquidated' | 'transfer.made' }
>;

export interface Activity {
  /** When it was booked on the account; never earlier than that of the one before. */
  readonly atMs: Ms;
  readonly report: ActivityReport;
}

export class ActivityMemory {
  #kept: Activity[] = [];

  /** In order of happening. */
  get all(): readonly Activity[] {
    return this.#kept;
  }

  remember(activity: Activity): void {
    this.#kept.push(activity);
    const oldest = this.#kept[FORGOTTEN_TOGETHER - 1];
    if (oldest === undefined) return;
    const isOld = activity.atMs - oldest.atMs > ACTIVITY_MS_MAX;
    const isOverfull = this.#kept.length >= ACTIVITY_COUNT_MAX + FORGOTTEN_TOGETHER;
    if (isOld || isOverfull) this.#kept = this.#kept.slice(FORGOTTEN_TOGETHER);
  }

  /** Whatever is dated later is dated so. */
  dateBack(atMs: Ms): void {
    this.#kept = this.#kept.map((each) => (each.atMs > atMs ? { ...each, atMs } : each));
  }

  /** Everything at that instant and later, as it was reported. */
  since(atMs: Ms): readonly ActivityReport[] {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#kept[middle]?.atMs ?? Infinity) < atMs) low = middle + 1;
      else high = middle;
    }
    return this.#kept.slice(low).map(({ report }) => report);
  }
}
