/**
 * Address of the page that has a heading for each code, below the homepage that publishing.json names: `https://…/errors`. Undefined as
 * long as there is none; a test of the release (`scripts/release`) holds the two to each other.
 */
export const ERRORS_PAGE: string | undefined = undefined;
