import { ApiObject } from 'cdk8s';
import type { Component } from './component';

/** Options of an HTTPRoute for users outside the cluster, via a Gateway that terminates TLS. */
export interface GatewayOptions {
  /** Public host name, e.g. `grafana.example.com`. */
  readonly host: string;
  /** Namespace of the Gateway's pods, whose connections are allowed. */
  readonly namespace: string;
  /** Listener of the Gateway, which must allow routes from the namespace of the stack. */
  readonly parentRef: {
    /** Name of the Gateway. */
    readonly name: string;
    /** Namespace of the Gateway. */
    readonly namespace: string;
    /** Name of its HTTPS listener: without it, HTTP listeners would serve the program too. */
    readonly sectionName: string;
  };
}

const GROUP = 'gateway.networking.k8s.io';

/**
 * Routes all paths of the host to the component's port `http`. Contains the defaults of the API server, so that
 * applying the same file again changes nothing.
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute (its CRDs must be installed)
 */
export function httpRoute(component: Component, { host, parentRef }: GatewayOptions): void {
  new ApiObject(component, 'http-route', {
    apiVersion: `${GROUP}/v1`,
    kind: 'HTTPRoute',
    metadata: component.metadata,
    spec: {
      parentRefs: [{ group: GROUP, kind: 'Gateway', ...parentRef }],
      hostnames: [host],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ group: '', kind: 'Service', name: component.name, port: component.ports.http, weight: 1 }],
        },
      ],
    },
  });
}
