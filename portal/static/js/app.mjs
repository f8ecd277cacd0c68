// SPDX-License-Identifier: AGPL-3.0-or-later
// What every page adds when scripts run. Every page works without it.
import { startConfirm } from './behaviours/confirm.mjs';
import { startCounters } from './behaviours/counter.mjs';
import { startDrafts } from './behaviours/drafts.mjs';
import { focusErrors } from './behaviours/errors.mjs';
import { startGuard } from './behaviours/guard.mjs';
import { startMine } from './behaviours/mine.mjs';
import { startReactions } from './behaviours/reactions.mjs';

startDrafts();
startCounters();
startMine();
startReactions();
startConfirm();
startGuard();
focusErrors();
