import { UsageError } from '../lint/exit-codes';
import { checkLive, type LiveOptions, type LiveResult } from '../remote-loki/live/check-live';
import { RemoteLoki } from '../remote-loki/remote-loki';
import type { RuleFile } from '../rules/model';
import type { LokiFlags } from './check-loki-options';
import { remoteOptions, requestTenants } from './loki-options';

/**
 * Examines rules on a running Loki, of all tenants or of one.
 * @throws UsageError if Loki does not answer, or rejects the credentials
 */
export async function checkLoki(
  files: readonly RuleFile[],
  { loki, tenant, since, replay }: LokiFlags & { readonly loki: string },
  options: Pick<LiveOptions, 'evaluationInterval' | 'keepWaived' | 'progress'>,
): Promise<LiveResult> {
  if (since === 0) throw new UsageError('invalid duration "0s" of --since: use e.g. 7d');
  const address = remoteOptions(loki, tenant);
  const results: LiveResult[] = [];
  for (const [id, own] of requestTenants(files, tenant)) {
    try {
      const remote = new RemoteLoki({ ...address, tenant: id });
      await remote.version();
      results.push(await checkLive(remote, own, { ...options, lookbackS: since / 1000, replayMs: replay }));
    } catch (error) {
      // A mistake of this program keeps its stack.
      if (error instanceof TypeError) throw error;
      throw new UsageError((error as Error).message);
    }
  }
  return {
    findings: results.flatMap(({ findings }) => findings),
    notes: results.flatMap(({ notes }) => notes),
  };
}
