import type { CheckInfo } from './check';

/**
 * Checks on alertmanager.yml: routes, receivers, inhibition, message templates. Versions are from its changelog:
 * `matchers` (prometheus/alertmanager#2434), time intervals (#2393), UTF-8 matchers (#3453), the Slack app token
 * (#4211).
 */
export const ALERTMANAGER_CHECK_INFO = {
  'alertmanager-yaml': { severity: 'error', title: 'alertmanager.yml that is not valid YAML' },
  'alertmanager-documents': { severity: 'warning', title: 'second YAML document, which is ignored' },
  'alertmanager-comment': { severity: 'warning', title: 'value that YAML reads as a comment' },
  'alertmanager-type': { severity: 'error', title: 'value of the wrong type' },
  'alertmanager-empty-item': { severity: 'error', title: 'empty item of a list' },
  'alertmanager-unknown-field': { severity: 'error', title: 'unknown field' },
  'alertmanager-value': { severity: 'error', title: 'value of an invalid form' },
  'alertmanager-variable': {
    severity: 'warning',
    title: 'variable that Alertmanager does not replace',
    waivable: ['receiver'],
  },
  'alertmanager-fields': { severity: 'error', title: 'fields that contradict each other' },
  'alertmanager-duplicate-name': { severity: 'error', title: 'duplicate name of a receiver or time interval' },
  'alertmanager-deprecated': {
    severity: 'warning',
    title: 'deprecated field',
    waivable: ['route', 'inhibition rule'],
    since: { alertmanager: '0.22' },
  },
  'inline-secret': { severity: 'error', title: 'credential in the configuration, a message or an alert' },
  'matcher-syntax': { severity: 'error', title: 'invalid matcher', since: { alertmanager: '0.22' } },
  'matcher-classic': {
    severity: 'warning',
    title: 'matcher that only the classic parser reads',
    waivable: ['route', 'inhibition rule'],
    since: { alertmanager: '0.27' },
  },
  'matcher-regexp': {
    severity: 'warning',
    title: 'regular expression that is compared as text',
    waivable: ['route', 'inhibition rule'],
  },
  'route-root': { severity: 'error', title: 'root route with matchers, or without a receiver' },
  'route-undefined-receiver': { severity: 'error', title: 'undefined receiver' },
  'route-undefined-interval': { severity: 'error', title: 'undefined time interval', since: { alertmanager: '0.22' } },
  'route-unreachable': { severity: 'warning', title: 'route that receives no alert', waivable: ['route'] },
  'route-duplicate': { severity: 'warning', title: 'route that sends every notification twice', waivable: ['route'] },
  'route-continue-last': { severity: 'warning', title: "'continue' on the last route", waivable: ['route'] },
  'route-group-wait': { severity: 'warning', title: 'group_wait longer than group_interval', waivable: ['route'] },
  'route-repeat-interval': {
    severity: 'warning',
    title: 'repeat_interval that is not a multiple of group_interval',
    waivable: ['route'],
  },
  'route-repeat-retention': {
    severity: 'warning',
    title: 'repeat_interval longer than the notification log is kept',
    waivable: ['route'],
  },
  'route-muted': {
    severity: 'warning',
    title: 'route that is muted at all times',
    waivable: ['route'],
    since: { alertmanager: '0.22' },
  },
  'time-interval-unused': {
    severity: 'warning',
    title: 'time interval that no route uses',
    since: { alertmanager: '0.22' },
  },
  'time-interval-never': {
    severity: 'warning',
    title: 'time interval that never matches',
    since: { alertmanager: '0.22' },
  },
  'route-catch-all-only': {
    severity: 'warning',
    title: 'alert that falls through to the root receiver',
    needs: 'rules',
    waivable: ['rule'],
  },
  'route-unknown-severity': { severity: 'error', title: 'route for a severity that no alert has', needs: 'severities' },
  'receiver-incomplete': { severity: 'error', title: 'receiver that lacks a required field' },
  'receiver-field-unused': {
    severity: 'warning',
    title: 'field of a receiver without effect',
    waivable: ['receiver'],
    since: { alertmanager: '0.30' },
  },
  'receiver-stays-firing': {
    severity: 'warning',
    title: 'edited Slack message that stays firing',
    waivable: ['receiver'],
    since: { alertmanager: '0.32' },
  },
  'receiver-unused': { severity: 'warning', title: 'receiver that no route uses', waivable: ['receiver'] },
  'receiver-empty': { severity: 'warning', title: 'receiver without an integration', waivable: ['receiver'] },
  'receiver-split': {
    severity: 'warning',
    title: 'fields of one integration as several integrations',
    waivable: ['receiver'],
  },
  'inhibit-never': {
    severity: 'warning',
    title: 'inhibition rule that mutes nothing',
    waivable: ['inhibition rule'],
  },
  'inhibit-without-equal': {
    severity: 'warning',
    title: "inhibition rule without 'equal'",
    waivable: ['inhibition rule'],
  },
  'template-syntax': { severity: 'error', title: 'invalid message template' },
  'template-execution': { severity: 'error', title: 'message template that fails when it is executed' },
  'template-format': {
    severity: 'warning',
    title: "wrong verb or argument of 'printf' in a message",
    waivable: ['receiver'],
  },
  'template-undefined': { severity: 'error', title: 'undefined message template' },
  'template-unset-annotation': {
    severity: 'warning',
    title: 'message with an annotation that no alert sets',
    needs: 'rules',
    waivable: ['receiver', 'template file'],
  },
  'alertmanager-refuses': {
    severity: 'error',
    title: 'alertmanager.yml that a real Alertmanager refuses',
    needs: 'engine',
  },
} as const satisfies Readonly<Record<string, CheckInfo>>;
