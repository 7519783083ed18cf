// Data that is not ours, not whole or not of this version: each verb says what it found, where, and
// the way out, with an exit code of its own, and no byte of it is changed.
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { EXIT_CODES } from '../../src/cli/exit-code.ts';
import { explained } from '../../src/cli/explained.ts';
import { createProgram } from '../../src/cli/program.ts';
import { lastJson, newFolder, run } from './started-program.ts';

let runPath = '';
let runId = '';
beforeAll(async () => {
  // One export after the other writes to it.
  process.stdout.setMaxListeners(100);
  const words = '--clock virtual --exit-after 1s --seed 7 --json'.split(' ');
  const { stdout, code, ...rest } = await run(words, { folder: newFolder() });
  expect(code, rest.stderr).toBe(0);
  runPath = String(lastJson({ stdout, code, ...rest }).runDir);
  runId = basename(runPath);
}, 30_000);

/** The program without a process around it: what a verb prints, and how it ends. */
async function ask(words: readonly string[]): Promise<{ code: number; said: string }> {
  const told = { code: 0, said: '' };
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text) => {
    told.said += String(text);
    return true;
  };
  try {
    const program = createProgram((exit) => (told.code = EXIT_CODES[exit].code));
    await program.parseAsync(['node', 'main', ...words]);
  } catch (error) {
    const { exit, text } = explained(error);
    told.code = EXIT_CODES[exit].code;
    told.said += text;
  } finally {
    process.stdout.write = write;
  }
  return told;
}

/** Every file with its content. */
function fingerprint(path: string): string {
  const names = readdirSync(path, { recursive: true }).map(String).sort();
  const files = names.filter((name) => statSync(join(path, name)).isFile());
  const hash = createHash('sha256');
  for (const name of files) hash.update(`${name}\n`).update(readFileSync(join(path, name)));
  return hash.digest('hex');
}

interface Place {
  readonly data: string;
  readonly run: string;
}

function freshCopy(): Place {
  const data = join(newFolder(), 'data');
  const path = join(data, 'runs', runId);
  cpSync(runPath, path, { recursive: true });
  writeFileSync(join(data, 'trinity.json'), '{"format":"trinity-data","version":1}\n');
  return { data, run: path };
}

const edit = (file: string, from: string | RegExp, to: string): void => {
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
};
const segment = ({ run: path }: Place): string => join(path, 'segment-000001.journal');
const about = ({ run: path }: Place): string => join(path, 'run.json');
const headerLine = (text: string): string => `${text} ${crc32(text).toString(16).padStart(8, '0')}`;

const READERS = ['trades', 'ledger', 'opps', 'head', 'verify', 'replay', 'export fills'] as const;

const cases: readonly (readonly [string, (place: Place) => void, number, RegExp])[] = [
  [
    'a data folder of a newer version',
    ({ data }) =>
      writeFileSync(join(data, 'trinity.json'), '{"format":"trinity-data","version":9}'),
    5,
    /trinity\.json: data version 9 is not the 1 .*use the version that wrote it, or name another/,
  ],
  [
    "a data folder with somebody else's marker",
    ({ data }) => writeFileSync(join(data, 'trinity.json'), '{"name":"trinity-films"}'),
    5,
    /trinity\.json: is not the marker of a trinity data folder; name another folder with --data/,
  ],
  [
    "a data folder of somebody else's",
    ({ data }) => {
      rmSync(data, { recursive: true });
      mkdirSync(data);
      writeFileSync(join(data, 'thesis.txt'), 'mine');
    },
    2,
    /^no run in \S+/,
  ],
  [
    'a run of a newer version',
    (place) => edit(about(place), '"version": 1', '"version": 2'),
    5,
    /run\.json: format version 2 is not the 1 .*; use the version that wrote it$/,
  ],
  [
    'a run folder of another program',
    (place) => writeFileSync(about(place), '{"name":"marathon","version":"1.0.0"}'),
    5,
    /run\.json: is not the description of a trinity run; move its folder out of \S+runs$/,
  ],
  [
    'a run that is described by half a file',
    (place) => writeFileSync(about(place), readFileSync(about(place), 'utf8').slice(0, 90)),
    5,
    /run\.json: .*JSON.*; bring it back from a backup, or move the folder away$/,
  ],
  [
    'a journal of a newer version',
    (place) => writeFileSync(segment(place), `${headerLine('trinity-journal 2 new words')}\n@@\n`),
    5,
    /segment-000001\.journal at byte 0: format version 2 is not the 1 .*which run\.json names$/,
  ],
  [
    'a journal that is something else',
    (place) => writeFileSync(segment(place), 'dear diary,\n'),
    5,
    /segment-000001\.journal at byte 0: does not begin as a trinity journal; bring it back/,
  ],
  [
    'a journal of another run',
    (place) => edit(segment(place), /^.*\n/, `${headerLine('trinity-journal 1 1 1 another')}\n`),
    5,
    /at byte 0: the header says segment 1 of run another from record 1, expected segment 1 of run/,
  ],
  [
    'a record that is none',
    (place) => {
      const json = '{"seq":1}';
      const word = (count: number): string => count.toString(16).padStart(8, '0');
      appendFileSync(segment(place), `${word(json.length)} ${word(crc32(json))} ${json}\n`);
    },
    5,
    /segment-000001\.journal at byte \d+: the line is not a step record$/,
  ],
  [
    'an archive without its list',
    (place) => {
      writeFileSync(`${segment(place)}.gz`, readFileSync(segment(place)));
      rmSync(segment(place));
    },
    5,
    /segment-000001\.journal\.gz: its SHA-256 is \w+, and archive\.sha256 does not list it$/,
  ],
];

