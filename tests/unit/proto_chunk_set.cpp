#include "proto/chunk_copies.hpp"

#include "tests/unit/proto_support.hpp"

#include <algorithm>
#include <random>

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

// Word by word as one by one.
TEST(ChunkSet, IsCombinedAsItsChunksAre) {
  std::minstd_rand chance(1); // the same sets in each run
  for (const std::uint32_t chunks : {0U, 1U, 63U, 64U, 65U, 128U, 200U}) {
    ChunkSet one(chunks), two(chunks), less(chunks), both(chunks);
    for (std::uint32_t i = 0; i < chunks; ++i) {
      const ChunkIndex chunk{i};
      if (chance() % 2 == 0) one.add(chunk);
      if (chance() % 2 == 0) two.add(chunk);
      if (one.has(chunk) && !two.has(chunk)) less.add(chunk);
      if (one.has(chunk) && two.has(chunk)) both.add(chunk);
    }
    EXPECT_EQ(one.minus(two).bits(), less.bits()) << chunks;
    EXPECT_EQ(one.minus(two).count(), less.count());
    EXPECT_EQ(one.intersection(two).bits(), both.bits()) << chunks;
    EXPECT_EQ(one.intersection(two).count(), both.count());
    EXPECT_TRUE(one.minus(one).empty());
    EXPECT_EQ(ChunkSet(chunks, true).intersection(two).bits(), two.bits());
    EXPECT_EQ(ChunkSet(chunks, true).minus(two).count(), chunks - two.count());
  }
}

TEST(ChunkSet, GoesThroughItsChunksInOrder) {
  ChunkSet set(130);
  const std::vector<std::uint32_t> there{0, 1, 63, 64, 127, 128, 129};
  for (const std::uint32_t chunk : there) set.add(ChunkIndex{chunk});
  std::vector<std::uint32_t> met;
  set.each([&](ChunkIndex chunk) { met.push_back(number(chunk)); });
  EXPECT_EQ(met, there);
  met.clear();
  EXPECT_TRUE(set.any([&](ChunkIndex chunk) {
    met.push_back(number(chunk));
    return chunk == ChunkIndex{64};
  }));
  EXPECT_EQ(met, (std::vector<std::uint32_t>{0, 1, 63, 64})) << "and no further";
  EXPECT_FALSE(set.any([](ChunkIndex) { return false; }));
  EXPECT_FALSE(ChunkSet(70).any([](ChunkIndex) { return true; }));
  std::uint32_t all = 0;
  ChunkSet(70, true).each([&](ChunkIndex) { ++all; });
  EXPECT_EQ(all, 70U);
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

// Sets come and go, grow chunk by chunk, and the chunks that fewest have are always known.
TEST(ChunkCopies, CountAsOneByOne) {
  std::minstd_rand chance(1); // the same sets in each run
  for (const std::uint32_t chunks : {1U, 2U, 63U, 64U, 65U, 200U}) {
    ChunkCopies copies(chunks);
    std::vector<ChunkSet> holders;
    for (int step = 0; step < 150; ++step) {
      if (chance() % 3 == 0 && !holders.empty()) {
        copies.remove(holders.back());
        holders.pop_back();
      } else {
        ChunkSet have(chunks);
        for (std::uint32_t i = 0; i < chunks; ++i)
          if (chance() % 4 != 0) have.add(ChunkIndex{i});
        copies.add(have);
        if (const auto late = static_cast<ChunkIndex>(chance() % chunks); have.add(late))
          copies.add(late);
        holders.push_back(have);
      }
      std::vector<std::uint32_t> counts(chunks);
      for (std::uint32_t i = 0; i < chunks; ++i)
        for (const ChunkSet& have : holders) counts[i] += have.has(ChunkIndex{i}) ? 1 : 0;
      const auto rarest = copies.rarest();
      ASSERT_EQ(rarest.copies, *std::ranges::min_element(counts)) << chunks << ' ' << step;
      for (std::uint32_t i = 0; i < chunks; ++i)
        ASSERT_EQ(rarest.chunks[i / 64] >> (i % 64) & 1, counts[i] == rarest.copies ? 1U : 0U);
    }
  }
}

TEST(ChunkCopies, WhoHasAllCountsForEachChunk) {
  ChunkCopies copies(3), none(0);
  for (ChunkCopies* const each : {&copies, &none}) {
    each->add_whole();
    each->add_whole();
    EXPECT_EQ(each->rarest().copies, 2U);
  }
  ChunkSet have(3);
  have.add(ChunkIndex{1});
  copies.add(have);
  EXPECT_EQ(copies.rarest().copies, 2U);
  EXPECT_EQ(copies.rarest().chunks, std::vector<std::uint64_t>{5});
}

} // namespace
} // namespace p2pd::proto
