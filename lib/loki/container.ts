import { httpProbe } from '../kubernetes/pod';

/** What a container of Loki looks like in any mode. */
export const CONFIG_PATH = '/etc/loki';
export const RULES_PATH = '/etc/loki/rules';
export const DATA_PATH = '/loki';
export const HTTP_PORT = 3100;

/** Where the tenants' limits are mounted. */
export const RUNTIME_CONFIG_PATH = '/etc/loki/runtime';
export const RUNTIME_CONFIG_FILE = 'overrides.yaml';

/** User of the upstream image. @see https://github.com/grafana/loki/blob/v3.7.8/cmd/loki/Dockerfile */
export const LOKI_USER = 10001;

/**
 * Answers from the first second on, so that no replay of a write-ahead log is ended by it; readiness only keeps traffic
 * away meanwhile.
 */
export const LOKI_LIVENESS = httpProbe('/loki/api/v1/status/buildinfo', 'http', {
  initialDelaySeconds: 30,
  periodSeconds: 20,
  timeoutSeconds: 5,
  failureThreshold: 6,
});
