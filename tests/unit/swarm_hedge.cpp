#include "daemon/swarm/hedge.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <vector>

namespace p2pd::swarm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Sources with a rate each, asked as hedge() says, ten times a second, until one has sent it all.
struct HedgedFetch {
  struct Source {
    double rate = 0;       // bytes per second
    milliseconds delay{0}; // before the first byte
    std::optional<Asked> asked{};
    unsigned times = 0; // it was asked
    unsigned silent = 0;
    Time resting_until{};
  };
  std::vector<Source> sources;
  std::uint64_t size = 512 * 1024;
  double line = 1e12; // bytes per second, of all together
  unsigned trials = 0;
  Time now = Time() + seconds(1000);
  Time begin = now;
  Time last{};
  std::size_t most_at_once = 0;

  std::vector<Source*> being_asked() {
    std::vector<Source*> list;
    for (Source& source : sources)
      if (source.asked) list.push_back(&source);
    return list;
  }

  void advance() {
    for (bool again = true; again;) {
      const auto list = being_asked();
      most_at_once = std::max(most_at_once, list.size());
      std::vector<Asked> asked;
      for (const Source* source : list) asked.push_back(*source->asked);
      // The one that was asked the least, as they stand in a queue.
      Source* chosen = nullptr;
      for (Source& source : sources)
        if (!source.asked && source.resting_until <= now &&
            (chosen == nullptr || source.times < chosen->times))
          chosen = &source;
      const Asking asking{asked, chosen != nullptr, chosen != nullptr && chosen->times == 0, trials,
                          last};
      const Hedge next = hedge(asking, now);
      again = next.step != Hedge::Step::wait;
      if (next.step == Hedge::Step::drop) {
        Source& dropped = *list[next.which];
        if (silent(*dropped.asked, now))
          dropped.resting_until = now + rest_of_silent(dropped.silent++);
        dropped.asked.reset();
      }
      if (next.step != Hedge::Step::ask) continue;
      trials += delivers(asking, now) ? 1 : 0;
      ++chosen->times;
      chosen->asked = Asked{.since = now, .begun = now, .progress = now, .size = size};
      last = now;
    }
  }

  // Which one was first; nothing where none was after this time.
  std::optional<std::size_t> run(milliseconds time) {
    constexpr milliseconds tick{100};
    for (const Time end = now + time; now < end; now += tick) {
      advance();
      double busy = 0;
      for (const Source* source : being_asked())
        if (now - source->asked->since >= source->delay) busy += source->rate;
      const double share = std::min(1.0, line / std::max(busy, 1.0));
      for (std::size_t i = 0; i < sources.size(); ++i) {
        Source& source = sources[i];
        if (!source.asked || now - source.asked->since < source.delay) continue;
        source.asked->arrived(source.asked->received +
                                  static_cast<std::uint64_t>(source.rate * share / 10),
                              now + tick);
        if (source.asked->received >= size) {
          now += tick;
          return i;
        }
      }
    }
    return std::nullopt;
  }
  milliseconds took() const { return std::chrono::duration_cast<milliseconds>(now - begin); }
};

TEST(Hedge, AFastSourceIsAskedAlone) {
  HedgedFetch fetch{{{10e6}, {10e6}}};
  EXPECT_EQ(fetch.run(seconds(10)), 0U);
  EXPECT_EQ(fetch.sources[1].times, 0U);
}

TEST(Hedge, AnotherIsAskedWhenNothingComes) {
  HedgedFetch fetch{{{0}, {10e6}}};
  EXPECT_EQ(fetch.run(seconds(30)), 1U);
  EXPECT_LE(fetch.took(), seconds(1));
}

// 512 KiB from 256 kbit/s take 16 s.
TEST(Hedge, AFastSourceDoesNotStandIdleBehindASlowOne) {
  HedgedFetch fetch{{{32e3}, {10e6}}};
  EXPECT_EQ(fetch.run(seconds(30)), 1U);
  EXPECT_LE(fetch.took(), seconds(1));
}

TEST(Hedge, ASoleSourceIsLeftAlone) {
  HedgedFetch fetch{{{32e3}}};
  EXPECT_EQ(fetch.run(seconds(30)), 0U);
  EXPECT_EQ(fetch.sources[0].times, 1U);
}

