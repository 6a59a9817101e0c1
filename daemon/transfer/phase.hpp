// The state machine of a transfer: what it does at this moment, and what is to become of it.
// Thread: any; pure. Transfer acts on it: it tells next() what has happened, and begins what the
// new phase asks for.
//
//   recording     a new one is written to the state database; its manifest is sought meanwhile
//   restoring   * what an earlier run left of it is read from there
//   seeking       for the manifest
//   queueing      for descriptors (FetchSlots)
//   preparing   * its destination: folders, the part, what is there already
//   fetching      chunks come, from sources or from a copy on this machine
//   resting       nothing happens: it is paused, or waits for a fault to pass
//   probing     * whether the fault has passed
//   withdrawing * the database forgets its chunks, before the part is renamed
//   placing     * what is whole is put in its place
//   settling    * its end and what the library has of it are recorded
//   discarding  * it was cancelled: what has come is removed
//   over          done, failed or cancelled
//
// A phase with a star (is_busy) has a job under way, and ends only with that, whatever users want
// meanwhile. `proceed` leads to the first phase whose result is missing:
//
//   run     seeking (no manifest), queueing (no place), fetching
//   hold    queueing where a part of it was left by an earlier run, so that others can fetch from
//           it and nobody writes over it; else resting
//   wait    resting
//   cancel  discarding
//
//   from         event       to
//   recording    recorded    proceed
//   restoring    restored    proceed
//   seeking      manifest    proceed
//   queueing     slot        preparing
//   preparing    prepared    proceed
//   preparing    found       settling      the content is there already; cancel: discarding
//   fetching     displaced   proceed       it makes way for another, so it has no place any more
//   fetching     complete    withdrawing
//   withdrawing  withdrawn   placing       cancel: discarding
//   placing      placed      settling      too late to cancel
//   resting      retry       probing       without a place: proceed, as preparing looks for itself
//   probing      passed      proceed
//   probing      persists    resting       unless users have decided otherwise
//   any          fault       resting       cancel: discarding; not while settling or discarding
//   any without a star: pause, resume and cancel proceed, but while it is recorded only cancel does
//   any          ended       over
//
// What is not in the table changes nothing.
#pragma once

#include <cstdint>

namespace p2pd::transfer {

enum class Phase : std::uint8_t {
  recording,
  restoring,
  seeking,
  queueing,
  preparing,
  fetching,
  resting,
  probing,
  withdrawing,
  placing,
  settling,
  discarding,
  over,
};

enum class Intent : std::uint8_t {
  run,
  hold,   // users have paused it
  wait,   // for a fault to pass
  cancel, // for good
};

enum class Event : std::uint8_t {
  recorded,
  restored,
  manifest,
  slot,
  prepared,
  found,
  displaced,
  complete,
  withdrawn,
  placed,
  retry,
  passed,
  persists,
  fault,
  pause,
  resume,
  cancel,
  ended,
};

struct Progress {
  Phase phase = Phase::recording;
  Intent intent = Intent::run;

  bool operator==(const Progress&) const = default;
};

// What it has.
struct Holdings {
  bool manifest = false;
  bool place = false; // the files that it writes to are open
  bool part = false;  // an earlier run, or attempt, left some chunks
};

Progress next(Progress now, Event event, const Holdings& has);

// Whether the end of a job is awaited: the phases with a star.
bool is_busy(Phase phase);
// Whether it may ask sources for anything.
bool may_fetch(const Progress& now);
// Whether it is too late to stop what has come whole.
bool is_finishing(Phase phase);

} // namespace p2pd::transfer
