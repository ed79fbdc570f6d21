import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';
import { createObject } from './create-object';

/** Options of an Ingress with TLS for users outside the cluster. */
export interface IngressOptions {
  /** Public host name, e.g. `grafana.example.com`. */
  readonly host: string;
  /** Namespace of the controller's pods, whose connections are allowed. */
  readonly namespace: string;
  /** Secret of type `kubernetes.io/tls`; cert-manager creates it if `annotations` request it. */
  readonly tlsSecret: string;
  /** IngressClass of the controller. @default the cluster's default class */
  readonly className?: string;
  /**
   * Annotations for the controller or cert-manager, e.g. `{ 'cert-manager.io/cluster-issuer': 'letsencrypt' }`.
   * @default none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Routes all paths of the host to the component's port `http`, with TLS only. */
export function ingress(component: Component, options: IngressOptions): void {
  const { host, tlsSecret, className, annotations } = options;
  createObject(component, 'ingress', k8s.KubeIngress, {
    metadata: { ...component.metadata, ...(annotations ? { annotations: { ...annotations } } : {}) },
    spec: {
      ingressClassName: className,
      tls: [{ hosts: [host], secretName: tlsSecret }],
      rules: [
        {
          host,
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: component.name, port: { name: 'http' } } } },
            ],
          },
        },
      ],
    },
  });
}
