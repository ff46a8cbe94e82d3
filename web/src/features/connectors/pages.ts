/** The pages about connectors: loaded when the first of them is opened. */
export { Connector } from './Connector';
export { Connectors } from './Connectors';
