// Which data an engine had could not be entered on, and when: written down from what reached it,
// without asking it. The checker holds the engine's decisions against these windows.
import type { InstrumentId } from '../domain/index.ts';
import type { BadDataWindow } from './evidence.ts';

type Condition = Exclude<BadDataWindow['kind'], 'stale'>;

export class DataWatch {
  readonly #windows: BadDataWindow[] = [];
  readonly #staleAfterMs: number;
  readonly #openSince = new Map<string, { condition: Condition; id: InstrumentId; at: number }>();
  readonly #dataAtMs = new Map<InstrumentId, number>();

  constructor(staleAfterMs: number) {
    this.#staleAfterMs = staleAfterMs;
  }

  begin(condition: Condition, id: InstrumentId, atMs: number): void {
    const name = `${condition} ${id}`;
    if (!this.#openSince.has(name)) this.#openSince.set(name, { condition, id, at: atMs });
  }

  end(condition: Condition, id: InstrumentId, atMs: number): void {
    const name = `${condition} ${id}`;
    const open = this.#openSince.get(name);
    if (open === undefined) return;
    this.#openSince.delete(name);
    this.#windows.push({ instrumentId: id, kind: condition, fromAtMs: open.at, toAtMs: atMs });
  }

  /** A whole book of this age reached the engine. */
  book(id: InstrumentId, eventAtMs: number, atMs: number): void {
    this.end('gapped', id, atMs);
    this.end('away', id, atMs);
    this.#noteStale(id, atMs);
    this.#dataAtMs.set(id, eventAtMs);
  }

  /** All windows; those that are still open end now. */
  windows(atMs: number): readonly BadDataWindow[] {
    for (const id of this.#dataAtMs.keys()) this.#noteStale(id, atMs);
    for (const { condition, id } of [...this.#openSince.values()]) this.end(condition, id, atMs);
    return this.#windows;
  }

  #noteStale(id: InstrumentId, atMs: number): void {
    const staleAtMs = (this.#dataAtMs.get(id) ?? Infinity) + this.#staleAfterMs;
    if (staleAtMs >= atMs) return;
    this.#windows.push({ instrumentId: id, kind: 'stale', fromAtMs: staleAtMs, toAtMs: atMs });
  }
}
