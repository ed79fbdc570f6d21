import { ApiObject } from 'cdk8s';
import type { Component } from './component';

/** A route of a Gateway, which ends TLS, to a program for people outside the cluster. */
export interface GatewayOptions {
  /** Host name that people open: `grafana.example.com`. */
  readonly host: string;
  /** Namespace of the pods that serve the Gateway: the only ones that may connect for it. */
  readonly namespace: string;
  /** The Gateway's listener, which must admit routes of the stack's namespace. */
  readonly parentRef: {
    /** Name of the Gateway. */
    readonly name: string;
    /** Namespace of the Gateway. */
    readonly namespace: string;
    /** Name of its HTTPS listener: without it, others would serve the same without TLS. */
    readonly sectionName: string;
  };
}

const GROUP = 'gateway.networking.k8s.io';

/**
 * Leads all paths of the host to the component's port `http`. Says also what the API server would fill in, so that an
 * apply of the same file is no change.
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute; its definitions must be in the cluster
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
