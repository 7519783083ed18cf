// The import table of docs/ARCHITECTURE.md and the judgement over one file. The table itself is
// rooms.json, because the linter reads it too.
import { readFileSync } from 'node:fs';
import { matchesGlob } from './glob.ts';
import { importsOf, type SourceFile } from './source-tree.ts';

export interface Room {
  readonly path: string;
  readonly isPure: boolean;
  /** The rooms it may import besides itself. */
  readonly rooms: readonly string[] | 'all';
  /** The packages it may import; absent when it may import any. */
  readonly packages?: readonly string[];
  /** Single files of other rooms that it may import. */
  readonly files?: readonly string[];
}

export const rooms = JSON.parse(
  readFileSync(new URL('./rooms.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Room>>;

/** Exact arithmetic has one door. */
const DECIMAL_HOME = 'src/domain/decimal.ts';

export function roomOf(path: string): string | undefined {
  return Object.entries(rooms).find(
    ([, room]) => path === room.path || path.startsWith(`${room.path}/`),
  )?.[0];
}

/** One line per import that the table forbids. */
export function violations(file: SourceFile): readonly string[] {
  const name = roomOf(file.path);
  const room = name === undefined ? undefined : rooms[name];
  if (name === undefined || room === undefined) return [`${file.path} is in no room`];
  return importsOf(file).flatMap((target) => {
    const isAllowed =
      target.kind === 'package'
        ? mayUsePackage(room, file.path, target.name)
        : mayReachFile(name, room, target.path);
    const what = target.kind === 'package' ? target.name : target.path;
    return isAllowed ? [] : [`${file.path}: room '${name}' may not import ${what}`];
  });
}

function mayUsePackage(room: Room, path: string, packageName: string): boolean {
  if (packageName === 'decimal.js') return path === DECIMAL_HOME;
  if (room.packages === undefined) return true;
  return room.packages.some((name) => packageName === name || packageName.startsWith(`${name}/`));
}

function mayReachFile(name: string, room: Room, path: string): boolean {
  const other = roomOf(path);
  if (other === undefined) return false;
  if (other === name || room.rooms === 'all' || room.rooms.includes(other)) return true;
  return (room.files ?? []).some((glob) => matchesGlob(path, glob));
}
