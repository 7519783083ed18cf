// The accounts of paper runs in real time: one file per venue below `paper/` of the data folder,
// apart for live prices and for the sandbox, because a position in one market is nothing in the
// other. What happened on an account carries over to the next run; an account on which nothing
// happened is opened anew.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../config/index.ts';
import { enabledVenues } from '../config/index.ts';
import type { Ms, VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { AccountState } from '../exchange/index.ts';
import { keptAccount } from '../exchange/index.ts';
import { AccountFile } from './account-file.ts';

export type PaperFeed = 'live' | 'sandbox';

export const paperFolder = ({ run }: Config, feed: PaperFeed): string =>
  join(run.dataFolder, 'paper', feed);

/** Opens the file of this venue's account; virtual time keeps none, so that a seed decides all. */
export function openPaperAccount(
  place: { readonly config: Config; readonly feed: PaperFeed; readonly venueId: VenueId },
  onFailure: (error: Error) => void,
): AccountFile | undefined {
  const { config, feed, venueId } = place;
  if (config.run.clock === 'virtual') return undefined;
  const path = accountPath(paperFolder(config, feed), venueId);
  const file = new AccountFile({ path, venueId, onFailure });
  const state = keptAccount(file);
  if (state === undefined || isTouched(state)) return file;
  rmSync(path);
  return new AccountFile({ path, venueId, onFailure });
}

export const accountPath = (folder: string, venueId: VenueId): string =>
  join(folder, `${venueId}.account`);

/** What a start says of accounts that are not fresh; undefined when all are. */
export function paperAccountsText(config: Config, feed: PaperFeed): string | undefined {
  const held = touchedAccounts(config, feed).map(([venueId, state]) => heldText(venueId, state));
  if (held.length === 0) return undefined;
  return `paper accounts go on: ${held.join(', ')} (delete ${paperFolder(config, feed)} to reset)`;
}

/** The newest fact of any of these accounts: no later run may stand before it. */
export function paperAccountsLastAtMs(config: Config, feed: PaperFeed): Ms | undefined {
  const touched = touchedAccounts(config, feed);
  if (touched.length === 0) return undefined;
  return toMs(Math.max(...touched.map(([, { lastAtMs }]) => lastAtMs)));
}

function touchedAccounts(
  config: Config,
  feed: PaperFeed,
): readonly (readonly [VenueId, AccountState])[] {
  if (config.run.clock === 'virtual') return [];
  return enabledVenues(config).flatMap(({ venueId }) => {
    const path = accountPath(paperFolder(config, feed), venueId);
    if (!existsSync(path)) return [];
    const state = keptAccount(new AccountFile({ path, venueId, onFailure: () => undefined }));
    return state !== undefined && isTouched(state) ? [[venueId, state] as const] : [];
  });
}

const isTouched = ({ orderCount, entryCount }: AccountState): boolean =>
  orderCount > 0 || entryCount > 1;

function heldText(venueId: VenueId, { balanceUsd, positions, open }: AccountState): string {
  const held = [
    `${venueId} ${Number(balanceUsd).toFixed(2)} USD`,
    ...(positions.length > 0 ? [`${positions.length} positions`] : []),
    ...(open.length > 0 ? [`${open.length} open orders`] : []),
  ];
  return held.join(' with ');
}
