import { durationMs } from '../../text/duration';
import { isAlert, type RuleFile } from '../model';
import { groupBytes, MAX_SHARD_BYTES } from '../shards';
import { readFindingsOf } from '../source';
import type { RuleCheck } from './rule-check';

/** Prometheus' legacy names, which Loki's ruler still requires (`model.LegacyValidation` in pkg/ruler/compat.go). */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

const DURATION_FIX = 'use whole numbers with units, e.g. "90s" or "1h30m"';

/** Half of a surrogate pair: it has no UTF-8 form, and Loki refuses values that are not UTF-8. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Checks on the structure of files, groups and rules, as in pkg/ruler/compat.go (`ValidateGroups`, `validateRule`). */
export const structureChecks: readonly RuleCheck[] = [
  {
    id: 'file-name',
    *file({ file, options }) {
      if (couldNotBeRead(file)) return;
      if (/[\\/]|^\.\.?$/.test(file.name)) {
        yield { problem: `invalid file name "${file.name}": it is a path`, fix: 'use a file name, e.g. "flood.yaml"' };
        // https://kubernetes.io/docs/concepts/configuration/configmap/: keys of a ConfigMap
      } else if (options.asConfigMaps && (!/^[-._a-zA-Z0-9]{1,253}$/.test(file.name) || file.name.startsWith('..'))) {
        yield {
          problem: `invalid file name "${file.name}" for a ConfigMap`,
          fix: 'use letters, digits, -, _ and ., e.g. "flood.yaml"',
        };
      }
    },
  },
  {
    id: 'empty-file',
    *file({ file }) {
      if (file.groups.length === 0 && !couldNotBeRead(file)) {
        yield {
          problem: 'no rule groups: an empty file stops Loki from loading the rules of every tenant',
          fix: 'add a group or remove the file',
        };
      }
    },
  },
  {
    id: 'empty-group',
    *group({ group }) {
      if (group.rules.length === 0) yield { problem: 'no rules', fix: 'add a rule or remove the group' };
    },
  },
  {
    id: 'group-name',
    *group({ group }) {
      if (group.name === '') {
        yield { field: ['name'], problem: 'missing field "name"', fix: 'add a name that is unique in the file' };
      }
    },
  },
  {
    id: 'group-interval',
    *group({ group }) {
      if (group.interval !== undefined && durationMs(group.interval) === undefined) {
        yield {
          field: ['interval'],
          problem: `invalid duration "${group.interval}"`,
          fix: DURATION_FIX,
        };
      }
    },
  },
  {
    id: 'group-limit',
    *group({ group }) {
      if (group.limit !== undefined && !(Number.isSafeInteger(group.limit) && group.limit >= 0)) {
        yield { field: ['limit'], problem: `invalid limit ${group.limit}`, fix: 'use a whole number; 0 for no limit' };
      }
    },
  },
  {
    id: 'group-too-large',
    *group({ group, options }) {
      if (!options.asConfigMaps) return;
      // Writing YAML is slow, and its size is at most eight times that of the JSON: skip it for groups that surely fit.
      const bytes = JSON.stringify(group).length * 8 > MAX_SHARD_BYTES ? groupBytes(group) : 0;
      if (bytes > MAX_SHARD_BYTES) {
        yield {
          problem: `${Math.ceil(bytes / 1024)} KiB as JSON, more than the ${MAX_SHARD_BYTES / 1024} KiB that "kubectl apply" can store in one ConfigMap`,
          fix: 'split it into several groups',
        };
      }
    },
  },
  {
    id: 'rule-name',
    *rule({ rule }) {
      const { alert, record }: { readonly alert?: string; readonly record?: string } = rule;
      if (alert && record) {
        yield { problem: 'both "alert" and "record" are set', fix: 'split it into two rules' };
      } else if (!(isAlert(rule) ? alert : record)) {
        yield { problem: 'neither "alert" nor "record" is set', fix: 'add one of them, with the name of the rule' };
      }
    },
  },
  {
    id: 'record-name',
    *rule({ rule }) {
      if (!isAlert(rule) && rule.record && !METRIC_NAME.test(rule.record)) {
        yield {
          field: ['record'],
          problem: `invalid metric name "${rule.record}"`,
          fix: 'use letters, digits, _ and :, e.g. "app:log_lines:rate1m"',
        };
      }
    },
  },
  {
    id: 'for-duration',
    *rule({ rule }) {
      if (isAlert(rule) && rule.for !== undefined && durationMs(rule.for) === undefined) {
        yield {
          field: ['for'],
          problem: `invalid duration "${rule.for}"`,
          fix: DURATION_FIX,
        };
      }
    },
  },
  {
    id: 'label-name',
    *rule({ rule }) {
      for (const name of Object.keys(rule.labels ?? {})) {
        if (LABEL_NAME.test(name) && name !== '__name__') continue;
        yield {
          field: ['labels', name],
          problem: `invalid label name "${name}"`,
          fix: 'use letters, digits and _, without a leading digit; __name__ is reserved',
        };
      }
    },
  },
  {
    id: 'label-value',
    *rule({ rule }) {
      for (const [name, value] of Object.entries(rule.labels ?? {})) {
        if (!LONE_SURROGATE.test(value)) continue;
        yield {
          field: ['labels', name],
          problem: `the value of label "${name}" is not valid UTF-8`,
          fix: 'remove the invalid character',
        };
      }
    },
  },
  {
    id: 'annotation-name',
    *rule({ rule }) {
      for (const name of Object.keys((isAlert(rule) && rule.annotations) || {})) {
        if (LABEL_NAME.test(name)) continue;
        yield {
          field: ['annotations', name],
          problem: `invalid annotation name "${name}"`,
          fix: 'use letters, digits and _, without a leading digit',
        };
      }
    },
  },
];

/** True if reading the file failed, which has its own findings. */
function couldNotBeRead(file: RuleFile): boolean {
  return file.groups.length === 0 && readFindingsOf(file).length > 0;
}
