import { DROP, fill, MOVE, TAKE } from './forms.js';
import type { Random } from '../random.js';

/** Arrival of a thing that somebody carried from one place to another, with the facts that say so, in their order. */
interface Arrival {
  readonly from: string;
  readonly to: string;
  readonly supports: readonly number[];
}

interface Person {
  readonly name: string;
  place: string | undefined;
  /** Index of the fact that says where the person is. */
  since: number;
  readonly holds: Set<Thing>;
  /** Indices of the facts that say what the person took and dropped. */
  readonly handled: number[];
}

interface Thing {
  readonly name: string;
  holder: Person | undefined;
  /** Place of the thing when nobody holds it and a fact says where it is. */
  place: string | undefined;
  /** Index of the fact that it was taken; −1 before. */
  takenAt: number;
  /** Indices of the facts that say where it was dropped: its holder went there, and dropped it. */
  droppedWith: readonly number[] | undefined;
  /** Places that the thing is known to have been in, in order. */
  readonly visits: string[];
  readonly arrivals: Arrival[];
}

/** Small world: people go from place to place, and take and drop things. Each event is a fact, and the facts give the state. */
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

  /** Moves a person to another place, with the things that they hold. */
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

  /** Lets a person take a thing that nobody holds and that isn't known to be elsewhere. @returns whether there was one */
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

  /** Lets a person drop one of the things that they hold. @returns whether there was one */
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

  /** Place of a thing, and the facts that say so; undefined when it isn't known. */
  whereabouts(thing: Thing): { readonly place: string; readonly supports: readonly number[] } | undefined {
    const { holder, place, droppedWith } = thing;
    if (holder?.place !== undefined) {
      return { place: holder.place, supports: [thing.takenAt, holder.since].toSorted((a, b) => a - b) };
    }
    return place === undefined || droppedWith === undefined ? undefined : { place, supports: droppedWith };
  }

  /** Lets random events happen until the world has `count` facts; `move`, `take` and `drop` are their relative frequencies. */
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
