import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';

/** Bounds within which the number of a workload's pods follows their CPU. */
export interface Autoscaling {
  /** Fewest pods; 2 or more for the loss of one. */
  readonly minReplicas: number;
  /** Most pods. */
  readonly maxReplicas: number;
  /** CPU that pods use on average, in percent of what they ask for, above which there will be more. @default 60 */
  readonly targetCpu?: number;
}

/**
 * That of Loki's own chart for each of its targets: room for the minute that a new pod takes to come.
 * @see https://github.com/grafana/loki/blob/v3.7.8/production/helm/loki/values.yaml
 */
export const DEFAULT_TARGET_CPU = 60;

/**
 * Has Kubernetes choose the number of pods of the Deployment that is named after the component. It needs the metrics API
 * in the cluster, usually metrics-server. The Deployment must not name a number itself: each apply would set it again.
 */
export function autoscale(component: Component, { minReplicas, maxReplicas, targetCpu }: Autoscaling): void {
  new k8s.KubeHorizontalPodAutoscalerV2(component, 'autoscaler', {
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
