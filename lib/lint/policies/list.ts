import { table } from '../../text/table';
import type { SourcedConfig } from '../config/read';
import type { Config, Requirement } from '../config/schema';

/** Returns the policies, overrides and waivers of a configuration, as `check --list --format json` shows them. */
export function policyList({ file, config }: SourcedConfig): object {
  const { labels, annotations, runbooks, teams, overrides, waivers } = config;
  return { config: file ?? null, policies: { labels, annotations, runbooks, teams }, overrides, waivers };
}

/** Returns the same as a table; nothing without a configuration. */
export function policyTable({ file, config }: SourcedConfig): string[] {
  const rows = [...policies(config), ...overrides(config), ...waivers(config)];
  if (file === undefined) return [];
  return rows.length > 0
    ? [table([['POLICY', 'OF', 'VALUE'], ...rows]), `configuration: ${file}`]
    : [`configuration: ${file}`];
}

function policies({ labels = {}, annotations = {}, runbooks, teams = {} }: Config): string[][] {
  return [
    ...Object.entries(labels).map(([name, each]) => ['label', name, requirement(each)]),
    ...Object.entries(annotations).map(([name, each]) => ['annotation', name, requirement(each)]),
    ...(runbooks ? [['runbook', runbooks.annotation ?? 'runbook_url', 'exists']] : []),
    ...Object.entries(teams).flatMap(([name, { namespaces, severities, receivers }]) => [
      ...(namespaces ? [['owner', name, `namespaces ${namespaces.join(', ')}`]] : []),
      ...(severities ? [['team', name, `severities ${severities.join(', ')}`]] : []),
      ...(receivers ? [['team', name, `receivers ${receivers.join(', ')}`]] : []),
    ]),
  ];
}

function requirement({ values, pattern, required = true }: Requirement): string {
  const allowed = [
    ...(values ? [`one of ${values.join(', ')}`] : []),
    ...(pattern === undefined ? [] : [`matches ${pattern}`]),
  ];
  return [required ? 'required' : 'optional', ...allowed].join(', ');
}

function overrides({ overrides = [] }: Config): string[][] {
  return overrides.flatMap(({ paths, checks }) =>
    Object.entries(checks).map(([id, level]) => ['level', id, `${level} in ${paths.join(', ')}`]),
  );
}

function waivers({ waivers = [] }: Config): string[][] {
  return waivers.map(({ check, until, paths, alerts, reason }) => [
    'waiver',
    check,
    [
      ...(alerts ? [`of ${alerts.join(', ')}`] : []),
      ...(paths ? [`in ${paths.join(', ')}`] : []),
      ...(until === undefined ? [] : [`until ${until}`]),
      `because ${reason}`,
    ].join(' '),
  ]);
}
