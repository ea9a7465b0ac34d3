import { DROP, fill, MOVE, TAKE } from './forms.js';
import type { Random } from './random.js';

/** A thing came from one place to another in somebody's hands; the facts that say so, in their order. */
interface Arrival {
  readonly from: string;
  readonly to: string;
  readonly supports: readonly number[];
}

interface Person {
  readonly name: string;
  place: string | undefined;
  /** The fact that says where they are. */
  since: number;
  readonly holds: Set<Thing>;
  /** Facts of what they took and dropped. */
  readonly handled: number[];
}

interface Thing {
  readonly name: string;
  holder: Person | undefined;
  /** Where it is, when nobody holds it and somebody has said so. */
  place: string | undefined;
  /** Facts that say where it is: it was taken or dropped, and its holder was there. */
  takenAt: number;
  droppedWith: readonly number[] | undefined;
  /** Places that it is known to have been in, in order. */
  readonly visits: string[];
  readonly arrivals: Arrival[];
}

/** People who go from place to place, and take and drop things. What happens is a fact; the state is what follows from the facts. */
export class World {
  readonly facts: string[][] = [];
  readonly people: readonly Person[];
  readonly things: readonly Thing[];

  constructor(
    readonly random: Random,
    names: {
      readonly people: readonly string[];
      readonly places: readonly string[];
      readonly things: readonly string[];
    },
  ) {
    this.people = names.people.map((name) => ({ name, place: undefined, since: -1, holds: new Set(), handled: [] }));
    this.things = names.things.map((name) => ({
      name,
      holder: undefined,
      place: undefined,
      takenAt: -1,
      droppedWith: undefined,
      visits: [],
      arrivals: [],
    }));
    this.places = names.places;
  }

  readonly places: readonly string[];

  /** Somebody goes to another place, with all that they hold. */
  move(person: Person): void {
    const to = this.random.pick(this.places.filter((place) => place !== person.place));
    const fact = this.#tell(MOVE, person.name, to);
    const { place: from, since } = person;
    for (const thing of person.holds) {
      if (from !== undefined) {
        const supports = [since, thing.takenAt, fact].toSorted((a, b) => a - b);
        thing.arrivals.push({ from, to, supports });
      }
      thing.visits.push(to);
    }
    person.place = to;
    person.since = fact;
  }

  /** Somebody takes a thing that nobody holds and that isn't known to be elsewhere. @returns whether there was one */
  take(person: Person): boolean {
    const free = this.things.filter(
      ({ holder, place }) => holder === undefined && (place === undefined || place === person.place),
    );
    if (free.length === 0) return false;
    const thing = this.random.pick(free);
    thing.takenAt = this.#tell(TAKE, person.name, thing.name);
    thing.holder = person;
    thing.droppedWith = undefined;
    if (person.place !== undefined && thing.visits.at(-1) !== person.place) thing.visits.push(person.place);
    person.holds.add(thing);
    person.handled.push(thing.takenAt);
    return true;
  }

  /** Somebody drops one of the things that they hold. @returns whether there was one */
  drop(person: Person): boolean {
    if (person.holds.size === 0) return false;
    const thing = this.random.pick([...person.holds]);
    const fact = this.#tell(DROP, person.name, thing.name);
    thing.holder = undefined;
    thing.place = person.place;
    thing.droppedWith = person.place === undefined ? undefined : [person.since, fact];
    person.holds.delete(thing);
    person.handled.push(fact);
    return true;
  }

  /** Where a thing is, and the facts that say so. */
  whereabouts(thing: Thing): { readonly place: string; readonly supports: readonly number[] } | undefined {
    const { holder, place, droppedWith } = thing;
    if (holder?.place !== undefined) {
      return { place: holder.place, supports: [thing.takenAt, holder.since].toSorted((a, b) => a - b) };
    }
    return place === undefined || droppedWith === undefined ? undefined : { place, supports: droppedWith };
  }

  /** Random things happen until so many facts are told. */
  run(
    count: number,
    { move, take, drop }: { readonly move: number; readonly take: number; readonly drop: number },
  ): void {
    const total = move + take + drop;
    while (this.facts.length < count) {
      const person = this.random.pick(this.people);
      const at = this.random.below(total);
      if (at < move) this.move(person);
      else if (at < move + take) this.take(person);
      else this.drop(person);
    }
  }

  #tell(forms: readonly string[], ...names: string[]): number {
    return this.facts.push(fill(this.random.pick(forms), ...names)) - 1;
  }
}
