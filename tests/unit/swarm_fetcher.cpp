#include "daemon/swarm/fetcher.hpp"

#include <gtest/gtest.h>

#include <set>

namespace p2pd::swarm {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t fetched_chunks = 40;
constexpr std::uint32_t fetched_size = 64 * 1024; // of a chunk

class FetcherTest : public testing::Test, private FetcherPort {
 protected:
  struct Request {
    SourceId source;
    Ticket ticket;
    ChunkIndex chunk;
    Copy copy = Copy::any;
  };

  SourceId add(const ChunkSet& has = ChunkSet(fetched_chunks, true)) {
    const SourceId id = fetcher.add(has, now);
    fetcher.measured(id, milliseconds(1));
    fetcher.fill(now);
    return id;
  }
  // Takes what the source was asked for first, and verifies it.
  bool deliver(SourceId source) {
    const auto at = std::ranges::find(asked, source, &Request::source);
    if (at == asked.end()) return false;
    const Request request = *at;
    asked.erase(at);
    now += milliseconds(10);
    fetcher.begun(source, request.ticket, now);
    EXPECT_TRUE(fetcher.got(source, request.ticket, fetched_size, now));
    fetcher.verified(request.chunk);
    fetcher.fill(now);
    return true;
  }
  // What the source was asked for first, others were sent.
  Request refuse_first(SourceId source) {
    const Request request = *std::ranges::find(asked, source, &Request::source);
    std::erase_if(asked, [&](const Request& each) { return each.ticket == request.ticket; });
    fetcher.refused(source, request.ticket, Refusal::elsewhere, now);
    return request;
  }
  void pass(Duration time) {
    for (Duration passed{}; passed < time; passed += Fetcher::tick_period) {
      now += Fetcher::tick_period;
      fetcher.tick(false, now);
    }
  }
  std::size_t asked_of(SourceId source) const {
    return static_cast<std::size_t>(std::ranges::count(asked, source, &Request::source));
  }
  // A chunk is taken by the picker as long as it is asked for or being verified, and no longer.
  void check() const {
    std::set<ChunkIndex> pending;
    for (const auto& [id, source] : fetcher.sources()) {
      EXPECT_EQ(source.pipeline.in_flight(), source.pending.size());
      for (const auto& each : source.pending) pending.insert(each.chunk);
    }
    const Picker& picker = fetcher.picker();
    for (std::uint32_t i = 0; i < fetched_chunks && fetcher.unverified() == 0; ++i)
      EXPECT_EQ(picker.is_taken(ChunkIndex{i}), pending.contains(ChunkIndex{i})) << i;
  }

  Time now = Time() + std::chrono::hours(1);
  std::vector<Request> asked;
  std::vector<Request> withdrawn;
  std::vector<SourceId> mute;
  std::size_t memory = 1000; // chunks
  Duration waits{};
  Bucket limit{0, fetched_size};
  Bucket between{0, fetched_size};
  Fetcher fetcher{{fetched_chunks * fetched_size, fetched_size},
                  ChunkSet(fetched_chunks, true),
                  Order::rarest_first,
                  7,
                  {limit, between},
                  *this,
                  now};

 private:
  bool has_memory(bool) override { return memory > asked.size(); }
  bool has_share_of_slow() override { return true; }
  std::optional<Ticket> ask(SourceId source, ChunkIndex chunk, bool, Copy copy) override {
    if (memory <= asked.size()) return std::nullopt;
    asked.push_back({source, next_, chunk, copy});
    return next_++;
  }
  Ticket ask_with(SourceId source, ChunkIndex chunk, SourceId, Ticket) override {
    asked.push_back({source, next_, chunk});
    return next_++;
  }
  void withdraw(SourceId source, Ticket ticket) override {
    withdrawn.push_back({source, ticket, {}});
  }
  void cancel(SourceId source, Ticket ticket) override {
    std::erase_if(
        asked, [&](const Request& each) { return each.source == source && each.ticket == ticket; });
  }
  void now_slow(SourceId, Ticket) override {}
  bool exempt(SourceId) override { return false; }
  void on_mute(SourceId source) override { mute.push_back(source); }
  void fill_after(Duration wait) override { waits = wait; }

