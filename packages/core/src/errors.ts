export { ERROR_CODES, HeedError, type ErrorCode, type HeedErrorOptions } from '@heed/base';
