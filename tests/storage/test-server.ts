// A real PostgreSQL for tests: TEST_DATABASE_URL, else what listens on 127.0.0.1:5432, else none,
// said in one line; with CI=true having none is a failure. Each test file gets databases of its own,
// which are dropped in the end.
import { Client } from 'pg';
import { afterAll } from 'vitest';

const USUAL_URL = 'postgres://postgres@127.0.0.1:5432/postgres';
const adminUrl = process.env['TEST_DATABASE_URL'] ?? USUAL_URL;

const absence = await whyAbsent();
if (absence !== undefined) {
  const text = `no PostgreSQL at ${new URL(adminUrl).host} (${absence})`;
  if (process.env['CI'] === 'true') throw new Error(`${text}: CI needs one`);
  process.stderr.write(`${text}: tests on a real server are skipped\n`);
}

export const hasServer = absence === undefined;

const made: string[] = [];
afterAll(async () => {
  for (const name of made) await admin(`drop database if exists ${name} with (force)`);
  made.length = 0;
});

/** The address of a fresh, empty database. */
export async function newDatabaseUrl(): Promise<string> {
  const name = `trinity_test_${process.pid}_${Date.now().toString(36)}_${made.length}`;
  made.push(name);
  await admin(`create database ${name}`);
  return urlOf(name);
}

export function urlOf(name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs one statement on the server or in the database with this address. */
export async function admin(text: string, url = adminUrl): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}

async function whyAbsent(): Promise<string | undefined> {
  try {
    await admin('select 1');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
