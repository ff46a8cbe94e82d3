import type { ReactNode } from 'react';
import { phrase } from '../phrase';

/** The words of auth. */
export const auth = {
  authPage: {
    forgotPassword: 'Forgot your password?',
  },
  forgotPassword: {
    checkEMail: 'Check your e-mail',
    ifThereAccountPassword: (sent: string) =>
      `If there is an account for ${sent}, a password reset link is on its way.`,
    nothingArrivedCheckSpam:
      'Nothing arrived? Check your spam folder, or ask whoever runs this server: if it has no mail server, it writes the link to standard output.',
    backLogin: 'Back to login',
    resetPassword: 'Reset your password',
    enterEMailAddress: 'Enter your e-mail address to receive a password reset link.',
    sendLink: 'Send link',
  },
  invitation: {
    invitation: 'Invitation',
    invitation2: 'The invitation',
    invitationNotValid: 'This invitation is not valid',
    beenUsedWithdrawnExpired:
      'It has been used or withdrawn, it has expired, or the link is incomplete. Ask for a new one.',
    join: (name: string) => `Join ${name}`,
    alreadyAccountServerEnter:
      'You already have an account on this server. Enter its password to join.',
    chooseNamePassword: 'Choose a name and a password.',
    invited: (shown: ReactNode, shown2: ReactNode) => phrase`${shown} has invited ${shown2}.`,
    join2: 'Join',
    notPassword: 'This is not your password.',
    name: 'Your name',
  },
  login: {
    logWeir: 'Log in to Weir',
    newPasswordSetLog: 'Your new password is set. Log in with it.',
    log: 'Log in',
    eMailAddressPassword: 'The e-mail address and password do not match.',
    logSingleSign: 'Log in with single sign-on',
    secondFactor: 'Second factor',
    passwordCorrectNowEnter: 'Your password is correct. Now enter a code.',
    backPassword: 'Back to password',
    singleSign: 'Single sign-on',
    eMailAddressDetermines: 'Your e-mail address determines your identity provider.',
    singleSignNotSet: (none: string) =>
      `Single sign-on is not set up for ${none}. Log in with your password.`,
    continue: 'Continue',
    logPassword: 'Log in with a password',
    notSetUp: 'This server is not set up yet. Open the setup link that it printed when it started.',
    /** Why single sign-on failed, by error code. */
    failures: {
      unknown_provider: 'This identity provider is no longer set up. Log in with your password.',
      provider_unreachable: 'The identity provider is not responding. Try again later.',
      provider_refused: 'The identity provider refused the login.',
      not_believed:
        'The response of the identity provider could not be verified. Ask whoever set it up.',
      sign_in_expired: 'The login took too long or was started in another browser. Try again.',
      provider_secret_lost:
        'Single sign-on must be set up again: an owner has to enter the client secret of the identity provider.',
      unknown_person: 'You are not a member of the organisation. Ask for an invitation.',
    } as Record<string, string>,
    otherFailure: (code: string) => `Single sign-on failed (${code}). Try again.`,
  },
  resetPassword: {
    linkIncomplete: 'This link is incomplete',
    openLinkEMail: 'Open the link in the e-mail again, or request a new one.',
    chooseNewPassword: 'Choose a new password',
    logsOutEveryBrowser: 'This logs you out of every browser.',
    newPassword: 'New password',
    setPassword: 'Set password',
  },
  setup: {
    setUpWeir: 'Set up Weir',
    becomeOwnerInviteOthers: 'You become the owner, and can invite others in the settings.',
    setUp: 'Set up',
    addressAlreadyAccountNot: 'This address already has an account, and this is not its password.',
    name: 'Your name',
    organisation: 'Organisation',
    defaultWord: 'Default',
    firstProject: 'First project',
    openSetupLinkServer:
      'Open the setup link that the server printed when it started. It works once and expires after 24 hours; a restart prints a new one.',
    weirSetUp: 'Weir is set up',
    serverAlreadyOwner: 'This server already has an owner.',
  },
};
