import type { AlertmanagerConfig, Route } from '../alertmanager/config';
import { parseMatchers } from '../alertmanager/matchers';
import { type Positions, Report } from '../alertmanager/report';
import { messageTemplates, neededLabels } from '../alertmanager/templates';
import { COLLECTOR_LABELS } from '../collector/labels';
import type { Finding } from '../findings';
import { type Expr, outputLabels, parseLogQL, walk } from '../logql';
import { hasParser } from '../rules/checks/queries';
import { alertsOf, type RuleFile } from '../rules/model';
import { LOKI_LABELS } from '../rules/options';
import { sourceText } from '../rules/read';
import type { ReadApp } from './app';

/** What stands for labels of other collectors, see docs/moving-in.md. */
const INSTEAD: Readonly<Record<string, string>> = {
  compose_service: 'app',
  container_name: 'container',
  instance: 'namespace and app',
  host: 'node_name',
  filename: 'pod',
};

/** Where alertmanager.yml and its templates count on labels that no alert has here: they fail without a word. */
export function checkAlertLabels({ props, rules, positions }: ReadApp, folder: string): Finding[] {
  const config = props.routing?.config;
  const known = labelsOf(props.rules);
  if (!config || !positions || !known) return [];
  const unknown = (label: string) => !known.has(label) && label !== '...';
  const templates = Object.entries(props.routing?.templates ?? {});
  return [
    // Without rules of their own, nobody knows what those to come will set for the routes.
    ...checkConfig(config, positions, unknown, rules.length > 0),
    ...templates.flatMap(([file, text]) =>
      [...neededLabels(text)].filter(unknown).map((label): Finding => {
        const at = text.indexOf(label, text.search(/Labels\W/));
        const place = sourceText(`${folder}/templates/${file}`, text).placeAt(Math.max(at, 0));
        return { id: 'migrate-label', severity: 'error', message: shows(label), ...place };
      }),
    ),
  ];
}

function checkConfig(
  config: AlertmanagerConfig,
  positions: Positions,
  unknown: (label: string) => boolean,
  matchers: boolean,
): Finding[] {
  const report = new Report(config, positions);
  const tell = (path: string, message: string) => report.error('migrate-label', path, message);
  const tellMatchers = (path: string, lines: readonly string[] = []) => {
    if (!matchers) return;
    lines.forEach((line, index) => {
      const parsed = parseMatchers(line);
      if ('problem' in parsed) return;
      for (const { name } of parsed.matchers.filter(({ name, accepts }) => unknown(name) && !accepts(''))) {
        tell(`${path}[${index}]`, `never matches: '${name}' is a label ${notHere(name)}`);
      }
    });
  };
  const tellRoute = (route: Route, path: string) => {
    route.group_by?.forEach((label, index) => {
      if (unknown(label))
        tell(`${path}.group_by[${index}]`, `tells nothing apart: '${label}' is a label ${notHere(label)}`);
    });
    tellMatchers(`${path}.matchers`, route.matchers);
    route.routes?.forEach((child, index) => {
      tellRoute(child, `${path}.routes[${index}]`);
    });
  };
  tellRoute(config.route, 'route');
  config.inhibit_rules?.forEach(({ equal, source_matchers, target_matchers }, index) => {
    const path = `inhibit_rules[${index}]`;
    tellMatchers(`${path}.source_matchers`, source_matchers);
    tellMatchers(`${path}.target_matchers`, target_matchers);
    equal?.forEach((label, at) => {
      const message = `is equal for all alerts, so that each inhibits those of others: '${label}' is a label ${notHere(label)}`;
      if (unknown(label)) tell(`${path}.equal[${at}]`, message);
    });
  });
  for (const { file, text } of messageTemplates(config)) {
    for (const label of [...neededLabels(text)].filter(unknown)) tell(file, shows(label));
  }
  return report.inOrder();
}

function shows(label: string): string {
  return `shows nothing for '${label}', a label ${notHere(label)}`;
}

function notHere(label: string): string {
  const instead = INSTEAD[label] ?? `one of ${COLLECTOR_LABELS.join(', ')}, or one that your rules set`;
  return `that neither the collector nor a rule sets; write ${instead}`;
}

/** The labels that alerts of these rules can have; undefined where a query may extract any. */
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

/** Labels that a query gives its series beside those of the lines, undefined if that may be any. */
function setBy(query: Expr): string[] | undefined {
  // Without a parser, a label that it groups by is one of the lines', or empty.
  if (!hasParser(query)) {
    return [...walk(query)].flatMap((at) => (at.kind === 'label-replace' ? [at.destination.value] : []));
  }
  const { exact, labels } = outputLabels(query);
  return exact ? [...labels] : undefined;
}
