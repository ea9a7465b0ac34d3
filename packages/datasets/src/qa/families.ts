import { COUNTS, fill, QUESTION } from './forms.js';
import type { Random } from '../random.js';
import type { Family, StoryExample } from './story.js';
import { World } from './world.js';

type Draft = Omit<StoryExample, 'text' | 'family'>;
export type WorldFamily = Exclude<Family, 'countries'>;

const PEOPLE = ['Ada', 'Bruno', 'Clara', 'Dario', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas'];
const PLACES = ['attic', 'cellar', 'library', 'workshop', 'orchard', 'stable', 'harbour', 'terrace', 'pantry', 'tower'];
const THINGS = ['lantern', 'kettle', 'compass', 'violin', 'ladder', 'basket', 'map', 'coin', 'candle', 'umbrella'];

/**
 * Families of stories about small worlds. Each function tries to make one story: random events, and a question of the family's
 * kind. The families are tasks 1, 2, 3, 7, 6 and 8 of Weston et al. 2015, arXiv:1502.05698; words, sentences and stories are
 * our own.
 */
export const WORLD_FAMILIES: Readonly<Record<WorldFamily, (random: Random) => Draft | undefined>> = {
  oneFact(random) {
    const world = create(random, { people: 2 + random.below(3), things: 2 });
    world.run(2 + random.below(9), { move: 4, take: 1, drop: 1 });
    const { people, facts } = world;
    const known = people.filter(({ place }) => place !== undefined);
    if (known.length === 0) return undefined;
    const { name, place, since } = random.pick(known);
    return { facts, question: fill(QUESTION.wherePerson, name), answer: [place!], supports: [since] };
  },
  twoFacts(random) {
    const world = create(random, { people: 2 + random.below(2), things: 2 + random.below(2) });
    world.run(4 + random.below(10), { move: 4, take: 3, drop: 1 });
    const { things, facts } = world;
    const known = things.filter((thing) => world.whereabouts(thing) !== undefined);
    if (known.length === 0) return undefined;
    const thing = random.pick(known);
    const { place, supports } = world.whereabouts(thing)!;
    return { facts, question: fill(QUESTION.whereThing, thing.name), answer: [place], supports };
  },
  threeFacts(random) {
    const world = create(random, { people: 2 + random.below(2), things: 2 });
    world.run(6 + random.below(10), { move: 5, take: 2, drop: 1 });
    const { things, facts } = world;
    // Only places that the thing was in exactly once, where 'before' has one meaning.
    const known = things.flatMap(({ name, visits, arrivals }) =>
      arrivals
        .filter(({ to }) => visits.filter((place) => place === to).length === 1)
        .map((arrival) => ({ name, arrival })),
    );
    if (known.length === 0) return undefined;
    const { name, arrival } = random.pick(known);
    return {
      facts,
      question: fill(QUESTION.whereBefore, name, arrival.to),
      answer: [arrival.from],
      supports: arrival.supports,
    };
  },
  counting(random) {
    const { world, person } = handling(random) ?? {};
    if (world === undefined || person === undefined) return undefined;
    const answer = [COUNTS[person.holds.size]];
    return { facts: world.facts, question: fill(QUESTION.howMany, person.name), answer, supports: person.handled };
  },
  yesNo(random) {
    const world = create(random, { people: 2 + random.below(3), things: 2 });
    world.run(2 + random.below(9), { move: 4, take: 1, drop: 1 });
    const { people, places, facts } = world;
    const known = people.filter(({ place }) => place !== undefined);
    if (known.length === 0) return undefined;
    const { name, place, since } = random.pick(known);
    const told = places.filter((other) => other !== place && facts.some((words) => words.includes(other)));
    const isThere = random.chance(0.5);
    if (!isThere && told.length === 0) return undefined;
    const asked = isThere ? place! : random.pick(told);
    return { facts, question: fill(QUESTION.isIn, name, asked), answer: [isThere ? 'yes' : 'no'], supports: [since] };
  },
  lists(random) {
    const { world, person } = handling(random) ?? {};
    if (world === undefined || person === undefined) return undefined;
    const names = [...person.holds].map(({ name }) => name).toSorted();
    const answer = names.length === 0 ? ['nothing'] : names;
    return { facts: world.facts, question: fill(QUESTION.carrying, person.name), answer, supports: person.handled };
  },
};

/** A world and a person in it who has taken something. The number of things that they still hold is spread evenly over 0 to 3. */
function handling(random: Random) {
  const world = create(random, { people: 2, things: 4 });
  world.run(3 + random.below(9), { move: 2, take: 4, drop: 3 });
  const wanted = random.below(COUNTS.length);
  const person = random.pick(world.people);
  return person.holds.size === wanted && person.handled.length > 0 ? { world, person } : undefined;
}

function create(random: Random, counts: { readonly people: number; readonly things: number }): World {
  return new World(random, {
    people: random.sample(PEOPLE, counts.people),
    places: random.sample(PLACES, 3 + random.below(3)),
    things: random.sample(THINGS, counts.things),
  });
}
