import type { AlertmanagerConfig, Route } from '../alertmanager/config/config';
import { ConfigFindings, type Positions } from '../alertmanager/config/config-findings';
import { parseMatchers } from '../alertmanager/matchers/matchers';
import { messageTemplates, neededLabels } from '../alertmanager/templates';
import type { Diagnosis } from '../checks/findings';
import { type Finding, finding, type Path } from '../checks/findings';
import { COLLECTOR_LABELS } from '../collector/labels';
import { type Expr, outputLabels, parseLogQL, walk } from '../logql';
import { LOKI_LABELS } from '../rules/check-options';
import { hasParser } from '../rules/checks/queries';
import { alertsOf, type RuleFile } from '../rules/model';
import { sourceText } from '../yaml/source';
import type { ReadApp } from './app';

/** Labels that replace those of other collectors, see docs/moving-in.md. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  compose_service: 'app',
  container_name: 'container',
  instance: 'namespace and app',
  host: 'node_name',
  filename: 'pod',
};

/** Finds labels in alertmanager.yml and its templates that no alert has here: they fail silently. */
export function checkAlertLabels({ props, rules, positions }: ReadApp, folder: string): Finding[] {
  const config = props.routing?.config;
  const known = labelsOf(props.rules);
  if (!config || !positions || !known) return [];
  const unknown = (label: string) => !known.has(label) && label !== '...';
  const templates = Object.entries(props.routing?.templates ?? {});
  return [
    // Without migrated rules, the labels that later rules will set for the routes are unknown.
    ...checkConfig(config, positions, unknown, rules.length > 0),
    ...templates.flatMap(([file, text]) =>
      [...neededLabels(text)].filter(unknown).map((label) => {
        const at = text.indexOf(label, text.search(/Labels\W/));
        const place = sourceText(`${folder}/templates/${file}`, text).placeAt(Math.max(at, 0));
        return finding('migrate-label', { ...showsNothing(label), place });
      }),
    ),
  ];
}

function checkConfig(
  config: AlertmanagerConfig,
  positions: Positions,
  unknown: (label: string) => boolean,
  withMatchers: boolean,
): Finding[] {
  const findings = new ConfigFindings(config, positions);
  const report = (path: Path, problem: string, label: string) =>
    findings.add('migrate-label', path, {
      problem: `${problem}, because of ${unsetLabel(label)}`,
      fix: instead(label),
    });
  const reportMatchers = (path: Path, lines: readonly string[] = []) => {
    if (!withMatchers) return;
    lines.forEach((line, index) => {
      const parsed = parseMatchers(line);
      if ('problem' in parsed) return;
      for (const { name } of parsed.matchers.filter(({ name, accepts }) => unknown(name) && !accepts(''))) {
        report([...path, index], 'never matches', name);
      }
    });
  };
  const reportRoute = (route: Route, path: Path) => {
    route.group_by?.forEach((label, index) => {
      if (unknown(label)) report([...path, 'group_by', index], 'has no effect', label);
    });
    reportMatchers([...path, 'matchers'], route.matchers);
    route.routes?.forEach((child, index) => {
      reportRoute(child, [...path, 'routes', index]);
    });
  };
  reportRoute(config.route, ['route']);
  config.inhibit_rules?.forEach(({ equal, source_matchers, target_matchers }, index) => {
    const path = ['inhibit_rules', index];
    reportMatchers([...path, 'source_matchers'], source_matchers);
    reportMatchers([...path, 'target_matchers'], target_matchers);
    equal?.forEach((label, at) => {
      if (unknown(label)) report([...path, 'equal', at], 'is equal for all alerts, so each inhibits all others', label);
    });
  });
  for (const { path, text } of messageTemplates(config)) {
    for (const label of [...neededLabels(text)].filter(unknown))
      findings.add('migrate-label', path, showsNothing(label));
  }
  return findings.inOrder();
}

function showsNothing(label: string): Diagnosis {
  return { problem: `shows nothing for ${unsetLabel(label)}`, fix: instead(label) };
}

function unsetLabel(label: string): string {
  return `the label "${label}", which neither the collector nor a rule sets`;
}

function instead(label: string): string {
  return `use ${REPLACEMENTS[label] ?? `one of ${COLLECTOR_LABELS.join(', ')}, or one that your rules set`}`;
}

/** Returns the labels that alerts of these rules can have; undefined if a query may extract any label. */
function labelsOf(files: readonly RuleFile[]): Set<string> | undefined {
  const known = new Set<string>([...COLLECTOR_LABELS, ...LOKI_LABELS, 'alertname', 'severity']);
  for (const { expr, labels = {} } of alertsOf(files)) {
    const { expr: query } = parseLogQL(expr);
    const set = query ? setBy(query) : [];
    if (!set) return undefined;
    for (const label of [...Object.keys(labels), ...set]) known.add(label);
  }
  return known;
}

/** Returns the labels that a query adds to those of the lines; undefined if it may add any. */
function setBy(query: Expr): string[] | undefined {
  // Without a parser, a grouping label is a label of the lines, or empty.
  if (!hasParser(query)) {
    return [...walk(query)].flatMap((at) => (at.kind === 'label-replace' ? [at.destination.value] : []));
  }
  const { exact, labels } = outputLabels(query);
  return exact ? [...labels] : undefined;
}
