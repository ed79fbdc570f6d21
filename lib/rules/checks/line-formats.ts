import { unreadTemplates } from '../../logql';
import type { RuleCheck } from './rule-check';

/** Check on templates that would fail the rule if Loki used them. */
export const lineFormatChecks: readonly RuleCheck[] = [
  {
    id: 'line-format-unread',
    *rule({ query }) {
      for (const { problem, from } of query ? unreadTemplates(query) : []) {
        yield {
          field: ['expr'],
          offset: from,
          problem: `${problem}, which Loki ignores, because no later stage reads the line`,
          fix: 'remove this line_format, or correct the template',
        };
      }
    },
  },
];
