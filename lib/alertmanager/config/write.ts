import { isNode } from 'yaml';
import { waiverComment } from '../../rules/waiver';
import { writeYaml } from '../../yaml/write';
import { waivableParts, withoutWaivers } from '../checks/waivers';
import type { AlertmanagerConfig, Route } from './config';

/** Order of the sections: routing first, then the integrations. */
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

/**
 * Returns the text of an alertmanager.yml: sections in a fixed order, fields in the given order, multi-line strings as
 * block literals, waivers as the comments that `loki-alerts check` reads. Equal configs give equal bytes.
 */
export function toYaml(config: AlertmanagerConfig): string {
  const plain = withoutWaivers(config);
  const known = ORDER.filter((key) => plain[key] !== undefined).map((key) => [key, plain[key]]);
  const others = Object.entries(plain).filter(([key]) => !ORDER.includes(key as keyof AlertmanagerConfig));
  return writeYaml(Object.fromEntries([...known, ...others]), (document) => {
    for (const { path, value } of waivableParts(config)) {
      const node = document.getIn(path, true);
      const waive = (value as Pick<Route, 'waive'>).waive ?? [];
      if (isNode(node) && waive.length > 0) node.commentBefore = waive.map(waiverComment).join('\n');
    }
  });
}
