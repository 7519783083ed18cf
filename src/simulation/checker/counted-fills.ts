// I6: fills always count. Whenever a fill of ours is heard, its leg counts it in that very step, in
// whatever state it is; once, with its whole quantity, and what is filled of an order never falls.
import type { Violation } from '../evidence.ts';
import { ActorView, isTrade } from './actor-view.ts';
import { exact, isExactText, signed, sum, toText } from './exact.ts';
import { listAt, textAt } from './json.ts';
import type { ReadRecord } from './journal-reading.ts';
import { raises, shown } from './journal-reading.ts';
import type { HeardFill, Run } from './run-reading.ts';
import { heldBy } from './corrections.ts';

const fault = (record: ReadRecord, text: string): Violation => ({
  invariant: 'I6',
  atMs: record.atMs,
  text,
  evidence: [shown(record)],
});

export function checkCountedFills(run: Run): readonly Violation[] {
  const fillsAt = new Map<ReadRecord, HeardFill[]>();
  for (const fill of run.heardFills) {
    fillsAt.set(fill.record, [...(fillsAt.get(fill.record) ?? []), fill]);
  }
  const view = new ActorView();
  const counted = new CountedFills(run);
  return run.records.flatMap((record) => {
    const before = orderFills(record, view);
    view.follow(record);
    const fills = fillsAt.get(record) ?? [];
    return [
      ...fills.flatMap((fill) => counted.missing(fill, view)),
      ...counted.totals(fills, view, record),
      ...fallen(record, before),
    ];
  });
}

class CountedFills {
  readonly #run: Run;
  /** Fills heard so far of each leg, each once. */
  readonly #heard = new Map<string, Map<string, HeardFill>>();

  constructor(run: Run) {
    this.#run = run;
  }

  missing(fill: HeardFill, view: ActorView): readonly Violation[] {
    const leg = this.#run.placementOf.get(fill.clientOrderId)?.legActor;
    if (leg === undefined || fill.isLiquidation) return [];
    const heard = this.#heard.get(leg) ?? new Map<string, HeardFill>();
    this.#heard.set(leg, heard.set(fill.fillId, fill));
    const ids = listAt(view.value(leg, 'countedFills'));
    const count = ids.filter((id) => id === fill.fillId).length;
    if (count === 1 || hasAlarm(fill.record)) return [];
    const what = count === 0 ? 'not counted' : `counted ${count} times`;
    return [fault(fill.record, `fill ${fill.fillId} for ${leg} was heard and ${what}`)];
  }

  /**
   * The legs that the fills of this record moved hold the sum of all that was heard of them, and
   * what they took over from their venue.
   */
  totals(fills: readonly HeardFill[], view: ActorView, record: ReadRecord): readonly Violation[] {
    const legs = new Set(
      fills.map((fill) => this.#run.placementOf.get(fill.clientOrderId)?.legActor),
    );
    return [...legs].flatMap((leg) => {
      if (leg === undefined || this.#wasLiquidated(leg) || hasAlarm(record)) return [];
      const trade = leg.slice(0, leg.lastIndexOf('.'));
      const legId = leg.slice(leg.lastIndexOf('.') + 1);
      const booked = view.value(trade, 'legs');
      const { unexplained } = heldBy(booked, legId);
      const heard = [...(this.#heard.get(leg)?.values() ?? [])];
      const due = {
        positionQty: sum(heard.map((fill) => signed(fill.side, fill.qty))) + unexplained,
        feesUsd: sum(heard.map((fill) => exact(fill.feeUsd))),
      };
      return (['positionQty', 'feesUsd'] as const).flatMap((name) => {
        const text = textAt(booked, legId, name);
        if (isExactText(text) && exact(text) === due[name]) return [];
        const said = `${name} of ${leg} is ${text || 'not said'}`;
        return [fault(record, `${said}; its fills make ${toText(due[name])}`)];
      });
    });
  }

  #wasLiquidated(leg: string): boolean {
    const [placed] = this.#run.placements.filter(({ legActor }) => legActor === leg);
    return this.#run.heardFills.some(
      (fill) => fill.isLiquidation && fill.instrumentId === placed?.instrumentId,
    );
  }
}

/** A fill that comes after its trade was let go cannot be booked; a person is called instead. */
const hasAlarm = (record: ReadRecord): boolean => raises(record, 'FOREIGN_FILL');

type OrderFills = ReadonlyMap<string, { readonly order: string; readonly qty: string }>;

function orderFills({ chain, transitions }: ReadRecord, view: ActorView): OrderFills {
  return new Map(
    transitions
      .filter(({ actor }) => !isTrade(`/${actor}`) && actor.includes('.'))
      .map(({ actor }) => {
        const order = view.value(`${chain}/${actor}`, 'order');
        return [
          actor,
          { order: textAt(order, 'clientOrderId'), qty: textAt(order, 'filledQty') },
        ] as const;
      }),
  );
}

const fallen = (record: ReadRecord, before: OrderFills): readonly Violation[] =>
  record.transitions.flatMap(({ actor, changed }) => {
    const was = before.get(actor);
    const order = textAt(changed, 'order', 'clientOrderId');
    const qty = textAt(changed, 'order', 'filledQty');
    if (was === undefined || was.order !== order || !isExactText(qty)) return [];
    if (!isExactText(was.qty) || exact(qty) >= exact(was.qty)) return [];
    return [fault(record, `what is filled of ${order} fell from ${was.qty} to ${qty}`)];
  });
