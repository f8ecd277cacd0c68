// SPDX-License-Identifier: AGPL-3.0-or-later
// Every sentence that a script writes, in each language of the portal. A page speaks the language it was written in.

/** @param {number} value */
const french = (value) => String(value).replace(/\B(?=(?:\d{3})+$)/g, '\u00a0');
/** @param {number} value */
const english = (value) => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0');

/** @typedef {string | ((...values: any[]) => string)} Told */

/** @satisfies {Record<string, Told>} */
const fr = {
  alone: 'Sur ce réseau, les nouvelles contributions n’arrivent pas toutes seules. La page regarde chaque minute s’il y en a.',
  atLeast: (/** @type {number} */ count) => `au moins ${french(count)}`,
  back: 'La connexion est revenue. Rien n’est encore envoyé.',
  beside: '\u00a0· ',
  bellLink: (/** @type {number} */ count) => `\u00a0: ${french(count)} ${count > 1 ? 'nouvelles' : 'nouvelle'}`,
  bellMenu: (/** @type {number} */ count) => `, ${french(count)} ${count > 1 ? 'notifications nouvelles' : 'notification nouvelle'}`,
  cited: 'Citation ajoutée.',
  contributions: (/** @type {number} */ count) => `${french(count)} ${count > 1 ? 'contributions' : 'contribution'}`,
  deskChosen: (/** @type {number} */ count) => (count === 0 ? 'Aucune contribution choisie.' : count === 1 ? '1 contribution choisie.' : `${french(count)} contributions choisies.`),
  draftFound: 'Votre texte non envoyé a été retrouvé sur cet appareil.',
  draftKept: (/** @type {number} */ hours, /** @type {number} */ minutes) =>
    `Enregistré sur cet appareil à ${hours}\u00a0h\u00a0${two(minutes)}. Pas encore envoyé.`,
  figure: (/** @type {string} */ name, /** @type {number} */ count) => `${name}\u00a0: au moins ${french(count)}`,
  full: 'Il ne reste plus de place.',
  gridNothing: 'Il n’y a rien à annuler.',
  gridPasted: (/** @type {number} */ count, /** @type {number} */ outside) =>
    `${french(count)} ${count > 1 ? 'cases remplies' : 'case remplie'}.${outside > 0 ? ` ${french(outside)} ${outside > 1 ? 'nombres n’ont pas trouvé leur place' : 'nombre n’a pas trouvé sa place'}.` : ''}`,
  gridUndone: (/** @type {number} */ count) => (count > 1 ? `${french(count)} cases remises comme avant.` : 'Case remise comme avant.'),
  leaveAsk: 'Sortir sans envoyer votre texte\u00a0?',
  leaveNo: 'Non, rester ici',
  leaveText: 'Un texte n’est pas envoyé. Si vous sortez, il sera effacé de cet appareil.',
  leaveYes: 'Oui, sortir',
  left: (/** @type {number} */ signs) => (signs === 1 ? 'Il reste 1 signe.' : `Il reste ${french(signs)} signes.`),
  live: 'En direct',
  mayTakePart: 'Vous pouvez maintenant participer',
  mineNews: 'Il y a du nouveau sur vos mots.',
  muchChanged: 'Cette page a beaucoup changé',
  newContributions: (/** @type {number} */ count) => (count === 1 ? '1 nouvelle contribution' : `${french(count)} nouvelles contributions`),
  news: 'Il y a du nouveau',
  no: 'Non',
  offline: 'Hors ligne',
  offlineHere: 'Hors ligne\u00a0: rien n’est encore envoyé.',
  offlineKept: 'Hors ligne\u00a0: votre texte est enregistré sur cet appareil. Il n’est pas encore envoyé.',
  offlineReaction: 'Hors ligne\u00a0: votre réaction n’est pas envoyée.',
  over: (/** @type {number} */ signs) => `${french(signs)} ${signs > 1 ? 'signes' : 'signe'} en trop. Raccourcissez un peu votre texte.`,
  reaction: (/** @type {string} */ name) => `Votre réaction\u00a0: ${name}.`,
  reload: 'Recharger la page',
  reloadFor: (/** @type {string} */ sentence) => `${sentence} – Recharger la page`,
  sending: 'Envoi en cours…',
  sendNow: 'Envoyer maintenant',
  showThem: (/** @type {string} */ words) => `${words} – Afficher`,
  signInAgain: 'Se connecter de nouveau',
  unsent: (/** @type {string} */ sentence) => `${sentence} Votre texte n’est pas envoyé. `,
  waiting: 'Reconnexion…',
  yes: 'Oui',
};

