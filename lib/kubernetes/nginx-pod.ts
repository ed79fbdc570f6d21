import { k8s } from 'cdk8s-plus-27';
import { images } from '../versions/images';
import { httpProbe, type PodProps } from './pod';
import type { Resources } from './resources';
import { UPSTREAM_USER, type Waivers } from './waivers';

/** What a workload of it leaves out of the tools' checks. */
export const NGINX_WAIVERS: Waivers = {
  ...UPSTREAM_USER,
  'liveness-probe': 'nginx replaces workers that die; one that does not answer gets no requests',
};

/** User `nginx` of the image. */
const USER = 101;

export interface NginxPodProps extends Pick<PodProps, 'topologySpreadConstraints'> {
  /** Name of the container. */
  readonly name: string;
  /** Port name to number; one is called `http` and answers `GET /healthz`. */
  readonly ports: Readonly<Record<string, number>>;
  readonly resources: Resources;
  /** ConfigMap with the server configuration, a file `*.conf` a key. */
  readonly configMap: string;
  /** Room for bodies and answers on their way, a Kubernetes quantity. */
  readonly tmp: string;
}

/** A pod with nginx, which serves what its ConfigMap says. */
export function nginxPod(props: NginxPodProps): PodProps {
  const { name, ports, resources, configMap, tmp, topologySpreadConstraints } = props;
  return {
    user: USER,
    container: {
      name,
      image: images.nginx,
      ports,
      resources,
      readinessProbe: httpProbe('/healthz', 'http', { periodSeconds: 5 }),
      writable: { '/tmp': 'tmp' },
      readOnly: { '/etc/nginx/conf.d': 'config' },
    },
    topologySpreadConstraints,
    volumes: [
      { name: 'config', configMap: { name: configMap } },
      { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString(tmp) } },
    ],
  };
}
