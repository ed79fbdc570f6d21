import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { isMap, isScalar, type Node, type Scalar } from 'yaml';
import type { Place } from '../checks/findings';
import { MAX_FILE_BYTES } from '../yaml/load';
import { entriesOf, nodeAt, targetOf } from '../yaml/nodes';
import type { YamlDocument } from '../yaml/parse';
import { type SourceText, sourceText } from '../yaml/source';
import { scalarPlace } from '../yaml/text-offset';
import { objectKind } from './objects';

/** A text in a ConfigMap or Secret: a file in the pods that mount it. */
export interface ObjectText {
  /** File name, without `.gz`: the Prometheus operator stores its result as `alertmanager.yaml.gz`. */
  readonly key: string;
  /** Text, with places in the manifest: of each character if it is plain, of the whole value if it is encoded. */
  readonly text: SourceText;
  /** Offset of the start of the value in the manifest. */
  readonly from: number;
  /** Offset of the end of the value in the manifest. */
  readonly to: number;
}

/** A value that is not text: invalid base64, or binary data. */
export interface NotText {
  readonly field: string;
  readonly key: string;
  readonly place: Place;
}

/** Contents of a ConfigMap or Secret. */
export interface ObjectTexts {
  readonly texts: readonly ObjectText[];
  readonly others: readonly NotText[];
}

/** Fields with values by key, and whether they are base64. Later fields override earlier ones. */
const FIELDS: Readonly<Record<string, readonly (readonly [field: string, isEncoded: boolean])[]>> = {
  ConfigMap: [
    ['data', false],
    ['binaryData', true],
  ],
  Secret: [
    ['data', true],
    ['stringData', false],
  ],
};

/** True if an object is a ConfigMap or Secret with data. */
export function holdsTexts(document: YamlDocument): boolean {
  return fieldsOf(document).some(([field]) => isMap(nodeAt(document, [field])));
}

/** Texts of a ConfigMap or Secret; none of other objects. */
export function textsOf(document: YamlDocument, source: SourceText): ObjectTexts {
  const values = new Map<string, ObjectText | NotText>();
  for (const [field, isEncoded] of fieldsOf(document)) {
    const map = nodeAt(document, [field]);
    if (!isMap(map)) continue;
    for (const entry of entriesOf(document, map)) {
      if (entry.kind !== 'field') continue;
      const scalar = targetOf(document, entry.value);
      if (!isScalar(scalar) || typeof scalar.value !== 'string') continue;
      values.set(entry.key, isEncoded ? decoded(field, entry.key, scalar, source) : plain(entry.key, scalar, source));
    }
  }
  const all = [...values.values()];
  return { texts: all.filter((value) => 'text' in value), others: all.filter((value) => 'field' in value) };
}

function fieldsOf(document: YamlDocument) {
  const { apiVersion, kind } = objectKind(document) ?? {};
  return (apiVersion === 'v1' && FIELDS[kind ?? '']) || [];
}

function plain(key: string, scalar: Scalar, source: SourceText): ObjectText {
  const text = String(scalar.value);
  const placeAt = (offset: number) => scalarPlace(source, scalar, offset);
  return { key, text: { file: source.file, text, placeAt }, ...rangeOf(scalar) };
}

function decoded(field: string, key: string, scalar: Scalar, source: SourceText): ObjectText | NotText {
  const range = rangeOf(scalar);
  const place = source.placeAt(range.from);
  const isPacked = key.endsWith('.gz');
  const text = decode(String(scalar.value), isPacked);
  if (text === undefined) return { field, key, place };
  // A place inside encoded text would not help, so every place is that of the value.
  const { file } = source;
  return {
    key: isPacked ? key.slice(0, -'.gz'.length) : key,
    text: { ...sourceText(file, text), placeAt: () => place },
    ...range,
  };
}

function decode(value: string, isPacked: boolean): string | undefined {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  try {
    const text = isPacked ? gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES }) : bytes;
    return isUtf8(text) ? text.toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

function rangeOf(node: Node): { from: number; to: number } {
  const [from, to] = node.range ?? [0, 0];
  return { from, to };
}
