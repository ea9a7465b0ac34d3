// How changesets become CHANGELOGs. All packages have one version, so that which of the others have a new one goes without saying.

module.exports = {
  /** A text of one paragraph is an item of a list; a longer one, with a list of its own, stands as it was written. */
  getReleaseLine: async ({ summary }) => {
    const text = summary.trim();
    return text.includes('\n\n') ? `${text}\n` : `- ${text.replaceAll('\n', '\n  ')}`;
  },
  getDependencyReleaseLine: async () => '',
};
