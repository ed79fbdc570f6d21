/** Unit tests for LogQL rules on the real engines: docs/rule-tests.md. */
export { BadInput } from './bad-input';
export { describeRuleTests, type RuleTests } from './define';
export type {
  AlertRuleTest,
  ExpectedNotification,
  InputLine,
  InputStream,
  LogqlExprTest,
  NotificationTest,
  RuleTest,
  RuleTestFile,
  SentAs,
} from './test-file';
