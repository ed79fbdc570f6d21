export { parseLogQL } from './parser';
export type * from './syntax';
