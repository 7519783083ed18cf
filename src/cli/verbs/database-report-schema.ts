// What the database verbs report, as it comes back from a running engine.
import { z } from 'zod';

const torn = z.object({ file: z.string(), offset: z.number(), bytes: z.number() }).nullable();
const rows = z.record(z.string(), z.number());

export const migrateReportSchema = z.object({
  database: z.string(),
  version: z.number(),
  applied: z.array(z.string()),
});

export const rebuildReportSchema = z.object({
  database: z.string(),
  version: z.number(),
  runs: z.array(z.object({ runId: z.string(), records: z.number(), headHash: z.string(), torn })),
  rows,
});

export const statusReportSchema = z.object({
  database: z.string(),
  schema: z.object({ version: z.number(), latest: z.number() }),
  runs: z.array(
    z.object({
      runId: z.string(),
      journalSeq: z.number(),
      databaseSeq: z.number(),
      torn,
    }),
  ),
  rows,
});
