import { answerTexts, config, int32, vocabulary } from './parts.mjs';
import { reading } from './text.mjs';

const model = { ...config.model, ...vocabulary };

/** The most probable answer. */
export async function answer(text, run) {
  const story = reading.read(text, model);
  const { logits } = await run('model', {
    facts: int32(story.facts, [1, story.facts.length / model.factWords, model.factWords]),
    question: int32(story.question, [1, model.questionWords]),
  });
  return reading.write(logits.data, story, model);
}

await answerTexts(import.meta.url, answer, reading);
