import type { AlertmanagerConfig } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';
import { type RouteNode, routesOf } from '../config/routes';
import { contradict, implies } from '../matchers/logic';
import { type CompiledMatcher, formatMatcher } from '../matchers/matchers';

/** Reports routes that receive no alert or notify twice. It is unknown what a route with an invalid matcher matches. */
export function checkRoutes(config: AlertmanagerConfig, report: ConfigFindings): void {
  checkChildren(routesOf(config), [], report);
}

/** @param above matchers of the parent and its parents */
function checkChildren(parent: RouteNode, above: readonly CompiledMatcher[], report: ConfigFindings): void {
  parent.routes.forEach((route, index) => {
    const matchers = [...above, ...route.matchers];
    const before = parent.routes.slice(0, index).filter(({ unreadable }) => unreadable === undefined);
    if (contradict(matchers)) {
      const problem = 'receives no alert: its matchers contradict those of the routes above it';
      const fix = 'correct the matchers, or remove the route';
      report.add('route-unreachable', route.path, { problem, fix });
      return;
    }
    const shadow = before.find(
      (other) => !other.continue && other.matchers.every((matcher) => implies(matchers, matcher)),
    );
    if (shadow) {
      const matched = described(shadow);
      const problem = `receives no alert: ${report.show(shadow.path)} comes first and matches all of its alerts (${matched})`;
      const fix = 'move this route before it, or add "continue: true" there';
      report.add('route-unreachable', route.path, { problem, fix });
      return;
    }
    const twin = route.unreadable === undefined && before.find((other) => isTwin(other, route));
    if (twin) {
      const same = report.show(twin.path);
      const problem = `has the matchers and the receiver of ${same}, which continues: every notification is sent twice`;
      const fix = 'remove one of the two';
      report.add('route-duplicate', route.path, { problem, fix });
    }
    if (route.continue && index === parent.routes.length - 1) {
      const problem = '"continue" has no effect on the last of several routes';
      const fix = 'remove it, or move the route up';
      report.add('route-continue-last', [...route.path, 'continue'], { problem, fix }, 'name');
    }
    checkChildren(route, matchers, report);
  });
}

function isTwin(a: RouteNode, b: RouteNode): boolean {
  return a.receiver === b.receiver && a.routes.length + b.routes.length === 0 && described(a) === described(b);
}

function described({ matchers }: RouteNode): string {
  return matchers.length === 0 ? 'no matchers' : matchers.map(formatMatcher).sort().join(', ');
}
