#include "proto/chunk_copies.hpp"

#include "tests/unit/proto_support.hpp"

namespace p2pd::proto {
namespace {

std::string set_refusal(Bytes bits, std::uint32_t chunks) {
  return refusal([&] { ChunkSet::from(bits, chunks); });
}

TEST(ChunkSet, CountsWhatItHolds) {
  ChunkSet set(70);
  EXPECT_TRUE(set.empty());
  EXPECT_TRUE(set.add(ChunkIndex{0}));
  EXPECT_TRUE(set.add(ChunkIndex{69}));
  EXPECT_FALSE(set.add(ChunkIndex{69}));
  EXPECT_EQ(set.count(), 2U);
  EXPECT_TRUE(set.has(ChunkIndex{69}));
  EXPECT_FALSE(set.has(ChunkIndex{68}));
  EXPECT_TRUE(set.remove(ChunkIndex{0}));
  EXPECT_FALSE(set.remove(ChunkIndex{0}));
  EXPECT_EQ(set.count(), 1U);
  EXPECT_FALSE(set.full());
}

TEST(ChunkSet, TravelsWithTheFirstChunkOnTop) {
  ChunkSet set(11);
  set.add(ChunkIndex{0});
  set.add(ChunkIndex{8});
  set.add(ChunkIndex{10});
  EXPECT_EQ(hex(set.bits()), "80a0");
  EXPECT_EQ(hex(ChunkSet(11, true).bits()), "ffe0");
  EXPECT_EQ(hex(ChunkSet(0, true).bits()), "");
}

TEST(ChunkSet, RoundTripsInEveryLength) {
  for (std::uint32_t chunks = 0; chunks < 140; ++chunks) {
    EXPECT_TRUE(ChunkSet::from(ChunkSet(chunks, true).bits(), chunks).full()) << chunks;
    ChunkSet odd(chunks);
    for (std::uint32_t i = 1; i < chunks; i += 2) odd.add(ChunkIndex{i});
    const ChunkSet back = ChunkSet::from(odd.bits(), chunks);
    EXPECT_EQ(back.count(), chunks / 2);
    EXPECT_EQ(back.bits(), odd.bits());
  }
}

TEST(ChunkSet, RefusesWhatDoesNotFit) {
  EXPECT_EQ(set_refusal({0xff, 0xe0}, 11), "");
  EXPECT_EQ(set_refusal({0xff}, 11), "a bitmap does not fit its content");
  EXPECT_EQ(set_refusal({0xff, 0xe0, 0x00}, 11), "a bitmap does not fit its content");
  EXPECT_EQ(set_refusal({}, 1), "a bitmap does not fit its content");
  EXPECT_EQ(set_refusal({0x00}, 0), "a bitmap does not fit its content");
  EXPECT_EQ(set_refusal({0xff, 0xf0}, 11), "a bitmap has bits beyond its content");
  EXPECT_EQ(set_refusal({0x00, 0x01}, 11), "a bitmap has bits beyond its content");
}

TEST(ChunkCopies, CountAsOneByOne) {
  std::uint32_t chance = 1; // a linear congruence: the same sets in each run
  for (const std::uint32_t chunks : {1U, 2U, 63U, 64U, 65U, 200U}) {
    ChunkCopies copies(chunks);
    std::vector<std::uint32_t> counts(chunks);
    EXPECT_EQ(copies.rarest(), 0U);
    for (int holder = 0; holder < 100; ++holder) {
      ChunkSet have(chunks, holder % 17 == 0);
      for (std::uint32_t i = 0; i < chunks; ++i) {
        chance = chance * 1664525 + 1013904223;
        if (chance >> 30 != 0) have.add(ChunkIndex{i});
        counts[i] += have.has(ChunkIndex{i}) ? 1 : 0;
      }
      copies.add(have);
      EXPECT_EQ(copies.rarest(), *std::ranges::min_element(counts)) << chunks << ' ' << holder;
    }
  }
}

TEST(ChunkCopies, OfNoChunksAreTheHolders) {
  ChunkCopies copies(0);
  EXPECT_EQ(copies.rarest(), 0U);
  copies.add(ChunkSet(0));
  copies.add(ChunkSet(0));
  EXPECT_EQ(copies.rarest(), 2U);
}

} // namespace
} // namespace p2pd::proto
