import type { Diagnosis, Path } from '../../checks/findings';
import { unexpandedIn } from '../../credentials';
import type { Leaf } from './schema';
import { fileField } from './secrets';
import { quote } from './values';

/** Fields with an address or a name that a service must know, in contrast to a text that people read. */
const ADDRESS =
  /(^|_)(url|to|from|channel|smarthost|username|identity|key|token|id|recipient|room_id|host|arn|number|link|corp_id)$/;

/** Kinds whose credentials are templates. Upstream: `tmpl(…)` in `notify/*`. */
const RENDERED_SECRETS = new Set<Path[number] | undefined>(['opsgenie_configs', 'pushover_configs', 'wechat_configs']);

/**
 * Returns the problem of a value with a variable such as `${NAME}`, which another program replaces and Alertmanager does
 * not; undefined if there is none.
 */
export function variableProblem(path: Path, { secret, template }: Leaf, value: unknown): Diagnosis | undefined {
  if (typeof value !== 'string') return undefined;
  const field = String(path.findLast((part) => typeof part === 'string'));
  const isAddress = secret !== undefined || ADDRESS.test(field);
  const variable = unexpandedIn(value, template !== undefined && !isAddress);
  // A template in another field than a message stays as it is, too.
  const isRendered = template !== undefined || (secret === 'always' && RENDERED_SECRETS.has(path[2]));
  const found = variable ?? (isRendered ? undefined : /\{\{[\s\S]*?\}\}/.exec(value)?.[0]);
  if (found === undefined) return undefined;
  const file = secret ? fileField(path) : undefined;
  const kept = variable === undefined ? 'this field is not a template' : 'Alertmanager does not replace variables';
  return {
    problem: `${quote(found)} stays as it is: ${kept}`,
    fix: file ? `put the value in a Secret, and the path of its file in ${file}` : 'write the value',
  };
}
