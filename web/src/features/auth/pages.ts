/** The pages that a person sees once or never: loaded when the first of them is opened. */
export { ForgotPassword } from './ForgotPassword';
export { Invitation } from './Invitation';
export { ResetPassword } from './ResetPassword';
export { Setup } from './Setup';
