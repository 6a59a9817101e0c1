#include "daemon/io/resolver.hpp"
#include "tests/unit/io_fixture.hpp"

namespace p2pd::io {
namespace {

const std::error_code failure = std::make_error_code(std::errc::host_unreachable);

NameAnswer good(std::string_view address) {
  return {{*Endpoint::parse(std::string(address) + ":1")}, {}, false};
}

TEST(NameCache, KnowsAnAnswerForAShortTime) {
  NameCache cache;
  const Time start{};
  EXPECT_EQ(cache.fresh("a", start), nullptr);
  cache.put("a", good("192.0.2.1"), start);
  ASSERT_NE(cache.fresh("a", start), nullptr);
  EXPECT_EQ(cache.fresh("a", start)->endpoints, good("192.0.2.1").endpoints);
  EXPECT_EQ(cache.fresh("a", start + NameCache::fresh_time), nullptr);
  EXPECT_NE(cache.stale("a", start + NameCache::fresh_time), nullptr);
  EXPECT_EQ(cache.stale("a", start + NameCache::stale_time), nullptr);
}

TEST(NameCache, KnowsThatThereIsNoSuchName) {
  NameCache cache;
  const Time start{};
  cache.put("a", good("192.0.2.1"), start);
  const NameAnswer counts = cache.put("a", {{}, failure, false}, start + milliseconds(1));
  EXPECT_TRUE(counts.endpoints.empty());
  ASSERT_NE(cache.fresh("a", start + milliseconds(1)), nullptr);
  EXPECT_EQ(cache.fresh("a", start + milliseconds(1))->failure, failure);
  EXPECT_EQ(cache.stale("a", start + milliseconds(1)), nullptr);
}

TEST(NameCache, KeepsAnAnswerWhereNobodyHasANewerOne) {
  NameCache cache;
  const Time start{};
  const Time later = start + std::chrono::hours(1);
  cache.put("a", good("192.0.2.1"), start);
  EXPECT_EQ(cache.put("a", {{}, failure, true}, later).endpoints, good("192.0.2.1").endpoints);
  EXPECT_NE(cache.fresh("a", later), nullptr);
  const Time too_late = start + NameCache::stale_time;
  EXPECT_EQ(cache.put("a", {{}, failure, true}, too_late).failure, failure);
  EXPECT_EQ(cache.put("b", {{}, failure, true}, later).failure, failure);
}

TEST(NameCache, IsBounded) {
  NameCache cache;
  Time now{};
  for (std::size_t i = 0; i <= NameCache::most; ++i)
    cache.put(std::to_string(i), good("192.0.2.1"), now += milliseconds(1));
  EXPECT_EQ(cache.stale("0", now), nullptr);
  EXPECT_NE(cache.stale("1", now), nullptr);
  EXPECT_NE(cache.stale(std::to_string(NameCache::most), now), nullptr);
}

struct NameAsker {
  explicit NameAsker(Loop& on) : resolver(on, bind<&NameAsker::on_found>(this)) {}
  void on_found(std::vector<Endpoint> found, std::error_code) {
    ++answers;
    endpoints = std::move(found);
  }
  int answers = 0;
  std::vector<Endpoint> endpoints;
  Resolver resolver;
};

TEST(Names, AnswersAllWhoAskForOneName) {
  Loop loop;
  NameAsker one(loop), two(loop), gone(loop);
  one.resolver.look_up({"localhost", 1});
  two.resolver.look_up({"localhost", 2});
  gone.resolver.look_up({"localhost", 3});
  gone.resolver.cancel();
  ASSERT_TRUE(run_until(loop, [&] { return one.answers + two.answers == 2; }));
  ASSERT_FALSE(one.endpoints.empty());
  ASSERT_FALSE(two.endpoints.empty());
  EXPECT_EQ(one.endpoints.front().port(), 1);
  EXPECT_EQ(two.endpoints.front().port(), 2);
  EXPECT_EQ(gone.answers, 0);
  two.resolver.look_up({"localhost", 4}); // from the cache
  EXPECT_EQ(two.answers, 1);
  ASSERT_TRUE(run_until(loop, [&] { return two.answers == 2; }));
}

// More than are looked up at once; the loop may go before all of them are answered.
TEST(Names, TakesMoreThanItAsksAtOnce) {
  Loop loop;
  std::vector<std::unique_ptr<NameAsker>> askers;
  for (std::size_t i = 0; i < 2 * Names::most_at_once; ++i) {
    askers.push_back(std::make_unique<NameAsker>(loop));
    askers.back()->resolver.look_up({std::string(64, 'x') + std::to_string(i), 1});
  }
  ASSERT_TRUE(run_until(loop, [&] {
    return std::ranges::all_of(askers, [](const auto& asker) { return asker->answers == 1; });
  }));
  for (auto& asker : askers) asker->resolver.look_up({std::string(65, 'y'), 1});
  askers.clear();
}

} // namespace
} // namespace p2pd::io
