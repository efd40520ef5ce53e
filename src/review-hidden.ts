// SPDX-License-Identifier: GPL-2.0-only

import type { JudgedState, Stretch } from './review-defects.ts';
import type { JobViolation } from './run/job.ts';

/** Where each scenario breaks a promise in one state: by scenario, by place. */
type Places = ReadonlyMap<number, ReadonlyMap<string, JobViolation>>;

/**
 * What a patch breaks in scenarios that break the same promise in the tree before the series: all that they broke they
 * still break, and another place joins it, in which no scenario broke it before. Of a place that takes another one's
 * stead nothing follows: it may be the old one under a new name. Behind what the series itself broke comes what follows
 * from that. A cost is a matter of degree, and one more place of it is none.
 */
export function hiddenStretches(invariant: string, states: readonly JudgedState[]): Stretch[] {
  const places = states.map((state) => placesIn(invariant, state));
  const stretches = new Map<string, Stretch>();
  for (let at = 1; at < states.length; at++) {
    const known = new Set([...allPlaces(places[0]!), ...allPlaces(places[at - 1]!)]);
    for (const [scenario, now] of places[at]!) {
      const old = places[0]!.get(scenario);
      if (old === undefined || ![...old.keys()].every((place) => now.has(place))) continue;
      for (const [place, violation] of now) {
        if (known.has(place)) continue;
        const to = lastWith(scenario, place, places, at);
        const key = `${at} ${to} ${place}`;
        const stretch = stretches.get(key) ?? {
          from: at,
          to,
          violation,
          scenarios: new Set(),
          isHidden: true,
        };
        stretch.scenarios.add(scenario);
        stretches.set(key, stretch);
      }
    }
  }
  return [...stretches.values()];
}

function placesIn(invariant: string, { result, lineOf }: JudgedState): Places {
  const places = new Map<number, Map<string, JobViolation>>();
  for (const violation of result.violations) {
    if (violation.invariant !== invariant || violation.severity === 'cost') continue;
    const { file, line, function: name } = violation.where;
    for (const scenario of violation.scenarios) {
      const own = places.get(scenario) ?? new Map<string, JobViolation>();
      places.set(scenario, own.set(`${name}\n${lineOf(file, line)?.trim()}`, violation));
    }
  }
  return places;
}

function allPlaces(places: Places): string[] {
  return [...places.values()].flatMap((own) => [...own.keys()]);
}

/** Index of the last state, from `from` on without a gap, in which the scenario fails in that place. */
function lastWith(scenario: number, place: string, places: readonly Places[], from: number): number {
  let to = from;
  while (places[to + 1]?.get(scenario)?.has(place) === true) to++;
  return to;
}
