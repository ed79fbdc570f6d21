import { parseDuration } from '../duration';
import { isAlert, type RuleFile } from '../model';
import { groupBytes, MAX_SHARD_BYTES } from '../shards';
import { readFindingsOf } from '../source';
import type { Check } from './check';

/** Prometheus' legacy names, which Loki's ruler still asks for (`model.LegacyValidation` in pkg/ruler/compat.go). */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

const DURATION_FIX = "write whole numbers with units from large to small, for instance '90s' or '1h30m'";

/** A half of a surrogate pair: it has no UTF-8 form, and Loki refuses values that are not UTF-8. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Shape of files, groups and rules, as pkg/ruler/compat.go (`ValidateGroups`, `validateRule`) wants it. */
export const structureChecks: readonly Check[] = [
  {
    id: 'file-name',
    severity: 'error',
    *file({ file, options }) {
      if (couldNotBeRead(file)) return;
      if (/[\\/]|^\.\.?$/.test(file.name)) {
        yield { message: `'${file.name}' is a path, and a file name is needed; write for instance 'flood.yaml'` };
        // https://kubernetes.io/docs/concepts/configuration/configmap/: keys of a ConfigMap
      } else if (options.asConfigMaps && (!/^[-._a-zA-Z0-9]{1,253}$/.test(file.name) || file.name.startsWith('..'))) {
        yield {
          message: `'${file.name}' can't be a file name in a ConfigMap; use letters, digits, '-', '_' and '.', for instance 'flood.yaml'`,
        };
      }
    },
  },
  {
    id: 'empty-file',
    severity: 'error',
    *file({ file }) {
      if (file.groups.length === 0 && !couldNotBeRead(file)) {
        yield {
          message:
            'there are no rule groups in it; Loki stops loading the rules of every tenant when a file is empty; add a group or remove the file',
        };
      }
    },
  },
  {
    id: 'empty-group',
    severity: 'warning',
    *group({ group }) {
      if (group.rules.length === 0)
        yield { message: 'has no rules, so it does nothing; add a rule or remove the group' };
    },
  },
  {
    id: 'group-name',
    severity: 'error',
    *group({ group }) {
      if (group.name === '') {
        yield { field: ['name'], message: "has no name and Loki refuses the whole file; add 'name:'" };
      }
    },
  },
  {
    id: 'group-interval',
    severity: 'error',
    *group({ group }) {
      if (group.interval !== undefined && parseDuration(group.interval) === undefined) {
        yield {
          field: ['interval'],
          message: `interval '${group.interval}' is no duration and Loki refuses the whole file; ${DURATION_FIX}`,
        };
      }
    },
  },
  {
    id: 'group-limit',
    severity: 'error',
    *group({ group }) {
      if (group.limit !== undefined && !(Number.isSafeInteger(group.limit) && group.limit >= 0)) {
        yield { field: ['limit'], message: `limit ${group.limit} is not a whole number from 0; write 0 for no limit` };
      }
    },
  },
  {
    id: 'group-too-large',
    severity: 'error',
    *group({ group, options }) {
      if (!options.asConfigMaps) return;
      // Writing YAML takes time; no character takes more than eight times what it takes in JSON.
      const bytes = JSON.stringify(group).length * 8 > MAX_SHARD_BYTES ? groupBytes(group) : 0;
      if (bytes > MAX_SHARD_BYTES) {
        yield {
          message: `takes ${Math.ceil(bytes / 1024)} KiB as JSON, more than the ${MAX_SHARD_BYTES / 1024} KiB of one ConfigMap that 'kubectl apply' can carry; divide its rules over several groups`,
        };
      }
    },
  },
  {
    id: 'rule-name',
    severity: 'error',
    *rule({ rule }) {
      const both = 'alert' in rule && 'record' in rule && rule.alert !== '' && rule.record !== '';
      if (both) {
        yield { message: "has both 'alert' and 'record' and Loki refuses the whole file; make it two rules" };
      } else if (!(isAlert(rule) ? rule.alert : rule.record)) {
        yield { message: "has neither 'alert' nor 'record' and Loki refuses the whole file; name it with one of them" };
      }
    },
  },
  {
    id: 'record-name',
    severity: 'error',
    *rule({ rule }) {
      if (!isAlert(rule) && rule.record && !METRIC_NAME.test(rule.record)) {
        yield {
          field: ['record'],
          message: `'${rule.record}' is no metric name and Loki refuses the whole file; use letters, digits, '_' and ':', for instance 'app:log_lines:rate1m'`,
        };
      }
    },
  },
  {
    id: 'for-duration',
    severity: 'error',
    *rule({ rule }) {
      if (isAlert(rule) && rule.for !== undefined && parseDuration(rule.for) === undefined) {
        yield {
          field: ['for'],
          message: `'for: ${rule.for}' is no duration and Loki refuses the whole file; ${DURATION_FIX}`,
        };
      }
    },
  },
  {
    id: 'label-name',
    severity: 'error',
    *rule({ rule }) {
      for (const name of Object.keys(rule.labels ?? {})) {
        if (LABEL_NAME.test(name) && name !== '__name__') continue;
        yield {
          field: ['labels', name],
          message: `'${name}' is no label name and Loki refuses the whole file; use letters, digits and '_', not '__name__', and no digit first`,
        };
      }
    },
  },
  {
    id: 'label-value',
    severity: 'error',
    *rule({ rule }) {
      for (const [name, value] of Object.entries(rule.labels ?? {})) {
        if (!LONE_SURROGATE.test(value)) continue;
        yield {
          field: ['labels', name],
          message: `the value of label '${name}' can't be written as UTF-8; remove the broken character`,
        };
      }
    },
  },
  {
    id: 'annotation-name',
    severity: 'error',
    *rule({ rule }) {
      for (const name of Object.keys((isAlert(rule) && rule.annotations) || {})) {
        if (LABEL_NAME.test(name)) continue;
        yield {
          field: ['annotations', name],
          message: `'${name}' is no annotation name and Loki refuses the whole file; use letters, digits and '_', and no digit first`,
        };
      }
    },
  },
];

/** What could not be read says so itself. */
function couldNotBeRead(file: RuleFile): boolean {
  return file.groups.length === 0 && readFindingsOf(file).length > 0;
}
