/** What is published as `cloudmon-reporter/client`. */
export { Client, type Stats } from './client.ts';
export { CollectorError, type Complaint } from './collector-error.ts';
export type { Metric } from './metric.ts';
export { type HttpRequest, type HttpResponse, type MiddlewareOptions, middleware } from './middleware.ts';
export type { ClientOptions } from './settings.ts';
