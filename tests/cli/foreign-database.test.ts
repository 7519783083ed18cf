// A run whose DATABASE_URL names the database of another data folder: what it tells people to do is
// what helps.
import { describe, expect, test } from 'vitest';
import { ownServer, hasBinaries } from '../storage/own-server.ts';
import { admin } from '../storage/test-server.ts';
import { lastJson, newFolder, run } from './started-program.ts';

describe.skipIf(!hasBinaries)('a database of another data folder', () => {
  test('is left alone; an empty one and a rebuild store what was missing', async () => {
    const { url } = await ownServer();
    const [theirs, ours] = [newFolder(), newFolder()];
    const env = { DATABASE_URL: url, TRINITY_STORAGE__IS_ENABLED: 'true' };
    const recorded = await run('--clock virtual --seed 7 --exit-after 30s'.split(' '), {
      folder: theirs,
    });
    expect(recorded.code, recorded.stderr).toBe(0);
    const filled = await run(['db', 'rebuild'], { folder: theirs, env });
    expect(filled.code, filled.stderr).toBe(0);

    const words = '--feed sandbox --seed 8 --exit-after 8s --json'.split(' ');
    const ended = await run(words, { folder: ours, env });
    expect(ended.code, ended.stderr).toBe(0);
    const refusal =
      'holds runs of another data folder \\(\\S+\\); name an empty one in DATABASE_URL';
    expect(ended.stderr).toMatch(
      new RegExp(
        `${refusal} \\(the run goes on; what is missing is stored when that is settled\\)`,
      ),
    );
    expect(ended.stderr).toMatch(
      new RegExp(
        `\\nthe database lacks records 1 to \\d+ of this run: .*${refusal}\\. When that is `,
      ),
    );
    const refused = await run(['db', 'rebuild'], { folder: ours, env });
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringMatching(refusal)]);

    await admin('create database ours', url);
    const empty = { ...env, DATABASE_URL: Object.assign(new URL(url), { pathname: 'ours' }).href };
    const rebuilt = await run(['db', 'rebuild', '--json'], { folder: ours, env: empty });
    expect(rebuilt.code, rebuilt.stderr).toBe(0);
    const { inputs } = lastJson(ended);
    expect(rebuilt.stderr).toContain(`: all ${inputs} records\n`);
  }, 90_000);
});
