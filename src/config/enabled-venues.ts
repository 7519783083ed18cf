// The venues that the configuration knows, in the order in which they are written everywhere.
import { toVenueId } from '../domain/index.ts';
import type { VenueId } from '../domain/index.ts';
import type { Config } from './config-schema.ts';

export type VenueKey = keyof Config['venues'];
export type VenueConfig = Config['venues'][VenueKey];

export const venueIds = ['binanceusdm', 'bybit', 'okx'] as const satisfies readonly VenueKey[];

export interface EnabledVenue extends VenueConfig {
  readonly venueId: VenueId;
}

export const enabledVenues = (config: Config): readonly EnabledVenue[] =>
  venueIds
    .filter((id) => config.venues[id].isEnabled)
    .map((id) => ({ venueId: toVenueId(id), ...config.venues[id] }));
