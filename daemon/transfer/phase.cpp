#include "daemon/transfer/phase.hpp"

namespace p2pd::transfer {

namespace {

Intent intent_after(Intent now, Event event, const Holdings& has) {
  if (event == Event::placed) return Intent::run;
  if (now == Intent::cancel) return now;
  switch (event) {
  case Event::cancel:
    return Intent::cancel;
  case Event::pause:
    return Intent::hold;
  case Event::resume:
    return Intent::run;
  case Event::fault:
    return now == Intent::hold ? now : Intent::wait;
  case Event::passed:
    return now == Intent::wait ? Intent::run : now;
  case Event::retry:
    return now == Intent::wait && !has.place ? Intent::run : now;
  default:
    return now;
  }
}

Phase proceed(Intent intent, const Holdings& has) {
  switch (intent) {
  case Intent::cancel:
    return Phase::discarding;
  case Intent::wait:
    return Phase::resting;
  case Intent::hold:
    return has.manifest && has.part && !has.place ? Phase::queueing : Phase::resting;
  case Intent::run:
    break;
  }
  if (!has.manifest) return Phase::seeking;
  return has.place ? Phase::fetching : Phase::queueing;
}

// What people have decided. One that rests keeps resting when it is paused.
Phase decided(Phase now, Event event, Intent intent, const Holdings& has) {
  if (is_busy(now)) return now;
  if (now == Phase::recording) return intent == Intent::cancel ? Phase::discarding : now;
  if (now == Phase::resting && event == Event::pause) return now;
  return proceed(intent, has);
}

// Where what has happened is the end of what the phase waits for.
Phase ended(Phase now, Event event, Intent intent, const Holdings& has) {
  const bool cancelled = intent == Intent::cancel;
  const auto from = [&](Phase phase, Phase to) { return now == phase ? to : now; };
  switch (event) {
  case Event::recorded:
    return from(Phase::recording, proceed(intent, has));
  case Event::restored:
    return from(Phase::restoring, proceed(intent, has));
  case Event::manifest:
    return from(Phase::seeking, proceed(intent, has));
  case Event::slot:
    return from(Phase::queueing, Phase::preparing);
  case Event::prepared:
    return from(Phase::preparing, proceed(intent, has));
  case Event::found:
    return from(Phase::preparing, cancelled ? Phase::discarding : Phase::settling);
  case Event::displaced:
    return from(Phase::fetching, proceed(intent, has));
  case Event::complete:
    return from(Phase::fetching, Phase::withdrawing);
  case Event::withdrawn:
    return from(Phase::withdrawing, cancelled ? Phase::discarding : Phase::placing);
  case Event::placed:
    return from(Phase::placing, Phase::settling);
  case Event::retry:
    if (intent == Intent::hold) return now;
    return from(Phase::resting, intent == Intent::wait ? Phase::probing : proceed(intent, has));
  case Event::passed:
  case Event::persists:
    return from(Phase::probing, proceed(intent, has));
  default:
    return now;
  }
}

} // namespace

bool is_busy(Phase phase) {
  switch (phase) {
  case Phase::restoring:
  case Phase::preparing:
  case Phase::probing:
  case Phase::withdrawing:
  case Phase::placing:
  case Phase::settling:
  case Phase::discarding:
    return true;
  default:
    return false;
  }
}

bool may_fetch(const Progress& now) {
  return now.intent == Intent::run && (now.phase == Phase::recording ||
                                       now.phase == Phase::seeking || now.phase == Phase::fetching);
}

bool is_finishing(Phase phase) {
  return phase == Phase::withdrawing || phase == Phase::placing || phase == Phase::settling;
}

Progress next(Progress now, Event event, const Holdings& has) {
  if (now.phase == Phase::over) return now;
  if (now.phase == Phase::settling || now.phase == Phase::discarding)
    return {event == Event::ended ? Phase::over : now.phase, now.intent};
  const Intent intent = intent_after(now.intent, event, has);
  switch (event) {
  case Event::ended:
    return {Phase::over, intent};
  case Event::fault:
    return {intent == Intent::cancel ? Phase::discarding : Phase::resting, intent};
  case Event::pause:
  case Event::resume:
  case Event::cancel:
    return {decided(now.phase, event, intent, has), intent};
  default:
    return {ended(now.phase, event, intent, has), intent};
  }
}

} // namespace p2pd::transfer
