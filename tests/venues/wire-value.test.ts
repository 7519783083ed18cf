// What is not a plain number or an instant in milliseconds is refused where it comes in, with the
// venue, the field and the raw text.
import { describe, expect, test } from 'vitest';
import { readBinanceusdmFrame } from '../../src/venues/binanceusdm/binanceusdm-mapper.ts';
import { readBybitFrame } from '../../src/venues/bybit/bybit-mapper.ts';
import { readOkxFrame } from '../../src/venues/okx/okx-mapper.ts';
import * as wire from '../../src/venues/wire-value.ts';
import { anyInstrument } from './recordings.ts';

const NOT_NUMBERS = [
  ...[NaN, Infinity, 1.5, null, undefined, true, [], {}],
  ...['', ' ', 'NaN', 'Infinity', '1e-7', '1E5', '0x10', '1,5', '1 000', '1.', '.5', '1.2.3'],
  ...['-1', '+1', '-0', '١٢', '1_000', ' 1', '1\n'],
] as const;

describe('a price', () => {
  test.each(NOT_NUMBERS)('is not %j', (raw) => {
    expect(() => wire.wirePrice(raw, 'p')).toThrow('p must be a plain decimal above zero, found');
  });
  test('is not zero', () => expect(() => wire.wirePrice('0.00', 'p')).toThrow('"0.00"'));
  test('is not more precise than a float', () => {
    expect(() => wire.wirePrice('0.1234567890123456', 'p')).toThrow('exact in 15 digits');
    expect(wire.wirePrice('000123456789.12345600000', 'p')).toBe(123456789.123456);
  });
});

describe('a size', () => {
  test.each(NOT_NUMBERS)('is not %j', (raw) => {
    expect(() => wire.wireSize(raw, 's')).toThrow('s must be a plain decimal of zero or more');
  });
  test('may be zero, which removes a level', () => {
    expect(wire.wireSize('0.000', 's')).toBe(0);
    expect(wire.wireSize('1098.39475580', 's')).toBe(1098.3947558);
  });
});

describe('an instant', () => {
  test.each([
    ['seconds', 1_723_161_255],
    ['microseconds', 1_723_161_255_208_000],
    ['nanoseconds in digits', '1723161255208000000'],
    ['a fraction', 1_723_161_255_208.5],
    ['a date', '2024-08-08T23:54:15Z'],
    ['nothing', undefined],
  ])('is not in %s', (_unit, raw) => {
    expect(() => wire.wireInstant(raw, 'E')).toThrow(
      'E must be milliseconds between 2015 and 2100',
    );
  });
  test('is milliseconds as a number or in digits', () => {
    expect(wire.wireInstant(1_723_161_255_208, 'E')).toBe(1_723_161_255_208);
    expect(wire.wireInstant('1723161255208', 'E')).toBe(1_723_161_255_208);
  });
});

describe('funding', () => {
  test('rates keep their sign and are fractions, not percentages', () => {
    expect(wire.wireFundingRate('-0.000212', 'r')).toBe(-0.000212);
    for (const raw of ['1.5', '-10.95', '1e-4', '--1', '-', '', null]) {
      expect(() => wire.wireFundingRate(raw, 'r')).toThrow('r must be a fraction within');
    }
  });
  test('intervals are whole hours up to a day', () => {
    expect(wire.wireHours('8', 'h')).toBe(28_800_000);
    expect(wire.wireHours(1, 'h')).toBe(3_600_000);
    for (const raw of [0, 480, 0.5, '0', '8h', null]) {
      expect(() => wire.wireHours(raw, 'h')).toThrow('h must be');
    }
  });
});

test('an update id is a safe integer', () => {
  expect(wire.wireSequence(5_123_135_475_514, 'u')).toBe(5_123_135_475_514);
  for (const raw of [2 ** 53, -1, 1.5, '7', null]) {
    expect(() => wire.wireSequence(raw, 'u')).toThrow('u must be a safe integer');
  }
});

test('what is shown of a refused text is short', () => {
  expect(() => wire.wirePrice('9'.repeat(500), 'p')).toThrow(/^.{1,160}$/);
});

describe('a broken frame', () => {
  const { instrumentId } = anyInstrument('okx', 'BTC/USDT:USDT');
  const symbols = new Map([
    ['BTCUSDT', instrumentId],
    ['BTC-USDT-SWAP', instrumentId],
  ]);
  const readers = [readBinanceusdmFrame, readBybitFrame, readOkxFrame];

  test.each(['', 'null', '[]', '7', '{"a":', '<html>', '"text"'])(
    'that is %j names no stream',
    (text) => {
      for (const read of readers) {
        const { type, ...rest } = read(text, symbols);
        expect(type).toBe('refused');
        expect(rest).not.toHaveProperty('instrumentId');
      }
    },
  );

  test('of a known stream names it, the field and the raw text', () => {
    const level = (price: string) =>
      `{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[["${price}","1"]],"a":[]}`;
    expect(readBinanceusdmFrame(level('1e-7'), symbols)).toEqual({
      type: 'refused',
      instrumentId,
      cause: 'binanceusdm: b must be a plain decimal above zero, found "1e-7"',
    });
    const bybit =
      '{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1,"data":{"u":9,"b":[],"a":[]}}';
    expect(readBybitFrame(bybit, symbols)).toMatchObject({
      type: 'refused',
      instrumentId,
      cause: 'bybit: cts must be milliseconds between 2015 and 2100, found 1',
    });
    const okx = '{"arg":{"channel":"books","instId":"BTC-USDT-SWAP"},"action":"update","data":[]}';
    expect(readOkxFrame(okx, symbols)).toMatchObject({
      type: 'refused',
      instrumentId,
      cause: 'okx: data must be one book, found 0',
    });
  });

  test('of a stream that nobody asked for is ignored', () => {
    const frame = '{"e":"depthUpdate","s":"NILUSDT","b":"nonsense"}';
    expect(readBinanceusdmFrame(frame, symbols)).toEqual({ type: 'ignored' });
  });
});