  Ticket next_ = 1;
};

TEST_F(FetcherTest, GetsEverythingFromOne) {
  const SourceId one = add();
  EXPECT_EQ(asked_of(one), 4U);
  while (deliver(one)) check();
  EXPECT_EQ(fetcher.missing(), 0U);
  EXPECT_TRUE(fetcher.starved());
}

TEST_F(FetcherTest, AsksNoTwoForTheSame) {
  for (int i = 0; i < 5; ++i) add();
  std::set<ChunkIndex> chunks;
  for (const Request& each : asked) EXPECT_TRUE(chunks.insert(each.chunk).second);
  EXPECT_EQ(chunks.size(), 20U);
}

TEST_F(FetcherTest, AsksOnlyForWhatASourceHas) {
  ChunkSet two(fetched_chunks);
  two.add(ChunkIndex{3});
  memory = 0;
  const SourceId one = add(two);
  EXPECT_TRUE(fetcher.is_sole(one));
  memory = 1000;
  fetcher.fill(now);
  EXPECT_EQ(asked_of(one), 1U);
  const ChunkIndex gained[] = {ChunkIndex{5}};
  fetcher.gained(one, gained, now);
  EXPECT_EQ(asked_of(one), 2U);
  check();
}

TEST_F(FetcherTest, AsksOthersForWhatOneThatLeftWasAsked) {
  const SourceId one = add();
  fetcher.remove(one, now);
  EXPECT_TRUE(asked.empty());
  check();
  const SourceId two = add();
  while (deliver(two)) continue;
  EXPECT_EQ(fetcher.missing(), 0U);
}

TEST_F(FetcherTest, AsksForNoMoreThanThereIsMemory) {
  memory = 2;
  const SourceId one = add();
  EXPECT_EQ(asked_of(one), 2U);
  memory = 3;
  fetcher.fill(now);
  EXPECT_EQ(asked_of(one), 3U);
  check();
}

TEST_F(FetcherTest, AsksWhenTheLimitAllowsIt) {
  limit.set_rate(fetched_size);
  const SourceId one = add();
  EXPECT_LT(asked_of(one), 4U);
  EXPECT_GT(waits, Duration::zero());
  const std::size_t before = asked_of(one);
  now += waits;
  fetcher.fill(now);
  EXPECT_GT(asked_of(one), before);
}

TEST_F(FetcherTest, AsksAgainForWhatWasForged) {
  const SourceId one = add();
  const Request request = asked.front();
  asked.erase(asked.begin());
  EXPECT_TRUE(fetcher.got(one, request.ticket, fetched_size, now));
  fetcher.forged(request.chunk);
  EXPECT_TRUE(fetcher.picker().is_open(request.chunk));
  check();
}

TEST_F(FetcherTest, TakesARefusalForTheTruth) {
  const SourceId one = add();
  const Request request = asked.front();
  asked.erase(asked.begin());
  fetcher.refused(one, request.ticket, Refusal::missing, now);
  EXPECT_FALSE(fetcher.sources().at(one).has.has(request.chunk));
  EXPECT_TRUE(fetcher.picker().is_open(request.chunk));
  check();
}

TEST_F(FetcherTest, LetsABusyOneRestForASecond) {
  const SourceId one = add();
  for (const Request& request : std::exchange(asked, {}))
    fetcher.refused(one, request.ticket, Refusal::busy, now);
  EXPECT_TRUE(asked.empty());
  now += std::chrono::seconds(1);
  fetcher.fill(now);
  EXPECT_EQ(asked_of(one), 4U);
}

// First it is asked to take it back; it never confirms that.
TEST_F(FetcherTest, AsksOthersForWhatAMuteOneDoesNotSend) {
  const SourceId silent = add();
  const SourceId other = add();
  while (deliver(other)) continue;
  EXPECT_EQ(fetcher.missing(), 4U);
  for (int i = 0; i < 10; ++i) {
    pass(std::chrono::seconds(1));
    while (deliver(other)) continue;
  }
  EXPECT_EQ(withdrawn.size(), 4U);
  EXPECT_EQ(mute, std::vector{silent});
  EXPECT_EQ(fetcher.missing(), 0U);
  EXPECT_EQ(asked_of(silent), 0U) << "what it may still send is cancelled";
}

// Once it has confirmed that, the other is asked at once.
TEST_F(FetcherTest, PassesOnWhatWasTakenBack) {
  const SourceId slow = add();
  const SourceId other = add();
  while (deliver(other)) continue;
  while (withdrawn.empty()) pass(Fetcher::tick_period);
  const Ticket ticket = withdrawn.front().ticket;
  const ChunkIndex chunk = fetcher.find(slow, ticket)->chunk;
  std::erase_if(asked, [&](const Request& each) { return each.source == slow; });
  fetcher.refused(slow, ticket, Refusal::missing, now);
  ASSERT_EQ(asked_of(other), 1U);
  EXPECT_EQ(asked.front().chunk, chunk);
  check();
}

TEST_F(FetcherTest, AsksForWhatNobodyElseWasSent) {
  const SourceId one = add();
  std::set<ChunkIndex> sent;
  for (int i = 0; i < 20; ++i) {
    const Request request = refuse_first(one);
    EXPECT_EQ(request.copy, Copy::first);
    EXPECT_TRUE(sent.insert(request.chunk).second) << "it was sent already";
    EXPECT_EQ(asked_of(one), 4U);
  }
  check();
  ChunkSet most(fetched_chunks, true);
  for (const Request& request : asked) most.remove(request.chunk);
  fetcher.sent(most);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(deliver(one));
  EXPECT_EQ(asked_of(one), 4U) << "the rest is better than nothing";
  for (const Request& request : asked) EXPECT_EQ(request.copy, Copy::any);
  while (deliver(one)) continue;
  EXPECT_EQ(fetcher.missing(), 0U);
}

TEST_F(FetcherTest, AsksForAnyCopyOfWhatAnotherHas) {
  add(ChunkSet(fetched_chunks));
  const SourceId partial{0};
  std::vector<ChunkIndex> all;
  for (std::uint32_t i = 0; i < fetched_chunks; ++i) all.push_back(ChunkIndex{i});
  memory = 0;
  fetcher.gained(partial, all, now);
  memory = 1000;
  const SourceId whole = add();
  ASSERT_GT(asked_of(whole), 0U);
  for (const Request& request : asked)
    EXPECT_EQ(request.copy, request.source == whole ? Copy::any : Copy::first);
}

TEST_F(FetcherTest, AsksAnotherSiteForItsOwnPartOnly) {
  fetcher.add(ChunkSet(fetched_chunks), now, {.key = 77});
  const SourceId far = fetcher.add(ChunkSet(fetched_chunks, true), now, {.key = 5, .far = true});
  fetcher.measured(far, milliseconds(1));
  fetcher.fill(now);
  while (deliver(far)) continue;
  const std::uint32_t part = fetched_chunks - fetcher.missing();
  EXPECT_GT(part, 5U);
  EXPECT_LT(part, 35U);
  EXPECT_FALSE(fetcher.starved());
  pass(Imports::patience + milliseconds(200));
  while (deliver(far)) continue;
  EXPECT_EQ(fetcher.missing(), 0U) << "nothing came from the other one";
}

TEST_F(FetcherTest, LetsOneRestThatRefusesAnyCopy) {
  const SourceId one = add();
  fetcher.sent(ChunkSet(fetched_chunks, true));
  for (int i = 0; i < 4; ++i) refuse_first(one);
  ASSERT_EQ(asked.front().copy, Copy::any);
  refuse_first(one);
  EXPECT_EQ(asked_of(one), 3U);
}

TEST_F(FetcherTest, AsksOtherSitesOnlyAsTheirLimitAllows) {
  between.set_rate(fetched_size);
  const SourceId near = add();
  const SourceId far = fetcher.add(ChunkSet(fetched_chunks, true), now, {.key = 5, .far = true});
  pass(Imports::patience + milliseconds(200)); // nothing comes from the near one
  EXPECT_EQ(asked_of(near), 4U);
  EXPECT_GT(asked_of(far), 0U);
  EXPECT_LT(asked_of(far), 4U);
  EXPECT_GT(waits, Duration::zero());
}

TEST_F(FetcherTest, SpendsNothingOfTheLimitOnWhatIsRefused) {
  limit.set_rate(fetched_size);
  const SourceId one = add();
  const std::size_t before = asked_of(one);
  ASSERT_LT(before, 4U);
  refuse_first(one);
  EXPECT_EQ(asked_of(one), before);
}

TEST_F(FetcherTest, CancelsEverythingWhenItStops) {
  add();
  add();
  fetcher.stop(now);
  EXPECT_TRUE(asked.empty());
  EXPECT_TRUE(fetcher.sources().empty());
  pass(std::chrono::seconds(1));
  EXPECT_TRUE(asked.empty());
}

} // namespace
} // namespace p2pd::swarm
