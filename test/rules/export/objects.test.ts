import { checkTenantRuleFiles } from '../../../lib/rules/check-rules';
import { exportRules } from '../../../lib/rules/export/check-export';
import { type ExportedObject, ruleObjects } from '../../../lib/rules/export/objects';
import { OBJECT_FORMS, type RuleTarget } from '../../../lib/rules/export/target';
import { isAlert, type Rule, type RuleFile } from '../../../lib/rules/model';
import { readRules } from '../../../lib/rules/read';
import { byTenant, tenantOf } from '../../../lib/rules/tenant';
import { writeYaml } from '../../../lib/yaml/write';
import type { Manifest } from '../../manifests/kubernetes';
import { schemaProblems } from '../../manifests/schemas';
import fc from '../../support/properties';
import { ruleFileLists } from './rule-arbitrary';

const TARGETS: Readonly<Record<RuleTarget['as'], RuleTarget>> = {
  configmap: { as: 'configmap', namespace: 'loki' },
  alertingrule: { as: 'alertingrule', namespace: 'loki', tenant: 'application' },
  prometheusrule: { as: 'prometheusrule', namespace: 'loki' },
};

const written = (objects: readonly ExportedObject[]) => objects.map(({ object }) => writeYaml(object)).join('---\n');

/** Rules by tenant and group, without what a form cannot have: a missing `for`, and alerts beside recording rules. */
const contents = (files: readonly RuleFile[], tenant?: string) =>
  [...byTenant(files, tenant)]
    .flatMap(([id, own]) =>
      own.flatMap((file) =>
        file.groups.flatMap(({ rules, ...group }) =>
          rules.map((rule) => JSON.stringify([id, group.name, group.interval, group.limit, normal(rule)])),
        ),
      ),
    )
    .sort();

function normal(rule: Rule): object {
  const { alert, record, expr, labels, annotations, waive = [] } = rule;
  return {
    alert,
    record,
    expr,
    labels,
    annotations,
    waive: waive.map(({ check, reason }) => [check, reason]),
    for: isAlert(rule) ? (rule.for ?? '0s') : undefined,
  };
}

const findingsIn = (files: readonly RuleFile[], tenant?: string) =>
  checkTenantRuleFiles(files, { keepWaived: true }, tenant)
    .map(({ id, severity, waived, problem }) => JSON.stringify([id, severity, waived, problem]))
    .sort();

describe.each(OBJECT_FORMS)('%s', (form) => {
  const target = TARGETS[form];
  /** Tenant of files without one: the resources of the operator always have a tenant. */
  const tenant = target.as === 'alertingrule' ? target.tenant : undefined;

  test('reads back as the same rules, tenants, waivers and findings', () => {
    fc.assert(
      fc.property(ruleFileLists, (files) => {
        const read = readRules(written(ruleObjects(files, target)), 'rules.yaml', { language: 'auto' });
        expect(contents(read)).toEqual(contents(files, tenant));
        expect(new Set(read.map(tenantOf))).toEqual(new Set(files.map((file) => tenantOf(file) ?? tenant)));
        expect(findingsIn(read)).toEqual(findingsIn(files, tenant));
      }),
    );
  });

  test('has only fields that its schema has', () => {
    fc.assert(
      fc.property(ruleFileLists, (files) => {
        const objects = ruleObjects(files, target).map(({ object }) => object as unknown as Manifest);
        expect(objects.flatMap(schemaProblems)).toEqual([]);
      }),
    );
  });

  test('stays below the limit of kubectl apply, with names that do not change', () => {
    const large = (extra: number): RuleFile => ({
      name: 'large.yaml',
      groups: Array.from({ length: 60 }, (_, g) => ({
        name: `g${g}`,
        rules: Array.from({ length: 20 + (g === 0 ? extra : 0) }, (_, r) => ({
          alert: `A${g}x${r}`,
          expr: `count_over_time({app="web"} |= "error <${r}>" |= "${'>'.repeat(40)}" [5m]) > 0`,
          waive: [{ check: 'no-comparison', reason: 'x'.repeat(60) }],
        })),
      })),
    });
    const objects = ruleObjects([large(0)], target);
    expect(objects.length).toBeGreaterThan(1);
    for (const { object } of objects) {
      const json = JSON.stringify(object).replace(/[<>&]/g, '123456');
      expect(Buffer.byteLength(json)).toBeLessThan(256 * 1024);
    }
    const names = (all: readonly ExportedObject[]) => all.map(({ object }) => object.metadata.name);
    expect(new Set(names(objects)).size).toBe(objects.length);
    expect(names(ruleObjects([large(1)], target))).toEqual(names(objects));
  });
});

