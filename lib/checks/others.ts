import type { CheckInfo } from './check';

/** Checks on the options of the stack. */
export const OPTION_CHECK_INFO = {
  option: { severity: 'error', title: 'invalid option of the stack' },
} as const satisfies Readonly<Record<string, CheckInfo>>;

/** Checks on rule test files: `loki-alerts test`. */
export const RULE_TEST_CHECK_INFO = {
  'rule-test-file': { severity: 'error', title: 'missing or unreadable test file' },
  'rule-test-yaml': { severity: 'error', title: 'test file that is not valid YAML' },
  'rule-test-empty': { severity: 'error', title: 'empty test file' },
  'rule-test-format': { severity: 'error', title: 'invalid field of a test file' },
  'rule-test': { severity: 'error', title: 'test that cannot be run' },
  'rule-test-failed': { severity: 'error', title: 'test that fails', needs: 'engine' },
  'rule-test-filter': { severity: 'error', title: 'filter that matches no test' },
  'rule-test-engine': { severity: 'error', title: 'missing or failing engine', needs: 'engine' },
  'rule-test-coverage': {
    severity: 'warning',
    title: 'alert without a test in which it fires, or does not fire',
    needs: 'engine',
  },
} as const satisfies Readonly<Record<string, CheckInfo>>;

/** Checks of the configuration, and of the policies in it. */
export const CONFIG_CHECK_INFO = {
  config: { severity: 'error', title: 'invalid configuration' },
  'policy-label': { severity: 'error', title: 'missing or disallowed label', needs: 'policy' },
  'policy-annotation': { severity: 'error', title: 'missing or disallowed annotation', needs: 'policy' },
  'policy-runbook': { severity: 'error', title: 'link to a runbook that does not exist', needs: 'policy' },
  'policy-team': { severity: 'error', title: 'unknown team, or severity that it must not use', needs: 'policy' },
  'policy-owner': { severity: 'error', title: 'alert on the logs of another team', needs: 'policy' },
  'policy-receiver': { severity: 'error', title: 'receiver that a team must not use', needs: 'policy' },
} as const satisfies Readonly<Record<string, CheckInfo>>;

/** Checks on apps: `loki-alerts verify`. */
export const APP_CHECK_INFO = {
  'app-synth': { severity: 'error', title: 'app that cannot be synthesized' },
  'dist-stale': { severity: 'error', title: 'committed manifest that the app does not write' },
} as const satisfies Readonly<Record<string, CheckInfo>>;

/** Checks of `loki-alerts migrate`. */
export const MIGRATE_CHECK_INFO = {
  migrate: { severity: 'error', title: 'file that cannot be migrated' },
  'migrate-credential': { severity: 'error', title: 'credential that was not migrated' },
  'migrate-variable': { severity: 'error', title: 'variable that Alertmanager does not replace' },
  'migrate-address': { severity: 'error', title: 'address that the stack cannot reach' },
  'migrate-label': { severity: 'error', title: 'label that no alert of the stack has' },
} as const satisfies Readonly<Record<string, CheckInfo>>;
