import type { CheckInfo } from './check';

/** Checks on the options of the stack. */
export const OPTION_CHECK_INFO = {
  option: { severity: 'error', title: 'invalid option of the stack' },
} as const satisfies Readonly<Record<string, CheckInfo>>;

/** Checks on files of rule tests: `loki-alerts test`. */
export const RULE_TEST_CHECK_INFO = {
  'rule-test-file': { severity: 'error', title: 'no test file to read' },
  'rule-test-yaml': { severity: 'error', title: 'test file is not valid YAML' },
  'rule-test-empty': { severity: 'error', title: 'empty test file' },
  'rule-test-format': { severity: 'error', title: 'test file of the wrong form' },
  'rule-test': { severity: 'error', title: 'test that cannot be run' },
  'rule-test-filter': { severity: 'error', title: 'filter that matches no test' },
  'rule-test-engine': { severity: 'error', title: 'engine that tests need is missing or fails', needs: 'engine' },
  'rule-test-coverage': { severity: 'warning', title: 'alert that no test sees', needs: 'engine' },
} as const satisfies Readonly<Record<string, CheckInfo>>;

/** Checks on what `loki-alerts migrate` takes over. */
export const MIGRATE_CHECK_INFO = {
  migrate: { severity: 'error', title: 'file that cannot be taken over' },
  'migrate-credential': { severity: 'error', title: 'credential that was not taken over' },
  'migrate-variable': { severity: 'error', title: 'variable that Alertmanager does not replace' },
  'migrate-address': { severity: 'error', title: 'address that the stack cannot reach' },
  'migrate-label': { severity: 'error', title: 'label that no alert has in the stack' },
} as const satisfies Readonly<Record<string, CheckInfo>>;