TEST(Hedge, ASourceThatStopsMidwayIsReplaced) {
  HedgedFetch fetch{{{1e6}, {10e6}}};
  fetch.size = 4 << 20;
  fetch.advance();
  fetch.sources[0].asked->arrived(4'000'000, fetch.now += milliseconds(100)); // nearly all of it
  fetch.sources[0].rate = 0;
  fetch.begin = fetch.now;
  EXPECT_EQ(fetch.run(seconds(30)), 1U);
  EXPECT_LE(fetch.took(), seconds(4));
}

TEST(Hedge, ManyThatSendNothingAreGoneThroughSoon) {
  HedgedFetch fetch;
  fetch.sources.assign(30, {0});
  fetch.sources.push_back({10e6});
  EXPECT_EQ(fetch.run(seconds(60)), 30U);
  EXPECT_LE(fetch.took(), seconds(2));
}

TEST(Hedge, OfThoseThatSendAFewAreAskedAtATime) {
  HedgedFetch fetch;
  fetch.sources.assign(40, {10});
  fetch.run(seconds(60));
  EXPECT_LE(fetch.most_at_once, 6U);
  fetch = {};
  fetch.sources.assign(200, {0});
  fetch.run(seconds(60));
  EXPECT_LE(fetch.most_at_once, 64U) << "nor all that are mute";
}

TEST(Hedge, AsManyAsATrackerTellsOfAreGoneThrough) {
  HedgedFetch fetch;
  fetch.sources.assign(49, {0});
  fetch.sources.push_back({10e6});
  EXPECT_EQ(fetch.run(seconds(60)), 49U);
  EXPECT_LE(fetch.took(), seconds(3));
}

// A byte a second of 60 MB: each of them delivers, and all of it would take two years.
TEST(Hedge, ThoseThatDripHoldUpNobody) {
  HedgedFetch fetch;
  fetch.size = 60'000'000;
  fetch.sources.assign(5, {10});
  fetch.sources.push_back({50e6});
  EXPECT_EQ(fetch.run(seconds(60)), 5U);
  EXPECT_LE(fetch.took(), seconds(12));
}

TEST(Hedge, ASoleSourceThatSendsNothingIsAskedAgainAfterRestsThatGrow) {
  HedgedFetch fetch{{{0}}};
  EXPECT_FALSE(fetch.run(seconds(30)));
  EXPECT_EQ(fetch.sources[0].times, 1U) << "it may have a queue";
  EXPECT_FALSE(fetch.run(seconds(600)));
  EXPECT_GE(fetch.sources[0].times, 4U);
  EXPECT_LE(fetch.sources[0].times, 7U);
  EXPECT_EQ(rest_of_silent(0), seconds(5));
  EXPECT_EQ(rest_of_silent(1000), seconds(320)) << "but not for ever";
}

// One that has a queue keeps its place in it, while a slow one delivers.
TEST(Hedge, OneThatWillBeFastStaysAsked) {
  HedgedFetch fetch{{{32e3}, {10e6, seconds(4)}}};
  EXPECT_EQ(fetch.run(seconds(30)), 1U);
  EXPECT_LE(fetch.took(), seconds(5));
  EXPECT_EQ(fetch.sources[1].times, 1U);
}

// All share a line of 256 kbit/s: 16 s for one copy. The trials may not cost much of that.
TEST(Hedge, ASlowLineOfOnesOwnIsNotSharedForLong) {
  HedgedFetch fetch;
  fetch.sources.assign(6, {10e6});
  fetch.line = 32e3;
  ASSERT_TRUE(fetch.run(seconds(60)));
  EXPECT_LE(fetch.took(), seconds(20));
}

TEST(Hedge, OfTwoThatDeliverTheFasterGoesOn) {
  const Time now = Time() + seconds(1000);
  const Time begun = now - seconds(2);
  const std::vector<Asked> asked{{begun, begun, now, 100'000, 1'000'000},
                                 {begun, begun, now, 50'000, 1'000'000}};
  const Hedge next = hedge({asked, false, false, 1, begun}, now);
  EXPECT_EQ(next.step, Hedge::Step::drop);
  EXPECT_EQ(next.which, 1U);
}

TEST(Hedge, NobodyIsAskedWhileItIsNearlyHere) {
  const Time now = Time() + seconds(1000);
  const Time begun = now - seconds(9);
  const std::vector<Asked> asked{{begun, begun, now, 990'000, 1'000'000}};
  EXPECT_EQ(hedge({asked, true, true, 0, begun}, now).step, Hedge::Step::wait);
}

} // namespace
} // namespace p2pd::swarm
