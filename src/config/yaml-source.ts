// Reads config.yaml into found values with their places, and names every key that does not belong
// there. It refuses secrets, anchors, tags and duplicate keys: what a key says must stand beside
// it.
import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Pair, YAMLMap } from 'yaml';
import { displayPath, foundText, toProblem } from './config-problem.ts';
import type { ConfigProblem, Place } from './config-problem.ts';
import type { Leaf, LeafCatalog } from './leaf-catalog.ts';
import { nearKey } from './near-key.ts';

/** A value that some source gives a key. */
export interface FoundValue {
  readonly leaf: Leaf;
  readonly value: unknown;
  readonly place: Place;
  /** `config.yaml:12:5`, `environment TRINITY_…`, `flag --seed`. */
  readonly origin: string;
}

export interface SourceReading {
  readonly found: readonly FoundValue[];
  readonly problems: readonly ConfigProblem[];
}

const CONFIG_BYTES_MAX = 1024 * 1024;

export function readYaml(path: string, catalog: LeafCatalog): SourceReading {
  const file = displayPath(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return refusal({ file }, file, { found, allowed: 'a readable YAML file' });
  }
  if (text.length > CONFIG_BYTES_MAX) {
    const allowed = `at most ${CONFIG_BYTES_MAX} characters`;
    return refusal({ file }, file, { found: `${text.length} characters`, allowed });
  }
  return readText(text, file, catalog);
}

function readText(text: string, file: string, catalog: LeafCatalog): SourceReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined): Place => {
    if (offset === undefined) return { file };
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const broken = [...document.errors, ...document.warnings].map(({ pos, message }) =>
    toProblem(at(pos[0]), file, { found: firstLine(message), allowed: 'plain YAML 1.2' }),
  );
  if (broken.length > 0) return { found: [], problems: broken };
  return new YamlWalk(catalog, at).read(document, file);
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

const refusal = (
  place: Place,
  key: string,
  words: { readonly found: string; readonly allowed: string },
): SourceReading => ({ found: [], problems: [toProblem(place, key, words)] });

class YamlWalk {
  readonly #catalog: LeafCatalog;
  readonly #at: (offset: number | undefined) => Place;
  readonly #found: FoundValue[] = [];
  readonly #problems: ConfigProblem[] = [];

  constructor(catalog: LeafCatalog, at: (offset: number | undefined) => Place) {
    this.#catalog = catalog;
    this.#at = at;
  }

  read(document: Document.Parsed, file: string): SourceReading {
    const root: unknown = document.contents;
    if (isMap(root)) this.#section(root, '');
    else if (root !== null) {
      const words = { found: 'no group of keys', allowed: 'sections such as engine:' };
      this.#problems.push(toProblem(this.#at(0), file, words));
    }
    return { found: this.#found, problems: this.#problems };
  }

  #section(map: YAMLMap, path: string): void {
    for (const pair of map.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '?';
      const key = path === '' ? name : `${path}.${name}`;
      const leaf = this.#catalog.leaves.get(key);
      if (leaf !== undefined) this.#leaf(leaf, pair);
      else if (this.#catalog.sections.has(key)) this.#subsection(key, pair);
      else this.#unknown(key, pair);
    }
  }

  #subsection(key: string, pair: Pair): void {
    if (isMap(pair.value)) {
      this.#section(pair.value, key);
      return;
    }
    const found = foundText(key, plainValue(pair.value));
    const allowed = 'a group of keys; leave it out to keep the defaults';
    this.#problems.push(toProblem(this.#valuePlace(pair), key, { found, allowed }));
  }

  #leaf(leaf: Leaf, pair: Pair): void {
    const place = this.#valuePlace(pair);
    if (leaf.kind === 'secret') {
      const allowed = `only in .env or the environment, as ${leaf.environmentName}`;
      this.#problems.push(toProblem(place, leaf.key, { found: '***', allowed }));
      return;
    }
    const value = plainValue(pair.value);
    const origin = `${place.file}:${place.line ?? 0}:${place.column ?? 0}`;
    this.#found.push({ leaf, value, place, origin });
  }

  /** Its value is not quoted: it may be the secret of a misspelled key. */
  #unknown(key: string, pair: Pair): void {
    const words = { found: 'an unknown key', allowed: suggestion(key, this.#catalog) };
    this.#problems.push(toProblem(this.#keyPlace(pair), key, words));
  }

  #keyPlace(pair: Pair): Place {
    return this.#at(rangeStart(pair.key));
  }

  /** An empty value has no place of its own worth pointing at. */
  #valuePlace(pair: Pair): Place {
    const isEmpty = isScalar(pair.value) && pair.value.value === null;
    return isEmpty
      ? this.#keyPlace(pair)
      : this.#at(rangeStart(pair.value) ?? rangeStart(pair.key));
  }
}

/** What to do about a key that does not exist. */
export function suggestion(key: string, catalog: LeafCatalog): string {
  const near = nearKey(key, [...catalog.leaves.keys(), ...catalog.sections]);
  if (near !== undefined) {
    const why = near.isOtherUnit ? ' (the unit is part of the name)' : '';
    return `did you mean ${near.key}?${why}`;
  }
  const section = key.slice(0, Math.max(key.lastIndexOf('.'), 0));
  const owner = section === '' ? 'the configuration' : section;
  return `the keys of ${owner}: ${keysOf(section, catalog)}`;
}

function keysOf(section: string, catalog: LeafCatalog): string {
  const prefix = section === '' ? '' : `${section}.`;
  return [...catalog.sections, ...catalog.leaves.keys()]
    .filter((key) => key !== '' && key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((name) => !name.includes('.'))
    .join(', ');
}

function rangeStart(node: unknown): number | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  return node.range?.[0];
}

/** Scalars and lists of scalars as they are; anything else only says what it is. */
function plainValue(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => plainValue(item));
  return node === null ? null : {};
}
