import { RESPONSE_TIMEOUT } from './timeouts';

/** Base URLs of the targets that Grafana queries. */
export interface GatewayTargets {
  readonly queryFrontend: string;
  readonly querier: string;
  readonly ruler: string;
}

/**
 * Returns nginx's server block for Grafana's datasource, which needs one address for several targets: queries, live
 * tail, and the state of rules and alerts. It rejects all other requests, including pushes and deletions.
 *
 * Grafana reads rules at `/api/prom/rules` and their state at `/prometheus/api/v1/rules`.
 * @see https://github.com/grafana/grafana/blob/main/pkg/services/ngalert/api/lotex_ruler.go
 */
export function gatewayConfig({ queryFrontend, querier, ruler }: GatewayTargets, port: number): string {
  return `server {
  listen ${port};
  listen [::]:${port};
  # Otherwise each query of a dashboard would add a line to Loki.
  access_log off;
  # As in Loki.
  proxy_read_timeout ${RESPONSE_TIMEOUT};
  proxy_http_version 1.1;
  location = /healthz {
    return 200 "ok\\n";
  }
  location = /loki/api/v1/tail {
    proxy_pass ${querier};
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
    # A live tail stays open without new lines.
    proxy_read_timeout 1h;
  }
  location /loki/api/v1/rules {
    proxy_pass ${ruler};
  }
  location /api/prom/rules {
    proxy_pass ${ruler};
  }
  location /prometheus/api/v1/ {
    proxy_pass ${ruler};
  }
  location /loki/api/v1/ {
    proxy_pass ${queryFrontend};
  }
  location / {
    return 404;
  }
}
`;
}
