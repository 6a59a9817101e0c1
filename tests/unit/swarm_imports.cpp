#include "daemon/swarm/imports.hpp"

#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t imported_chunks = 1000;

class ImportsTest : public testing::Test {
 protected:
  ImportsTest() {
    for (std::uint64_t key = 0; key < 4; ++key) {
      hosts.emplace_back(imported_chunks, key, now);
      for (std::uint64_t other = 0; other < 4; ++other)
        if (other != key) hosts.back().add(other, nothing, now);
    }
  }

  // The others and the host itself gain one chunk after the other while the time passes.
  void pass(Duration time, std::optional<std::uint64_t> but = {}) {
    for (Duration passed{}; passed < time; passed += milliseconds(100)) {
      now += milliseconds(100);
      for (std::uint64_t key = 1; key < 4; ++key)
        if (key != but) hosts[0].gained(key, ChunkIndex{next++}, now);
      hosts[0].progressed(now);
      more = hosts[0].tick(now) || more;
    }
  }

  Time now = Time() + std::chrono::hours(1);
  const ChunkSet nothing{imported_chunks};
  const ChunkSet all{imported_chunks, true};
  std::vector<Imports> hosts;
  std::uint32_t next = 0;
  bool more = false;
};

TEST_F(ImportsTest, GiveEachChunkToOneHost) {
  std::vector<unsigned> given(imported_chunks);
  for (Imports& host : hosts) {
    const ChunkSet part = host.of(all);
    EXPECT_GT(part.count(), 180U);
    EXPECT_LT(part.count(), 320U);
    part.each([&](ChunkIndex chunk) { ++given[number(chunk)]; });
  }
  EXPECT_EQ(given, std::vector<unsigned>(imported_chunks, 1));
}

TEST_F(ImportsTest, LeaveOutWhatIsAtTheSite) {
  const ChunkSet part = hosts[0].of(all);
  ChunkSet half(imported_chunks);
  part.each([&, every = 0](ChunkIndex chunk) mutable {
    if (++every % 2 == 0) half.add(chunk);
  });
  hosts[0].add(9, half, now);
  EXPECT_TRUE(hosts[0].of(all).intersection(half).empty());
  hosts[0].remove(9, half);
  EXPECT_EQ(hosts[0].of(all).count(), part.count());
  EXPECT_EQ(hosts[0].of(half).count(), half.count()) << "what the other site has of it";
}

TEST_F(ImportsTest, TakeOverThePartOfOneThatIsGone) {
  const std::uint32_t before = hosts[0].of(all).count();
  hosts[0].remove(2, nothing);
  EXPECT_GT(hosts[0].of(all).count(), before);
  for (const std::uint64_t key : {1, 3}) hosts[0].remove(key, nothing);
  EXPECT_TRUE(hosts[0].of(all).full());
}

TEST_F(ImportsTest, TakeOverThePartOfOneThatGainsNothing) {
  pass(seconds(2));
  EXPECT_FALSE(more);
  const std::uint32_t before = hosts[0].of(all).count();
  pass(seconds(3), 2);
  EXPECT_TRUE(more);
  EXPECT_GT(hosts[0].of(all).count(), before);
  hosts[0].gained(2, ChunkIndex{next++}, now);
  EXPECT_LE(hosts[0].of(all).count(), before) << "it is back";
}

TEST_F(ImportsTest, AllowEverythingWhereNothingComes) {
  now += Imports::patience + milliseconds(1);
  EXPECT_TRUE(hosts[0].tick(now));
  EXPECT_TRUE(hosts[0].relaxed());
  EXPECT_TRUE(hosts[0].of(all).full());
  EXPECT_FALSE(hosts[0].tick(now)) << "it was told";
  hosts[0].progressed(now);
  hosts[0].tick(now);
  EXPECT_FALSE(hosts[0].of(all).full());
}

} // namespace
} // namespace p2pd::swarm
