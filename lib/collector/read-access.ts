import { k8s } from 'cdk8s-plus-27';
import { clusterScoped } from '../kubernetes/cluster-scoped';
import type { Component } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';

/** Creates the service account of a collector, which may read these resources of all namespaces and nothing else. */
export function readAccess(component: Component, resources: readonly string[]): void {
  const { labels } = component.metadata;
  // Cluster-scoped names: the namespace prefix separates two installations.
  const name = `${component.namespace}-${component.name}`;
  const account = createObject(component, 'service-account', k8s.KubeServiceAccount, {
    metadata: component.metadata,
    automountServiceAccountToken: false,
  });
  const role = createObject(component, 'cluster-role', k8s.KubeClusterRole, {
    metadata: { name, labels },
    rules: [{ apiGroups: [''], resources: [...resources], verbs: ['get', 'list', 'watch'] }],
  });
  const binding = createObject(component, 'cluster-role-binding', k8s.KubeClusterRoleBinding, {
    metadata: { name, labels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role.name },
    subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: component.namespace }],
  });
  clusterScoped(role);
  clusterScoped(binding);
}
