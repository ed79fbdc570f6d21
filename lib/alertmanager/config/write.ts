import { Document, isScalar, Scalar, visit } from 'yaml';
import type { AlertmanagerConfig } from './config';

/** The order in which alertmanager.yml is read best: who is told, before how. */
const ORDER: readonly (keyof AlertmanagerConfig)[] = [
  'global',
  'templates',
  'route',
  'inhibit_rules',
  'time_intervals',
  'receivers',
  'tracing',
  'event_recorder',
];

/** Everything but what YAML 1.1 prints as it is: line separators, control characters and the byte order mark go escaped. */
const NEEDS_ESCAPE = /[^\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Writes alertmanager.yml: sections in a fixed order, fields as they were written, texts of several lines as block
 * literals. Equal configs give equal bytes.
 */
export function toYaml(config: AlertmanagerConfig): string {
  const known = ORDER.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]);
  const others = Object.entries(config).filter(([key]) => !ORDER.includes(key as keyof AlertmanagerConfig));
  // Alertmanager reads YAML 1.1, where `yes`, `on` and `0o7` are no strings.
  const document = new Document(Object.fromEntries([...known, ...others]), {
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
  });
  visit(document, (_key, node) => {
    if (isScalar(node) && typeof node.value === 'string' && NEEDS_ESCAPE.test(node.value))
      node.type = Scalar.QUOTE_DOUBLE;
  });
  return document
    .toString({ lineWidth: 0, blockQuote: 'literal' })
    .replace(
      new RegExp(NEEDS_ESCAPE, 'gu'),
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