const file = (name: string, rules: readonly Rule[]): RuleFile => ({ name, groups: [{ name: 'g', rules }] });
const ERRORS = { alert: 'Errors', expr: 'count_over_time({app="a"} [5m]) > 0' };

describe('ConfigMaps', () => {
  test('have the label and the folder that k8s-sidecar reads, one file each, so that no file changes its ConfigMap', () => {
    const [object] = ruleObjects([file('Web_errors.yaml', [ERRORS])], { as: 'configmap' });
    expect(object?.object).toMatchObject({
      metadata: {
        name: 'loki-rules-web-errors',
        labels: { loki_rule: '' },
        annotations: { 'k8s-sidecar-target-directory': '/rules/fake' },
      },
      data: { 'Web_errors.yaml': expect.stringContaining('alert: Errors') },
    });
  });

  test('have the folder of a tenant, and own labels, names and folders', () => {
    const target = {
      as: 'configmap',
      tenant: 'shop',
      labels: { rules: 'yes' },
      name: 'team',
      rulesDirectory: '/r/',
    } as const;
    expect(ruleObjects([file('a.yaml', [ERRORS])], target)[0]?.object.metadata).toEqual({
      name: 'team-a',
      labels: { rules: 'yes' },
      annotations: { 'k8s-sidecar-target-directory': '/r/shop' },
    });
  });
});

describe('exportRules', () => {
  const problems = (files: readonly RuleFile[], target: RuleTarget) =>
    exportRules(files, target).findings.map(({ id, severity, problem }) => `${severity} ${id}: ${problem}`);

  test('reports everything that the operator rejects on OpenShift, at once', () => {
    const bad = file('a.yaml', [{ ...ERRORS, labels: { severity: 'page' } }]);
    expect(problems([bad], { as: 'alertingrule', openshift: true, namespace: 'shop', tenant: 'audit' })).toEqual([
      'error option: "audit" is not possible in namespace "shop" on OpenShift',
      'error openshift-rejects: on OpenShift, the Loki operator rejects the rule: invalid severity "page"',
      'error openshift-rejects: on OpenShift, the Loki operator rejects the rule: missing annotation "summary"',
      'error openshift-rejects: on OpenShift, the Loki operator rejects the rule: missing annotation "description"',
    ]);
    expect(problems([bad], { as: 'alertingrule', openshift: true, namespace: 'shop' })).toContainEqual(
      expect.stringContaining('the selector does not match the namespace of the resource, "shop"'),
    );
    expect(problems([bad], { as: 'alertingrule', openshift: true })).toContainEqual(
      'error option: is missing: on OpenShift, it decides the tenant of rules',
    );
  });

  test('accepts what the operator accepts, and warns where OpenShift would reject it', () => {
    const good = file('a.yaml', [
      {
        ...ERRORS,
        expr: 'sum(count_over_time({kubernetes_namespace_name="shop", app="a"} [5m])) > 0 and vector(1)',
        labels: { severity: 'info' },
        annotations: { summary: 'Errors', description: 'Some' },
      },
    ]);
    expect(problems([good], { as: 'alertingrule', openshift: true, namespace: 'shop' })).toEqual([]);
    expect(
      problems([file('a.yaml', [ERRORS])], { as: 'alertingrule', tenant: 'a' }).map((one) => one.slice(0, 25)),
    ).toEqual(['warning openshift-rejects', 'warning openshift-rejects', 'warning openshift-rejects']);
  });

  test('reports a log query, a missing tenant, equal names, and a group that is too large', () => {
    expect(problems([file('a.yaml', [{ alert: 'A', expr: '{app="a"} |= "x"' }])], TARGETS.alertingrule)).toContainEqual(
      expect.stringContaining('error rule-log-query'),
    );
    expect(problems([file('a.yaml', [ERRORS])], { as: 'alertingrule' })).toContainEqual(
      'error option: is missing: the resources of the Loki operator have a tenant',
    );
    expect(problems([file('a_b.yaml', [ERRORS]), file('a-b.yaml', [ERRORS])], { as: 'configmap' })).toContainEqual(
      `error file-name: its ConfigMap would have the same name as that of 'a_b.yaml', "loki-rules-a-b"`,
    );
    const large = { ...ERRORS, annotations: { text: 'x'.repeat(210 * 1024) } };
    for (const target of Object.values(TARGETS)) {
      expect(problems([file('a.yaml', [large])], target)).toContainEqual(
        expect.stringContaining('error group-too-large'),
      );
    }
  });

  test('reports a name that is too long for an object', () => {
    const long = file(`${'a'.repeat(245)}.yaml`, [ERRORS]);
    expect(problems([long], TARGETS.prometheusrule)).toEqual([
      'error file-name: the name of its PrometheusRule would have 256 characters, more than 253',
    ]);
  });
});
