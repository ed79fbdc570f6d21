import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';
import { createObject } from './create-object';

/** Bounds of the number of pods of a workload, which follows their CPU usage. */
export interface Autoscaling {
  /** Minimum number of pods; 2 or more to tolerate the loss of one. */
  readonly minReplicas: number;
  /** Maximum number of pods. */
  readonly maxReplicas: number;
  /** Average CPU usage in percent of the request, above which pods are added. @default 60 */
  readonly targetCpu?: number;
}

/**
 * As in Loki's chart for all targets: leaves a reserve for the minute until a new pod is ready.
 * @see https://github.com/grafana/loki/blob/v3.7.8/production/helm/loki/values.yaml
 */
export const DEFAULT_TARGET_CPU = 60;

/**
 * Creates a HorizontalPodAutoscaler for the Deployment of the component. It requires the metrics API in the cluster,
 * usually metrics-server. The Deployment must not set `replicas`, which each apply would restore.
 */
export function autoscale(component: Component, { minReplicas, maxReplicas, targetCpu }: Autoscaling): void {
  createObject(component, 'autoscaler', k8s.KubeHorizontalPodAutoscalerV2, {
    metadata: component.metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: component.name },
      minReplicas,
      maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: targetCpu ?? DEFAULT_TARGET_CPU },
          },
        },
      ],
    },
  });
}
