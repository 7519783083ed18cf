// Where a life of the engine may be cut off: before a record is written, after it, once it is safe,
// with the message sent, with a report read and not yet recorded. The points are passed all the
// time; a seeded one of them is the last.
import type { Input, Seq, StepRecord } from '../domain/index.ts';
import type { Journal } from '../ports/index.ts';
import { ProcessKilled } from './process-killed.ts';

export type KillPoint =
  'before-write' | 'after-write' | 'durable-not-sent' | 'sent' | 'read-not-written' | 'snapshot';

export class KillPoints {
  readonly #isFatal: (point: KillPoint) => boolean;

  constructor(isFatal: (point: KillPoint) => boolean) {
    this.#isFatal = isFatal;
  }

  /** Throws when this is where the process dies. */
  pass(point: KillPoint): void {
    if (this.#isFatal(point)) throw new ProcessKilled(`killed at ${point}`);
  }

  /** Counts only where something of an order is at stake: quiet records outnumber those far. */
  journal(inner: Journal): Journal {
    const stakes = new Set<Seq>();
    return {
      append: (record) => {
        const isAtStake = hasStake(record);
        if (isAtStake) this.pass('before-write');
        inner.append(record);
        if (isAtStake) stakes.add(record.seq);
        if (isAtStake) this.pass('after-write');
      },
      whenDurable: (seq, then) => {
        const isAtStake = stakes.delete(seq);
        inner.whenDurable(seq, () => {
          if (isAtStake) this.pass('durable-not-sent');
          then();
          if (isAtStake) this.pass('sent');
        });
      },
      onFailure: (then) => inner.onFailure(then),
      close: () => inner.close(),
    };
  }

  accept(inner: (input: Input) => void): (input: Input) => void {
    return (input) => {
      if (input.type.startsWith('order.')) this.pass('read-not-written');
      inner(input);
    };
  }
}

const hasStake = ({ input, effects }: StepRecord): boolean =>
  input.type.startsWith('order.') ||
  input.type.startsWith('operator.') ||
  input.type === 'run.resumed' ||
  effects.some(({ type }) => type.startsWith('order.'));
