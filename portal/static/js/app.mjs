// SPDX-License-Identifier: AGPL-3.0-or-later
// What every page adds when scripts run. Every page works without it.
import { startBell } from './behaviours/bell.mjs';
import { startComfort } from './behaviours/comfort.mjs';
import { startConfirm } from './behaviours/confirm.mjs';
import { startCounters } from './behaviours/counter.mjs';
import { startDesk } from './behaviours/desk.mjs';
import { startDrafts } from './behaviours/drafts.mjs';
import { focusErrors } from './behaviours/errors.mjs';
import { startFolds } from './behaviours/folds.mjs';
import { startGrid } from './behaviours/grid.mjs';
import { startGuard } from './behaviours/guard.mjs';
import { startKinds } from './behaviours/kinds.mjs';
import { startLeave } from './behaviours/leave.mjs';
import { startListen } from './behaviours/listen.mjs';
import { startLookUp } from './behaviours/look_up.mjs';
import { startMine } from './behaviours/mine.mjs';
import { startOffline } from './behaviours/offline.mjs';
import { startReactions } from './behaviours/reactions.mjs';
import { startSynthesis } from './behaviours/synthesis.mjs';

startOffline();
startBell();
startDrafts();
startDesk();
startSynthesis();
startLeave();
startCounters();
startLookUp();
startGrid();
startMine();
startKinds();
startFolds();
startReactions();
startConfirm();
startComfort();
startListen();
startGuard();
focusErrors();
