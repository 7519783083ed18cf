// What a running engine and the thread of its database say to each other.
import { z } from 'zod';
import type { Seq } from '../domain/index.ts';
import type { StoreNews } from '../ports/index.ts';
import type { MigrateReport, RebuildReport, StatusReport } from '../storage/index.ts';

export type DatabaseWord = 'migrate' | 'rebuild' | 'status';
export type DatabaseReport = MigrateReport | RebuildReport | StatusReport;

export const threadDataSchema = z.object({
  databaseUrl: z.string().optional(),
  dataPath: z.string(),
  runId: z.string(),
  /** Trouble was told, and its end was not. */
  isTroubled: z.boolean(),
});

export type StoreThreadData = Readonly<z.output<typeof threadDataSchema>>;

export type StoreOrder =
  | { readonly type: 'follow'; readonly seq: Seq }
  | { readonly type: 'ask'; readonly id: number; readonly word: DatabaseWord }
  | { readonly type: 'finish'; readonly graceMs: number };

export interface StoreRefusal {
  readonly code: string;
  readonly text: string;
}

export type StoreWord =
  | { readonly type: 'news'; readonly news: StoreNews }
  | { readonly type: 'progress'; readonly id: number; readonly text: string }
  | { readonly type: 'report'; readonly id: number; readonly report: DatabaseReport }
  | { readonly type: 'refused'; readonly id: number; readonly refusal: StoreRefusal }
  | { readonly type: 'finished'; readonly lastSeq: number };
