import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { isMap, type Node } from 'yaml';
import { type Finding, finding } from '../checks/findings';
import { MAX_FILE_BYTES, type SourceText, sourceText } from '../rules/read/yaml-text';
import { TEMPLATE_ENDINGS } from './template-files';

/** A text in a Secret or ConfigMap that may be a configuration. */
export interface ObjectText {
  readonly key: string;
  readonly text: SourceText;
  /** Whether it was encoded, so that nobody has read it where it stands. */
  readonly encoded: boolean;
}

/** What `kubectl get -o yaml` shows of a Secret or ConfigMap. */
export interface DataObject {
  readonly kind: string;
  readonly metadata?: { readonly name?: string };
  readonly data?: Readonly<Record<string, unknown>>;
  readonly stringData?: Readonly<Record<string, unknown>>;
}

const WANTED = new RegExp(`\\.(ya?ml|${TEMPLATE_ENDINGS.join('|')})(\\.gz)?$`);

/**
 * The texts of an object that may be rules, routes or templates, or why one can't be read.
 *
 * @param root the object in the source
 */
export function textsOf(
  object: DataObject,
  root: Node | null,
  source: SourceText,
): (ObjectText | { readonly finding: Finding })[] {
  const { kind, metadata, data, stringData } = object;
  const entries = [
    ...Object.entries(data ?? {}).map(([key, value]) => ({ path: ['data', key], value, encoded: kind === 'Secret' })),
    ...Object.entries(stringData ?? {}).map(([key, value]) => ({ path: ['stringData', key], value, encoded: false })),
  ];
  return entries
    .filter(({ path: [, key = ''], value }) => WANTED.test(key) && typeof value === 'string')
    .map(({ path, value, encoded }) => {
      const [, key = ''] = path;
      const node = isMap(root) ? (root.getIn(path, true) as Node | undefined) : undefined;
      const place = source.placeAt(node?.range?.[0] ?? 0);
      const text = encoded ? decoded(value as string, key.endsWith('.gz')) : (value as string);
      if (text === undefined) {
        const packed = key.endsWith('.gz') ? ' packed by gzip' : '';
        return {
          finding: finding('migrate', {
            path,
            subject: `'${key}' in ${kind} '${metadata?.name ?? ''}'`,
            problem: `not base64 of a text${packed}`,
            fix: 'name the Secret as kubectl get secret -o yaml shows it, or use stringData',
            place,
          }),
        };
      }
      // A place in what is encoded is a place that nobody sees.
      return {
        key: key.replace(/\.gz$/, ''),
        encoded,
        text: { ...sourceText(source.file, text), placeAt: () => place },
      };
    });
}

/** The operator keeps the configuration that it made as `alertmanager.yaml.gz`. */
function decoded(value: string, packed: boolean): string | undefined {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  try {
    const text = packed ? gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES }) : bytes;
    return isUtf8(text) ? text.toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}
