// Every gate of an entry, with what it found and what it allows.
import { describe, expect, test } from 'vitest';
import { toBps } from '../../src/domain/index.ts';
import { bybit, found, NOW_MS, okx, SETTLED_AT_MS, settings } from './carry-market.ts';
import type { Listing } from './plain-market.ts';

const HOUR_MS = 3_600_000;

describe('a candidate that is not taken names the gate and by how much', () => {
  const thin = { ...okx, asks: [[50_002.5, 5]] as const };
  const rows: [string, Listing, Listing, object][] = [
    [
      'a closed instrument',
      { ...okx, isTrading: false },
      bybit,
      { gate: 'instrument-trading', limit: 'trading', unit: 'state' },
    ],
    [
      'a partner whose funding is unknown',
      { ...okx, fundingRate: NaN },
      bybit,
      { gate: 'funding-known', limit: 'known', unit: 'state' },
    ],
    [
      'a partner whose settlement is over',
      { ...okx, fundingAtMs: NOW_MS - 900 },
      bybit,
      { gate: 'funding-known', found: '-900', limit: '0', unit: 'ms' },
    ],
    [
      'a book that is not healthy',
      okx,
      { ...bybit, isHealthy: false },
      { gate: 'book-healthy', limit: 'healthy', unit: 'state' },
    ],
    [
      'an old book',
      { ...okx, bookAtMs: NOW_MS - 730 },
      bybit,
      { gate: 'book-age', found: '730', limit: '500', unit: 'ms' },
    ],
    [
      'marks that are too far apart',
      { ...okx, markPrice: 51_500 },
      { ...bybit, markPrice: 50_000 },
      { gate: 'basis-band', found: '300', limit: '200', unit: 'bps' },
    ],
    [
      'an unknown mark',
      { ...okx, markPrice: NaN },
      bybit,
      { gate: 'basis-band', found: 'unknown', limit: '200', unit: 'bps' },
    ],
    [
      'a book whose prices are half of its mark',
      { ...okx, bids: [[25_000, 10]], asks: [[25_002, 10]], markPrice: 50_000 },
      bybit,
      { gate: 'mark-band', found: '4999.8', limit: '200', unit: 'bps' },
    ],
    [
      'a partner whose prices are half as much again as its mark',
      okx,
      { ...bybit, bids: [[75_000, 3]], asks: [[75_002, 3]], markPrice: 50_000 },
      { gate: 'mark-band', found: '5000.2', limit: '200', unit: 'bps' },
    ],
    ['a thin way in', thin, bybit, { gate: 'depth-entry', found: '0.05', limit: '0.19' }],
    [
      'a thin way out',
      okx,
      { ...bybit, asks: [[50_002.5, 0.1]] },
      { gate: 'depth-exit', found: '0.1', limit: '0.19', unit: 'qty' },
    ],
    [
      'an order under the minimum',
      { ...okx, qtyMin: '1' },
      bybit,
      { gate: 'size', found: '0.19', limit: '1', unit: 'qty' },
    ],
    [
      'fees that eat the edge',
      okx,
      { ...bybit, takerFeeRate: '0.002' },
      { gate: 'net-edge', limit: '5', unit: 'bps' },
    ],
  ];

  test.each(rows)('%s', (_title, one, other, refusal) => {
    for (const candidates of [found(one, other), found(other, one)]) {
      expect(candidates).toMatchObject([
        { kind: 'refused', key: 'BTC okx>bybit', base: 'BTC', strategy: 'funding-carry', refusal },
      ]);
    }
  });

  test('a settlement that is too close to be sure of', () => {
    const atMs = SETTLED_AT_MS - 9_000;
    const books = { bookAtMs: atMs };
    expect(found({ ...okx, ...books }, { ...bybit, ...books }, settings, atMs)).toMatchObject([
      { refusal: { gate: 'settlement-too-close', found: '9000', limit: '15000', unit: 'ms' } },
    ]);
  });

  test('the net edge is refused with the figure that was found', () => {
    const [refused] = found(okx, { ...bybit, fundingRate: 0.0008 });
    if (refused?.kind !== 'refused') throw new Error('the pair was taken');
    // 20 + 8 - 21 - 2 - 4.4214
    expect(Number(refused.refusal.found)).toBeCloseTo(0.5786, 3);
  });

  test('the threshold itself is taken, a hundredth of a bps above it is refused', () => {
    const [taken] = found(okx, bybit);
    if (taken?.kind !== 'accepted') throw new Error('the pair was not taken');
    const { netEdgeBps } = taken.opportunity.edge;
    const higher = toBps((Number(netEdgeBps) + 0.005).toFixed(6));
    expect(found(okx, bybit, { ...settings, netEdgeBpsMin: netEdgeBps })).toMatchObject([
      { kind: 'accepted' },
    ]);
    // Within the tolerance of the screen: the exact figure decides.
    expect(found(okx, bybit, { ...settings, netEdgeBpsMin: higher })).toMatchObject([
      { kind: 'refused', refusal: { gate: 'net-edge', found: netEdgeBps, limit: higher } },
    ]);
  });
});

describe('no candidate at all', () => {
  test.each<[string, Listing, Listing]>([
    ['funding under the floor', { ...okx, fundingRate: 0.0015 }, bybit],
    ['the same venue twice', okx, { ...bybit, venue: 'okx' }],
    ['another base', okx, { ...bybit, base: 'ETH' }],
    ['spot, which no venue of ours settles yet', okx, { ...bybit, kind: 'spot' }],
    [
      'a settlement beyond the horizon',
      { ...okx, fundingAtMs: NOW_MS + 9 * HOUR_MS },
      {
        ...bybit,
        fundingAtMs: NOW_MS + 9 * HOUR_MS,
      },
    ],
    ['funding that nobody knows', { ...okx, fundingRate: NaN }, { ...bybit, fundingRate: NaN }],
  ])('%s', (_title, one, other) => {
    expect(found(one, other)).toEqual([]);
  });
});