/** @satisfies {Record<keyof typeof fr, Told>} */
const en = {
  alone: 'On this network, new contributions do not arrive by themselves. The page checks every minute whether there are any.',
  atLeast: (/** @type {number} */ count) => `at least ${english(count)}`,
  back: 'The connection is back. Nothing has been sent yet.',
  beside: ' · ',
  bellLink: (/** @type {number} */ count) => `: ${english(count)} new`,
  bellMenu: (/** @type {number} */ count) => `, ${english(count)} new ${count > 1 ? 'notifications' : 'notification'}`,
  cited: 'Quotation added.',
  contributions: (/** @type {number} */ count) => `${english(count)} ${count === 1 ? 'contribution' : 'contributions'}`,
  deskChosen: (/** @type {number} */ count) => (count === 0 ? 'No contribution chosen.' : `${english(count)} ${count === 1 ? 'contribution' : 'contributions'} chosen.`),
  draftFound: 'Your unsent text was found on this device.',
  draftKept: (/** @type {number} */ hours, /** @type {number} */ minutes) => `Saved on this device at ${hours}:${two(minutes)}. Not sent yet.`,
  figure: (/** @type {string} */ name, /** @type {number} */ count) => `${name}: at least ${english(count)}`,
  full: 'There is no room left.',
  gridNothing: 'There is nothing to undo.',
  gridPasted: (/** @type {number} */ count, /** @type {number} */ outside) =>
    `${english(count)} ${count === 1 ? 'cell' : 'cells'} filled.${outside > 0 ? ` ${english(outside)} ${outside === 1 ? 'number found no place' : 'numbers found no place'}.` : ''}`,
  gridUndone: (/** @type {number} */ count) => (count === 1 ? 'Cell put back as it was.' : `${english(count)} cells put back as they were.`),
  leaveAsk: 'Leave without sending your text?',
  leaveNo: 'No, stay here',
  leaveText: 'A text has not been sent. If you leave, it will be removed from this device.',
  leaveYes: 'Yes, leave',
  left: (/** @type {number} */ signs) => (signs === 1 ? '1 character left.' : `${english(signs)} characters left.`),
  live: 'Live',
  mayTakePart: 'You can now take part',
  mineNews: 'There is something new about your words.',
  muchChanged: 'This page has changed a lot',
  newContributions: (/** @type {number} */ count) => (count === 1 ? '1 new contribution' : `${english(count)} new contributions`),
  news: 'There is something new',
  no: 'No',
  offline: 'Offline',
  offlineHere: 'Offline: nothing has been sent yet.',
  offlineKept: 'Offline: your text is saved on this device. It has not been sent yet.',
  offlineReaction: 'Offline: your reaction was not sent.',
  over: (/** @type {number} */ signs) => `${english(signs)} ${signs > 1 ? 'characters' : 'character'} too many. Shorten your text a little.`,
  reaction: (/** @type {string} */ name) => `Your reaction: ${name}.`,
  reload: 'Reload the page',
  reloadFor: (/** @type {string} */ sentence) => `${sentence} – Reload the page`,
  sending: 'Sending…',
  sendNow: 'Send now',
  showThem: (/** @type {string} */ words) => `${words} – Show`,
  signInAgain: 'Sign in again',
  unsent: (/** @type {string} */ sentence) => `${sentence} Your text has not been sent. `,
  waiting: 'Reconnecting…',
  yes: 'Yes',
};

/** @type {Record<string, Record<keyof typeof fr, Told>>} */
export const TABLES = { fr, en };

/** @returns {string} the language of this page; French where there is none */
export function language() {
  const wanted = globalThis.document?.documentElement?.lang ?? '';
  return Object.keys(TABLES).includes(wanted) ? wanted : 'fr';
}

/**
 * @param {keyof typeof fr} key
 * @param {...unknown} values
 * @returns {string} the sentence in the language of the page
 */
export function word(key, ...values) {
  const told = /** @type {Told} */ (TABLES[language()]?.[key] ?? fr[key]);
  return typeof told === 'string' ? told : told(...values);
}
