// Reads the project's own source for the house tests: which files there are, and what they import.
// It judges nothing.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const projectDir = fileURLToPath(new URL('../../', import.meta.url));

/** Every folder that holds code of ours. */
export const codeFolders = ['src', 'machines', 'tests', 'scripts', 'bench'] as const;

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The files below a folder (or the one file) whose names end as asked, in order of their paths. */
export function filesUnder(folder: string, endings: readonly string[]): readonly SourceFile[] {
  return pathsUnder(folder)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(join(projectDir, path), 'utf8') }));
}

function pathsUnder(path: string): readonly string[] {
  const found = statSync(join(projectDir, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  return readdirSync(join(projectDir, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.slice(projectDir.length), entry.name))
    .sort();
}

export type Import =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'package'; readonly name: string };

/** What a file imports, types included; paths are from the project's root. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) =>
      fileName.startsWith('.')
        ? { kind: 'file', path: posix.join(dirname(path), fileName) }
        : { kind: 'package', name: fileName },
    );
}
