/** The tabs of a workflow behind the first one: loaded when the first of them is opened. */
export { CostTab } from './CostTab';
export { ErrorsTab } from './ErrorsTab';
export { FunnelTab } from './funnel/FunnelTab';
export { GridTab } from './grid/GridTab';
export { ServiceTab } from './service/ServiceTab';
export { StepsTab } from './StepsTab';
export { VersionsTab } from './versions/VersionsTab';
