// `*` within one path segment; nothing else, because nothing else is needed.
export function matchesGlob(path: string, glob: string): boolean {
  const escaped = glob.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`).test(path);
}
