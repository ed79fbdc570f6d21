import { Command, Option } from 'commander';
import { formatFinding } from '../checks/findings';
import { CLEAN, COULD_NOT_RUN, FOUND, UsageError } from '../lint/exit-codes';
import { type Applied, applyChanges } from '../remote-loki/apply';
import { type GroupChange, namespaceOf, planTenant, type TenantPlan } from '../remote-loki/plan';
import { RemoteLoki } from '../remote-loki/remote-loki';
import { RulerApi } from '../remote-loki/ruler-api';
import { checkTenantRuleFiles } from '../rules/check-rules';
import type { RuleFile } from '../rules/model';
import { paintFor } from '../text/paint';
import { LOKI_HELP, lokiOption, remoteOptions, requestTenants, tenantOption } from './loki-options';
import { appliedToJson, formatPlans, nameOf, plansToJson } from './rule-changes';
import { readSources, SOURCES } from './rule-sources';
import { printLine, type Shell } from './shell';

interface DiffOptions {
  readonly loki: string;
  readonly tenant?: string;
  readonly namespace: readonly string[];
  readonly format: 'text' | 'json';
}

interface SyncOptions extends DiffOptions {
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly newTenant: boolean;
}

const OWNERSHIP =
  'The files own the namespaces named like them, without .yaml, and those of --namespace; all others are left alone.';

/** `loki-alerts rules diff`: exit code 0 without changes, 1 with changes, 2 if it could not run. */
export function diffCommand(shell: Shell): Command {
  return remoteCommand('diff', 'show which rules differ from those in the ruler of a running Loki; read-only')
    .addHelpText('after', help('0 no changes, 1 changes, 2 could not run, or the rules have errors'))
    .action((sources: string[], options: DiffOptions) =>
      answering(shell, async () => {
        const { plans } = await prepare(sources, options, shell);
        printPlans(plans, options, shell);
        return hasChanges(plans) ? FOUND : CLEAN;
      }),
    );
}

/** `loki-alerts rules sync`: exit code 0 if the ruler has the rules, 2 if not all could be written. */
export function syncCommand(shell: Shell): Command {
  return remoteCommand('sync', 'write rules to the ruler of a running Loki, via its API, after checking them')
    .option('--dry-run', 'only show what would be written; exit codes of diff', false)
    .option('--prune', 'delete groups of owned namespaces that are in none of the files', false)
    .option('--new-tenant', 'write to a tenant that has neither logs nor rules', false)
    .addHelpText(
      'after',
      help('0 the ruler has the rules, 2 could not run, or not all were written; with --dry-run those of diff'),
    )
    .action((sources: string[], options: SyncOptions) => answering(shell, () => sync(sources, options, shell)));
}

function remoteCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument(...SOURCES)
    .addOption(lokiOption())
    .addOption(tenantOption())
    .option(
      '--namespace <name>',
      'a namespace that the files own too, e.g. of a file that was removed; may be repeated',
      (each: string, all: readonly string[]) => [...all, each],
      [],
    )
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'));
}

function help(exitCodes: string): string {
  return ['', OWNERSHIP, LOKI_HELP, `Exit codes: ${exitCodes}.`, 'Docs: loki-alerts explain ruler-api'].join('\n');
}

/** Runs a command; an error is shown without its stack, with exit code 2. */
async function answering(shell: Shell, work: () => Promise<number>): Promise<void> {
  try {
    shell.exitCode = await work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    printLine(shell.stderr, (error as Error).message);
    shell.exitCode = COULD_NOT_RUN;
  }
}

interface Prepared {
  readonly plans: readonly TenantPlan[];
  readonly remote: (tenant: string | undefined, signal?: AbortSignal) => RemoteLoki;
}

/** Checks the rules, and compares them with the ruler, of all tenants before anything is written. */
async function prepare(sources: readonly string[], options: DiffOptions, { stderr }: Shell): Promise<Prepared> {
  const address = remoteOptions(options.loki, options.tenant);
  const files = await readSources(sources);
  const findings = checkTenantRuleFiles(files);
  for (const found of findings) printLine(stderr, formatFinding(found));
  if (findings.some(({ severity }) => severity === 'error'))
    throw new Error('the rules have errors: correct them; nothing was compared or written');
  const tenants = requestTenants(files, options.tenant);
  for (const own of tenants.values()) requireOneFilePerNamespace(own);
  const remote = (tenant: string | undefined, signal?: AbortSignal) => new RemoteLoki({ ...address, tenant, signal });
  const plans: TenantPlan[] = [];
  for (const [tenant, own] of tenants) {
    const stored = await new RulerApi(remote(tenant)).groups();
    plans.push(planTenant(own, stored, { tenant, namespaces: options.namespace }));
    for (const name of options.namespace.filter(
      (each) => !stored.has(each) && !own.some((f) => namespaceOf(f) === each),
    ))
      printLine(stderr, `note: namespace '${name}' is neither in the ruler nor in the files${ofTenant(tenant)}`);
  }
  return { plans, remote };
}

function ofTenant(tenant: string | undefined): string {
  return tenant === undefined ? '' : ` of tenant '${tenant}'`;
}

