import { nameHint, nearestName } from '@heed/base';

/** The hint for a command that there isn't: "did you mean train?", of a model's name "did you mean heed run g2p?" */
export function suggestCommand(name: string, commands: readonly string[], runnable: readonly string[]): string {
  const model = nearestName(name, commands) === undefined ? nearestName(name, runnable) : undefined;
  return model === undefined
    ? nameHint(name, commands)
    : `did you mean heed run ${model}? commands are: ${commands.join(', ')}`;
}