describe.each(cases)('%s', (_, spoil, code, said) => {
  test('is refused by every reader, with the way out, and left as it is', async () => {
    const place = freshCopy();
    spoil(place);
    const before = fingerprint(place.data);
    for (const words of READERS) {
      const found = await ask([...words.split(' '), '--data', place.data]);
      expect({ words, ...found }).toMatchObject({ code, said: expect.stringMatching(said) });
    }
    const archived = await ask(['archive', '--older-than', '1ms', '--data', place.data]);
    expect(archived.code).not.toBe(0);
    expect(fingerprint(place.data)).toBe(before);
  });
});

test('a start in a data folder of a newer version writes nothing', async () => {
  const place = freshCopy();
  writeFileSync(join(place.data, 'trinity.json'), '{"format":"trinity-data","version":9}');
  const before = fingerprint(place.data);
  const words = ['--clock', 'virtual', '--exit-after', '1s', '--data', place.data];
  const { code, stderr } = await run(words, { folder: newFolder() });
  expect({ code, stderr }).toMatchObject({ code: 5, stderr: expect.stringContaining('version 9') });
  expect(fingerprint(place.data)).toBe(before);
});

describe('a snapshot', () => {
  const snapshotOf = ({ run: path }: Place): string => {
    const name = readdirSync(path).find((each) => each.startsWith('snapshot-'));
    return join(path, name ?? expect.fail('a snapshot'));
  };
  const rewritten = (file: string, from: RegExp, to: string): void => {
    edit(file, from, to);
    const text = readFileSync(file, 'utf8');
    const body = text.slice('{"crc32":"00000000","snapshot":'.length, -'}\n'.length);
    writeFileSync(file, text.replace(/\w{8}/, crc32(body).toString(16).padStart(8, '0')));
  };

  test.each([
    [
      'of another schema',
      (file: string) => rewritten(file, /"schemaVersion":\d+/, '"schemaVersion":99'),
    ],
    ['of another format', (file: string) => rewritten(file, /"version":1/, '"version":7')],
    ['that is something else', (file: string) => writeFileSync(file, '[1, 2, 3]')],
    ['that is empty', (file: string) => writeFileSync(file, '')],
  ])('%s is passed over: the journal says everything', async (_, spoil) => {
    const place = freshCopy();
    spoil(snapshotOf(place));
    const before = fingerprint(place.data);
    for (const verb of ['verify', 'replay']) {
      const { code, said } = await ask([verb, '--json', '--data', place.data]);
      expect({ code, said: JSON.parse(said) }).toMatchObject({
        code: 0,
        said: verb === 'verify' ? { valid: true } : { identical: true, restored: null },
      });
    }
    expect(fingerprint(place.data)).toBe(before);
  });

  test('that is ahead of the journal says that records are missing', async () => {
    const place = freshCopy();
    rewritten(snapshotOf(place), /"seq":\d+/, '"seq":9000');
    const { code, said } = await ask(['verify', '--data', place.data]);
    expect(code).toBe(5);
    expect(said).toMatch(/a snapshot stands at record 9000, the journal ends at \d+$/);
  });
});
