import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';

/** An Ingress with TLS to a program for people outside the cluster. */
export interface IngressOptions {
  /** Host name that people open: `grafana.example.com`. */
  readonly host: string;
  /** Namespace of the controller's pods: the only ones that may connect for it. */
  readonly namespace: string;
  /** Secret with certificate and key, of type `kubernetes.io/tls`; cert-manager makes it if `annotations` ask for it. */
  readonly tlsSecret: string;
  /** IngressClass, the controller that serves it. @default the cluster's default class */
  readonly className?: string;
  /** Annotations for the controller or cert-manager: `{ 'cert-manager.io/cluster-issuer': 'letsencrypt' }`. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Leads all paths of the host to the component's port `http`; there is no way in without TLS. */
export function ingress(component: Component, options: IngressOptions): void {
  const { host, tlsSecret, className, annotations } = options;
  new k8s.KubeIngress(component, 'ingress', {
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
