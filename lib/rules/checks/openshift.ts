import type { Expr, LabelMatcher } from '../../logql';
import { isAlert } from '../model';
import type { RuleCheck, RuleProblem, RuleScope } from './rule-check';

const SEVERITIES = ['critical', 'warning', 'info'];

/** Labels of the namespace that OpenShift's collectors set; the second one with OpenTelemetry's names. */
const NAMESPACE_LABELS = ['kubernetes_namespace_name', 'k8s_namespace_name'];

/** Tenant of audit logs, the only one whose rules may read all namespaces. */
const AUDIT = 'audit';

/**
 * Returns the tenants that rules in a namespace may have on OpenShift.
 * @see https://github.com/grafana/loki/blob/main/operator/internal/validation/openshift/common.go
 */
export function openshiftTenants(namespace: string): readonly string[] {
  if (namespace === 'openshift-logging') return ['infrastructure', AUDIT];
  return /^(openshift|kube-)|^default$/.test(namespace) ? ['infrastructure'] : ['application'];
}

/** Requirements of the webhook of the Loki operator on OpenShift, in addition to a rule that Loki loads. */
export const openshiftChecks: readonly RuleCheck[] = [
  {
    id: 'openshift-rejects',
    *rule(scope) {
      if (!scope.options.openshift) return;
      yield* alertProblems(scope);
      yield* namespaceProblems(scope);
    },
  },
];

function* alertProblems({ rule }: RuleScope): Iterable<RuleProblem> {
  if (!isAlert(rule)) return;
  const { labels = {}, annotations = {} } = rule;
  if (labels.severity === undefined) {
    yield { field: ['labels'], problem: 'missing label "severity"', fix: `add it: ${SEVERITIES.join(', ')}` };
  } else if (!SEVERITIES.includes(labels.severity)) {
    yield {
      field: ['labels', 'severity'],
      problem: `invalid severity "${labels.severity}"`,
      fix: `use one of ${SEVERITIES.join(', ')}`,
    };
  }
  for (const name of ['summary', 'description']) {
    if (annotations[name]) continue;
    yield { field: ['annotations'], problem: `missing annotation "${name}"`, fix: 'add it' };
  }
}

/** The webhook only reads the selector of the leftmost operand. */
function* namespaceProblems({ query, options: { openshift } }: RuleScope): Iterable<RuleProblem> {
  const { namespace, tenant } = openshift ?? {};
  if (!query || namespace === undefined || tenant === AUDIT) return;
  const matchers = leftmostMatchers(query);
  const isSet = (label: string) =>
    matchers.some(({ name, operator, value }) => name === label && operator === '=' && value.value === namespace);
  const found = NAMESPACE_LABELS.filter(isSet);
  if (found.length === 1) return;
  const [label] = NAMESPACE_LABELS;
  yield found.length === 0
    ? {
        field: ['expr'],
        problem: `the selector does not match the namespace of the resource, "${namespace}"`,
        fix: `add ${label}="${namespace}" to the first selector`,
      }
    : { field: ['expr'], problem: 'two labels match the namespace', fix: `remove ${found[1]} from the selector` };
}

function leftmostMatchers(query: Expr): readonly LabelMatcher[] {
  for (let expr = query; ; ) {
    switch (expr.kind) {
      case 'aggregation':
      case 'label-replace':
        expr = expr.operand;
        break;
      case 'binary':
        expr = expr.left;
        break;
      case 'range':
      case 'variants':
        return expr.range.selector.matchers;
      case 'log':
        return expr.selector.matchers;
      default:
        return [];
    }
  }
}