/** @throws UsageError if `web.yaml` and `web.yml` are the same namespace */
function requireOneFilePerNamespace(files: readonly RuleFile[]): void {
  const names = new Map<string, string>();
  for (const file of files) {
    const namespace = namespaceOf(file);
    const other = names.get(namespace);
    if (other !== undefined)
      throw new UsageError(`namespace '${namespace}' has two files, '${other}' and '${file.name}': rename one of them`);
    names.set(namespace, file.name);
  }
}

function hasChanges(plans: readonly TenantPlan[]): boolean {
  return plans.some(({ changes }) => changes.length > 0);
}

function printPlans(plans: readonly TenantPlan[], { format, loki }: DiffOptions, { stdout, stderr }: Shell): void {
  if (format === 'json') {
    printLine(stdout, JSON.stringify({ loki: safeUrl(loki), tenants: plansToJson(plans) }, null, 2));
    return;
  }
  for (const line of formatPlans(plans, paintFor(stdout))) printLine(stdout, line);
  for (const { tenant, foreign } of plans)
    if (foreign.length > 0)
      printLine(
        stderr,
        `note: not owned by the files, left alone${ofTenant(tenant)}: ${foreign.map((name) => `'${name}'`).join(', ')}`,
      );
}

/** The URL without user and password. */
function safeUrl(loki: string): string {
  return remoteOptions(loki, undefined, {}).url;
}

async function sync(sources: readonly string[], options: SyncOptions, shell: Shell): Promise<number> {
  const { plans, remote } = await prepare(sources, options, shell);
  if (options.dryRun) {
    printPlans(plans, options, shell);
    return hasChanges(plans) ? FOUND : CLEAN;
  }
  const changes = plans.flatMap((plan) => plan.changes);
  requirePrune(changes, options);
  if (!options.newTenant) for (const plan of plans) await requireKnownTenant(plan, remote(plan.tenant));
  if (options.format === 'text') printPlans(plans, options, shell);

  const abort = new AbortController();
  const onSignal = () => abort.abort();
  // A second signal ends the process at once.
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    const rulers = new Map(plans.map(({ tenant }) => [tenant, new RulerApi(remote(tenant, abort.signal))]));
    const result = await applyChanges(changes, {
      signal: abort.signal,
      ruler: (tenant) => rulers.get(tenant) as RulerApi,
      onDone: (change) =>
        options.format === 'text' && printLine(shell.stdout, `${VERBS[change.change]} ${nameOf(change)}`),
    });
    return report(result, plans, options, shell);
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

/** Signals of Ctrl-C, and of a CI job that is canceled. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const VERBS = { added: 'added', changed: 'replaced', removed: 'deleted' } as const;

/** @throws if groups would be deleted without `--prune`: they may belong to others */
function requirePrune(changes: readonly GroupChange[], { prune }: SyncOptions): void {
  const deleted = changes.filter(({ change }) => change === 'removed');
  if (prune || deleted.length === 0) return;
  throw new Error(
    [
      ...deleted.map((change) => `${nameOf(change)} is in the ruler, but in none of the files`),
      'nothing was written: pass --prune to delete what is only in the ruler, or add it to a file',
    ].join('\n'),
  );
}

/** Time in which a tenant that exists has logs, seconds: Loki keeps older ones, but its clients are gone. */
const WEEK_S = 7 * 24 * 3600;

/** @throws if the tenant has neither rules nor logs: its name is probably misspelled, which Loki does not report */
async function requireKnownTenant({ tenant, isNew, changes }: TenantPlan, loki: RemoteLoki): Promise<void> {
  if (tenant === undefined || !isNew || changes.length === 0) return;
  const end = Date.now() / 1000;
  // A token for rules only may not read logs: then this is not known.
  const labels = await loki
    .ask((client) => client.data<readonly string[] | undefined>('/loki/api/v1/labels', { start: end - WEEK_S, end }))
    .catch(() => ['unknown']);
  if (labels && labels.length > 0) return;
  throw new Error(
    `tenant '${tenant}' has neither rules nor logs of the last 7 days in ${loki.url}; nothing was written: correct the tenant, or pass --new-tenant`,
  );
}

function report(
  result: Applied,
  plans: readonly TenantPlan[],
  { format }: SyncOptions,
  { stdout, stderr }: Shell,
): number {
  const { done, failed, pending } = result;
  const total = done.length + pending.length + (failed ? 1 : 0);
  if (format === 'json')
    printLine(stdout, JSON.stringify({ tenants: plansToJson(plans), ...appliedToJson(result) }, null, 2));
  else if (total > 0)
    printLine(stdout, `${done.length} of ${total} changes written; the ruler loads them at its next poll`);
  if (!failed && pending.length === 0) return CLEAN;
  if (failed) printLine(stderr, `${nameOf(failed.change)} failed: ${failed.reason}`);
  else printLine(stderr, 'interrupted');
  for (const change of pending) printLine(stderr, `not written: ${nameOf(change)}`);
  printLine(stderr, 'run the command again to write the rest: each group is either old or new');
  return COULD_NOT_RUN;
}
