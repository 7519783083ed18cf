// What the docs tests need to see of a page: its links, its headings and its shell blocks.
import { posix } from 'node:path';

/** Targets of links inside the project, from the project's root; pictures count as links. */
export function linksOf(page: { readonly path: string; readonly text: string }): readonly Link[] {
  const text = page.text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', heading] = target.split('#');
    const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
    return [{ target, path, heading }];
  });
}

export interface Link {
  readonly target: string;
  readonly path: string;
  readonly heading: string | undefined;
}

/** The names under which headings can be linked, as code forges spell them. */
export const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** The command lines of ```sh blocks, without prompts and comments. */
export const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+#.*$|^#.*$/, '')
        .trim(),
    )
    .filter((line) => line !== '');
