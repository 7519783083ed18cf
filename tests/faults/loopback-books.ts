// Books as the market plane keeps them, made from whatever a feed says, which is asked for a fresh
// snapshot at each gap; and the lists of instruments that loopback venues answer with.
import { readFileSync } from 'node:fs';
import { Market } from '../../src/market/market.ts';
import type { Feed } from '../../src/ports/index.ts';
import { RecordingSink } from '../venues/loopback-venue.ts';

export const examples = JSON.parse(
  readFileSync(new URL('../venues/listing-examples.json', import.meta.url), 'utf8'),
) as {
  readonly okx: { readonly data: readonly object[] };
  readonly binanceusdm: { readonly symbols: readonly object[] };
};

/** As much of a response as answers need. */
export interface Response {
  statusCode: number;
  writeHead(status: number, headers?: Readonly<Record<string, string>>): void;
  write(text: string): void;
  end(text?: string): void;
  destroy(): void;
}

export class Books {
  readonly market = new Market();
  readonly sink = new RecordingSink();

  hear(feed: Feed): void {
    feed.start({
      market: (event, receivedAtMs) => {
        const verdict = this.market.apply(event, receivedAtMs);
        this.sink.market(event);
        if (verdict.type === 'gap' && 'instrumentId' in event) feed.resync(event.instrumentId);
      },
      notice: (notice) => {
        this.market.notice(notice);
        this.sink.notice(notice);
      },
    });
  }

  until(claim: () => boolean): Promise<void> {
    return this.sink.until(claim);
  }
}
