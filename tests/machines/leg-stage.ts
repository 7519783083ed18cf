// One leg alone, under a trade that only listens. What the leg asks for and what it tells its trade
// is read as one rung per event.
import type { AnyActorRef } from 'xstate';
import { assign, createActor, setup } from 'xstate';
import type { LegEvent, LegInstruction } from '../../machines/leg/leg-events.ts';
import { legMachine } from '../../machines/leg/leg-machine.ts';
import type { LegInput } from '../../machines/leg/leg-order.ts';
import type {
  ClientOrderId,
  Effect,
  Fill,
  OrderEnd,
  OrderEvidence,
} from '../../src/domain/index.ts';
import {
  clientOrderId,
  toFillId,
  toLegId,
  toMs,
  toPrice,
  toQty,
  toRejectCode,
  toTradeId,
  toUsd,
  toVenueOrderId,
} from '../../src/domain/index.ts';
import { Witness } from '../../src/kernel/witness.ts';
import { carryPlan, OKX, perpetual, RUN_TAG, START_AT_MS } from './carry-plan.ts';

interface Told {
  readonly type: string;
  readonly fills?: readonly Fill[];
  readonly code?: string;
}

const INPUT: LegInput = {
  runTag: RUN_TAG,
  tradeId: toTradeId(1),
  legId: toLegId('a'),
  venueId: OKX,
  instrumentId: perpetual(OKX),
  policy: carryPlan().order,
  attempt: 0,
  countedUntilAtMs: toMs(-1),
};
const INSTRUCTION: LegInstruction = {
  side: 'buy',
  qty: toQty('1'),
  limitPrice: toPrice('10010'),
  referencePrice: toPrice('10000'),
  reduceOnly: false,
};

const listeningTrade = setup({
  types: { context: {} as { readonly told: readonly Told[] }, events: {} as Told },
  actors: { leg: legMachine },
  actions: {
    listen: assign({ told: ({ context, event }) => [...context.told, event] }),
  },
}).createMachine({
  context: ({ spawn }) => {
    spawn('leg', { id: 'leg', systemId: 'leg', input: INPUT });
    return { told: [] };
  },
  on: { '*': { actions: 'listen' } },
});

type LegWord = LegEvent extends infer Event
  ? Event extends LegEvent
    ? Omit<Event, 'atMs'>
    : never
  : never;

export class LegStage {
  readonly #witness = new Witness();
  readonly #trade = createActor(listeningTrade, { inspect: this.#witness.inspect });
  readonly #rungs: string[] = [];
  #atMs: number = START_AT_MS;
  #attempt = 0;
  #state = 'idle';

  constructor() {
    this.#trade.start();
    this.#witness.take();
  }

  get ladder(): string {
    return `\n${this.#rungs.join('\n')}\n`;
  }

  get told(): readonly Told[] {
    return this.#trade.getSnapshot().context.told;
  }

  /** The id of the newest order, or of an earlier one. */
  id(attempt = this.#attempt): ClientOrderId {
    return clientOrderId({ ...INPUT, attempt });
  }

  wait(forMs: number): this {
    this.#atMs += forMs;
    return this;
  }

  submit(): this {
    this.#attempt += 1;
    return this.hear({ type: 'leg.submit', instruction: INSTRUCTION });
  }

  accepted(): this {
    const venueOrderId = toVenueOrderId('v1');
    return this.hear({ type: 'order.accepted', clientOrderId: this.id(), venueOrderId });
  }

  filled(name: string, qty: string, attempt = this.#attempt): this {
    return this.hear({ type: 'order.filled', fill: this.fill(name, qty, attempt) });
  }

  ended(end: OrderEnd, filledQty: string, attempt = this.#attempt): this {
    const id = this.id(attempt);
    return this.hear({ type: 'order.ended', clientOrderId: id, end, filledQty: toQty(filledQty) });
  }

  rejected(attempt = this.#attempt): this {
    const code = toRejectCode('venue.price-band');
    return this.hear({
      type: 'order.rejected',
      clientOrderId: this.id(attempt),
      code,
      message: '',
    });
  }

  unknown(attempt = this.#attempt): this {
    return this.hear({ type: 'order.unknown', clientOrderId: this.id(attempt), cause: 'timeout' });
  }

  answered(evidence: OrderEvidence, attempt = this.#attempt): this {
    return this.hear({ type: 'order.answered', clientOrderId: this.id(attempt), evidence });
  }

  fill(name: string, qty: string, attempt = this.#attempt): Fill {
    return {
      fillId: toFillId(name),
      clientOrderId: this.id(attempt),
      venueId: OKX,
      instrumentId: INPUT.instrumentId,
      side: 'buy',
      qty: toQty(qty),
      price: toPrice('10010'),
      feeUsd: toUsd('5'),
      liquidity: 'taker',
      filledAtMs: toMs(this.#atMs),
    };
  }

  hear(word: LegWord): this {
    this.#atMs += 1;
    const toldBefore = this.told.length;
    const leg = this.#trade.system.get('leg') as AnyActorRef;
    leg.send({ ...word, atMs: this.#atMs });
    const { transitions, effects } = this.#witness.take();
    const from = this.#state;
    for (const { actor, to } of transitions) if (actor === 'leg') this.#state = to;
    const says = [...effects.flatMap(wordOf), ...this.told.slice(toldBefore).map(toldWord)];
    const left = `${from.padEnd(9)} ${word.type.padEnd(14)} → ${this.#state.padEnd(9)}`;
    this.#rungs.push(`${left} ${says.join(' · ')}`.trimEnd());
    return this;
  }
}

const toldWord = ({ type, fills, code }: Told): string =>
  [`tells ${type}`, ...(fills ?? []).map(({ qty }) => qty), code ?? ''].join(' ').trimEnd();

function wordOf(effect: Effect): readonly string[] {
  switch (effect.type) {
    case 'order.place':
      return [`place #${Number(effect.order.clientOrderId.slice(13))}`];
    case 'order.query':
      return [`query #${Number(effect.order.clientOrderId.slice(13))}`];
    case 'timer.set':
      return [`timer ${effect.timer} ${effect.delayMs}`];
    default:
      return [];
  }
}
