import { LONGEST_ANSWER } from './timeouts';

/** Base URLs of the targets that answer Grafana. */
export interface GatewayTargets {
  readonly queryFrontend: string;
  readonly querier: string;
  readonly ruler: string;
}

/**
 * nginx's server block that makes one Loki of several targets, for Grafana's datasource: queries, live tail, and the
 * state of rules and alerts. Everything else is refused, pushes and deletions too.
 *
 * Grafana reads rules at `/api/prom/rules` and their state at `/prometheus/api/v1/rules`.
 * @see https://github.com/grafana/grafana/blob/main/pkg/services/ngalert/api/lotex_ruler.go
 */
export function gatewayConfig({ queryFrontend, querier, ruler }: GatewayTargets, port: number): string {
  return `server {
  listen ${port};
  listen [::]:${port};
  # Each query of a dashboard would be a line in Loki again.
  access_log off;
  # As long as Loki itself lets a client wait.
  proxy_read_timeout ${LONGEST_ANSWER};
  proxy_http_version 1.1;
  location = /healthz {
    return 200 "ok\\n";
  }
  location = /loki/api/v1/tail {
    proxy_pass ${querier};
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
    # Open as long as somebody watches, lines or no lines.
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
