import { httpProbe } from '../kubernetes/pod';

/** Paths and ports of Loki's container in all modes. */
export const CONFIG_PATH = '/etc/loki';
export const RULES_PATH = '/etc/loki/rules';
export const DATA_PATH = '/loki';
export const HTTP_PORT = 3100;

/** Mount path of the tenants' limits. */
export const RUNTIME_CONFIG_PATH = '/etc/loki/runtime';
export const RUNTIME_CONFIG_FILE = 'overrides.yaml';

/** User of the upstream image. @see https://github.com/grafana/loki/blob/v3.7.8/cmd/loki/Dockerfile */
export const LOKI_USER = 10001;

/**
 * Liveness probe that succeeds during the replay of a write-ahead log, which it must not interrupt; the readiness probe
 * keeps traffic away until the replay ends.
 */
export const LOKI_LIVENESS = httpProbe('/loki/api/v1/status/buildinfo', 'http', {
  initialDelaySeconds: 30,
  periodSeconds: 20,
  timeoutSeconds: 5,
  failureThreshold: 6,
});
