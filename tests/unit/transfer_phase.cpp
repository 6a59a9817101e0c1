#include "daemon/transfer/phase.hpp"

#include <algorithm>
#include <deque>
#include <fstream>
#include <gtest/gtest.h>
#include <vector>

namespace p2pd::transfer {
namespace {

constexpr Holdings nothing{};
constexpr Holdings manifest{.manifest = true};
constexpr Holdings left{.manifest = true, .part = true};
constexpr Holdings placed{.manifest = true, .place = true};

template <class Enum>
std::vector<Enum> up_to(Enum last) {
  std::vector<Enum> all;
  for (int i = 0; i <= static_cast<int>(last); ++i) all.push_back(static_cast<Enum>(i));
  return all;
}
const auto phases = up_to(Phase::over);
const auto intents = up_to(Intent::cancel);
const auto events = up_to(Event::ended);

// Every holding that a transfer can have: no place and no part without a manifest.
const std::vector<Holdings> all_holdings{
    nothing, manifest, left, placed, {.manifest = true, .place = true, .part = true}};

template <class Check>
void for_all(Check&& check) {
  for (const Phase phase : phases)
    for (const Intent intent : intents)
      for (const Event event : events)
        for (const Holdings& has : all_holdings) {
          SCOPED_TRACE(testing::Message()
                       << "phase " << int(phase) << " intent " << int(intent) << " event "
                       << int(event) << " has " << has.manifest << has.place << has.part);
          check(Progress{phase, intent}, event, has, next({phase, intent}, event, has));
        }
}

Phase after(Phase phase, Event event, const Holdings& has, Intent intent = Intent::run) {
  return next({phase, intent}, event, has).phase;
}

// The list of phases on top of phase.hpp: "//   fetching      chunks come", a star if it is busy.
TEST(TransferPhase, TheHeaderStarsWhatIsBusy) {
  std::ifstream header(P2PD_SOURCE_ROOT "/daemon/transfer/phase.hpp");
  std::string line;
  while (line != "//") ASSERT_TRUE(std::getline(header, line));
  for (const Phase phase : phases) {
    ASSERT_TRUE(std::getline(header, line));
    ASSERT_GT(line.size(), 20U);
    EXPECT_EQ(line[17] == '*', is_busy(phase)) << line;
  }
  EXPECT_TRUE(std::getline(header, line) && line == "//") << "more phases than there are";
}

TEST(TransferPhase, GoesFromTheFirstStepToTheLast) {
  Progress now;
  const auto on = [&](Event event, const Holdings& has) {
    now = next(now, event, has);
    return now.phase;
  };
  EXPECT_EQ(on(Event::manifest, manifest), Phase::recording);
  EXPECT_EQ(on(Event::recorded, manifest), Phase::queueing);
  EXPECT_EQ(on(Event::slot, manifest), Phase::preparing);
  EXPECT_EQ(on(Event::prepared, placed), Phase::fetching);
  EXPECT_EQ(on(Event::complete, placed), Phase::withdrawing);
  EXPECT_EQ(on(Event::withdrawn, placed), Phase::placing);
  EXPECT_EQ(on(Event::placed, placed), Phase::settling);
  EXPECT_EQ(on(Event::ended, placed), Phase::over);
}

TEST(TransferPhase, BeginsWithTheFirstThingThatIsMissing) {
  EXPECT_EQ(after(Phase::restoring, Event::restored, nothing), Phase::seeking);
  EXPECT_EQ(after(Phase::restoring, Event::restored, left), Phase::queueing);
  EXPECT_EQ(after(Phase::resting, Event::resume, nothing, Intent::hold), Phase::seeking);
  EXPECT_EQ(after(Phase::resting, Event::resume, placed, Intent::hold), Phase::fetching);
  EXPECT_EQ(after(Phase::fetching, Event::displaced, left), Phase::queueing);
}

TEST(TransferPhase, WhatIsPausedHoldsOnToItsPart) {
  EXPECT_EQ(after(Phase::restoring, Event::restored, left, Intent::hold), Phase::queueing);
  EXPECT_EQ(after(Phase::restoring, Event::restored, manifest, Intent::hold), Phase::resting);
  EXPECT_EQ(after(Phase::preparing, Event::prepared, placed, Intent::hold), Phase::resting);
  EXPECT_EQ(after(Phase::fetching, Event::pause, placed), Phase::resting);
}

TEST(TransferPhase, AFaultIsWaitedForAndProbed) {
  const Progress waits = next({Phase::fetching, Intent::run}, Event::fault, placed);
  EXPECT_EQ(waits, (Progress{Phase::resting, Intent::wait}));
  EXPECT_EQ(next(waits, Event::retry, left), (Progress{Phase::queueing, Intent::run}));
  const Progress probes = next(waits, Event::retry, placed);
  EXPECT_EQ(probes, (Progress{Phase::probing, Intent::wait}));
  EXPECT_EQ(next(probes, Event::persists, placed), waits);
  EXPECT_EQ(next(probes, Event::passed, placed), (Progress{Phase::fetching, Intent::run}));
  const Progress resumed = next(probes, Event::resume, placed);
  EXPECT_EQ(next(resumed, Event::persists, placed), (Progress{Phase::fetching, Intent::run}));
}

TEST(TransferPhase, AFaultDoesNotUndoAPause) {
  const Progress paused = next({Phase::placing, Intent::hold}, Event::fault, placed);
  EXPECT_EQ(paused, (Progress{Phase::resting, Intent::hold}));
  EXPECT_EQ(next(paused, Event::retry, placed), paused);
}

TEST(TransferPhase, WhatIsCancelledWhileAJobRunsIsDiscardedBehindIt) {
  for (const auto& [phase, event] : {std::pair{Phase::restoring, Event::restored},
                                     {Phase::preparing, Event::prepared},
                                     {Phase::preparing, Event::found},
                                     {Phase::preparing, Event::fault},
                                     {Phase::probing, Event::passed},
                                     {Phase::probing, Event::persists},
                                     {Phase::withdrawing, Event::withdrawn},
                                     {Phase::placing, Event::fault}}) {
    const Progress cancelled = next({phase, Intent::run}, Event::cancel, placed);
    EXPECT_EQ(cancelled, (Progress{phase, Intent::cancel}));
    EXPECT_EQ(next(cancelled, event, placed).phase, Phase::discarding) << int(phase);
  }
}

TEST(TransferPhase, WhatIsInItsPlaceIsNotCancelledAnyMore) {
  EXPECT_EQ(next({Phase::placing, Intent::cancel}, Event::placed, placed),
            (Progress{Phase::settling, Intent::run}));
  EXPECT_EQ(next({Phase::settling, Intent::run}, Event::cancel, placed),
            (Progress{Phase::settling, Intent::run}));
}

TEST(TransferPhase, PeopleEndNoJob) {
  for_all([](Progress now, Event event, const Holdings&, Progress then) {
    const bool people = event == Event::pause || event == Event::resume || event == Event::cancel;
    EXPECT_TRUE(!people || !is_busy(now.phase) || then.phase == now.phase);
  });
}

TEST(TransferPhase, NothingLeadsBackFromTheEnd) {
  for_all([](Progress now, Event, const Holdings&, Progress then) {
    EXPECT_TRUE(now.phase != Phase::over || then == now);
  });
}

TEST(TransferPhase, ACancelIsUndoneByNothingButItsBeingTooLate) {
  for_all([](Progress now, Event event, const Holdings&, Progress then) {
    EXPECT_TRUE(now.intent != Intent::cancel || event == Event::placed ||
                then.intent == Intent::cancel);
  });
}

TEST(TransferPhase, NothingIsEnteredWithoutWhatItNeeds) {
  for_all([](Progress now, Event, const Holdings& has, Progress then) {
    if (then.phase == now.phase) return;
    const auto implies = [&](Phase phase, bool needed) { return then.phase != phase || needed; };
    EXPECT_TRUE(implies(Phase::queueing, has.manifest && !has.place));
    EXPECT_TRUE(implies(Phase::fetching, has.manifest && has.place));
    EXPECT_TRUE(implies(Phase::probing, has.place));
    EXPECT_TRUE(implies(Phase::seeking, !has.manifest));
    EXPECT_TRUE(implies(Phase::resting, then.intent != Intent::run));
  });
}

TEST(TransferPhase, EveryPhaseIsReachedAndLeft) {
  std::deque<Progress> reached{{Phase::recording, Intent::run}, {Phase::restoring, Intent::hold}};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const Progress now = reached[i];
    bool left_again = now.phase == Phase::over;
    for (const Event event : events)
      for (const Holdings& has : all_holdings) {
        const Progress then = next(now, event, has);
        left_again |= then.phase != now.phase;
        if (std::ranges::find(reached, then) == reached.end()) reached.push_back(then);
      }
    EXPECT_TRUE(left_again) << int(now.phase);
  }
  for (const Phase phase : phases)
    EXPECT_TRUE(std::ranges::any_of(reached, [&](Progress now) { return now.phase == phase; }))
        << int(phase);
}

} // namespace
} // namespace p2pd::transfer
