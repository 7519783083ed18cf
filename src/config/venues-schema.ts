// Where each venue is, what it charges at worst, and the keys that paper never needs. Fee rates
// come from the venues' own tables for the lowest tier; the worst of table and account applies.
import { address, claim, rate, secret, section } from './leaf.ts';

interface VenueDefaults {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly takerFeeRate: number;
  readonly makerFeeRate: number;
}

const FEE_EXAMPLE = '0.0005 is 5 bps';

const venueSchema = (defaults: VenueDefaults) =>
  section({
    isEnabled: claim(true),
    restUrl: address(defaults.restUrl, ['https:', 'http:']),
    wsUrl: address(defaults.wsUrl, ['wss:', 'ws:']),
    takerFeeRate: rate(defaults.takerFeeRate, { min: 0, max: 0.01 }, FEE_EXAMPLE),
    makerFeeRate: rate(defaults.makerFeeRate, { min: -0.001, max: 0.01 }, FEE_EXAMPLE),
    apiKey: secret(),
    apiSecret: secret(),
  });

export const venuesSchema = section({
  binanceusdm: venueSchema({
    restUrl: 'https://fapi.binance.com',
    wsUrl: 'wss://fstream.binance.com',
    takerFeeRate: 0.0005,
    makerFeeRate: 0.0002,
  }),
  bybit: venueSchema({
    restUrl: 'https://api.bybit.com',
    wsUrl: 'wss://stream.bybit.com',
    takerFeeRate: 0.00055,
    makerFeeRate: 0.0002,
  }),
  okx: venueSchema({
    restUrl: 'https://www.okx.com',
    wsUrl: 'wss://ws.okx.com:8443',
    takerFeeRate: 0.0005,
    makerFeeRate: 0.0002,
  }),
});
