import type { AlertmanagerConfig, InhibitRule, Route } from '../alertmanager/config';
import { alertmanagerConfig } from '../alertmanager/config-schema';
import { formatMatcher } from '../alertmanager/matchers';
import { secretFile } from '../alertmanager/mounted-secrets';
import { Report } from '../alertmanager/report';
import { credentialIn } from '../alertmanager/secrets';
import { checkShape } from '../alertmanager/shape';

/** Secret that takes the credentials out of an alertmanager.yml. */
export const CREDENTIALS = 'alertmanager-credentials';

/** A credential that stood in the file. Its value is nowhere in here. */
export interface Credential {
  /** Key of the Secret that it belongs into. */
  readonly key: string;
  /** Where it stood, as `receivers[0].slack_configs[0].api_url`. */
  readonly path: string;
}

/**
 * The same configuration with each credential read from a file, and with matchers in place of the deprecated `match` and
 * `match_re`. Alerts go to the same receivers.
 */
export function withoutCredentials(config: AlertmanagerConfig): {
  readonly config: AlertmanagerConfig;
  readonly credentials: readonly Credential[];
} {
  const copy = structuredClone(config);
  const credentials: Credential[] = [];
  checkShape(config, alertmanagerConfig, '', new Report(config), (path, leaf, value) => {
    if (typeof value !== 'string' || value === '' || !leaf.secret) return;
    if (leaf.secret === 'url' && credentialIn(value) === undefined && URL.canParse(value)) return;
    const key = keyOf(path, config);
    if (moveToFile(copy, path, secretFile(CREDENTIALS, key))) credentials.push({ key, path });
  });
  return {
    config: {
      ...copy,
      route: { ...copy.route, ...(copy.route.routes ? { routes: copy.route.routes.map(withMatchers) } : {}) },
      ...(copy.inhibit_rules ? { inhibit_rules: copy.inhibit_rules.map(withInhibitMatchers) } : {}),
    },
    credentials,
  };
}

/** Readable, and allowed in a Secret: `slack_api_url`, `payments-slack_configs-0-api_url`. */
function keyOf(path: string, { receivers }: AlertmanagerConfig): string {
  const named = path
    .replace(/^global\./, '')
    .replace(/^receivers\[(\d+)\]/, (_, index) => receivers[Number(index)]?.name ?? index);
  return named.replace(/[^\w-]+/g, '-').replace(/-+$/, '');
}

/** Writes the file's path into the field beside it that takes one. Lists of credentials have none. */
function moveToFile(config: object, path: string, file: string): boolean {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const field = steps.pop() ?? '';
  // biome-ignore lint/suspicious/noExplicitAny: a path through a configuration.
  const parent = steps.reduce((value: any, step) => value[step], config);
  if (Array.isArray(parent)) return false;
  delete parent[field];
  parent[`${field}_file`] = file;
  return true;
}

type OldMatches = Readonly<Record<string, string>> | undefined;

function matchers(match: OldMatches, regexps: OldMatches, given: readonly string[] = []): string[] {
  return [
    ...Object.entries(match ?? {}).map(([name, value]) => formatMatcher({ name, operator: '=', value })),
    ...Object.entries(regexps ?? {}).map(([name, value]) => formatMatcher({ name, operator: '=~', value })),
    ...given,
  ];
}

function withMatchers({ match, match_re, matchers: given, routes, ...route }: Route): Route {
  const all = matchers(match, match_re, given);
  return {
    ...(all.length > 0 ? { matchers: all } : {}),
    ...route,
    ...(routes ? { routes: routes.map(withMatchers) } : {}),
  };
}

function withInhibitMatchers(rule: InhibitRule): InhibitRule {
  const { source_match, source_match_re, source_matchers, target_match, target_match_re, target_matchers, ...rest } =
    rule;
  return {
    source_matchers: matchers(source_match, source_match_re, source_matchers),
    target_matchers: matchers(target_match, target_match_re, target_matchers),
    ...rest,
  };
}
