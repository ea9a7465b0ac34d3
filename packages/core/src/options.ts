export { checkFlag, checkOptions, nearestName, show, suggestion, type OptionNames } from '@heed/base';
