import { ALERTMANAGER_CHECK_INFO } from './alertmanager';
import type { CheckInfo } from './check';
import { LOGQL_CHECK_INFO } from './logql';
import {
  APP_CHECK_INFO,
  CONFIG_CHECK_INFO,
  MIGRATE_CHECK_INFO,
  OPTION_CHECK_INFO,
  RULE_TEST_CHECK_INFO,
} from './others';
import { RULE_CHECK_INFO } from './rules';
import { RUNNING_LOKI_CHECK_INFO } from './running-loki';

export type { CheckInfo, CheckNeed, Severity, Versions } from './check';

/** All checks, by topic. */
export const CHECK_TOPICS = {
  rules: RULE_CHECK_INFO,
  LogQL: LOGQL_CHECK_INFO,
  Alertmanager: ALERTMANAGER_CHECK_INFO,
  options: OPTION_CHECK_INFO,
  configuration: CONFIG_CHECK_INFO,
  apps: APP_CHECK_INFO,
  'rule tests': RULE_TEST_CHECK_INFO,
  migration: MIGRATE_CHECK_INFO,
  'running Loki': RUNNING_LOKI_CHECK_INFO,
} as const;

const REGISTRY = {
  ...RULE_CHECK_INFO,
  ...LOGQL_CHECK_INFO,
  ...ALERTMANAGER_CHECK_INFO,
  ...OPTION_CHECK_INFO,
  ...CONFIG_CHECK_INFO,
  ...APP_CHECK_INFO,
  ...RULE_TEST_CHECK_INFO,
  ...MIGRATE_CHECK_INFO,
  ...RUNNING_LOKI_CHECK_INFO,
} as const;

/** Id of a check, stable and in kebab-case. */
export type CheckId = keyof typeof REGISTRY;

export type LogQLCheckId = keyof typeof LOGQL_CHECK_INFO;

/** Registry of all checks. */
export const CHECKS: Readonly<Record<CheckId, CheckInfo>> = REGISTRY;

export const CHECK_IDS = Object.keys(CHECKS) as CheckId[];

/** True if a text from a file or a command line is the id of a check. */
export function isCheckId(text: string): text is CheckId {
  return Object.hasOwn(CHECKS, text);
}
