// Who has which chunk, as the tracker tells it.

#include "tests/unit/tracker_catalog.hpp"
#include "tests/unit/tracker_wire.hpp"

namespace p2pd::tracker {
namespace {

proto::Bytes bits_of(const proto::ChunkMap& map, const PeerId& id) {
  for (const proto::Holder& holder : map.holders)
    if (holder.id == id) return holder.have.bits;
  return {};
}

TEST_F(CatalogTest, TellsWhoHasWhichChunks) {
  catalog.publish(p1, publication(aa, "file"));
  catalog.publish(p2, use(aa, "file", 3));
  catalog.publish(p3, use(aa, "file", 0)); // no holder yet
  proto::ChunkMap map = catalog.chunk_map(aa, "", 100'000);
  ASSERT_EQ(map.holders.size(), 2U);
  EXPECT_EQ(map.holders[0].id, p1);
  EXPECT_EQ(map.holders[0].name, "p1");
  EXPECT_TRUE(map.holders[0].whole);
  EXPECT_TRUE(map.holders[0].have.bits.empty());
  EXPECT_EQ(bits_of(map, p2), (proto::Bytes{0xe0, 0x00}));
  EXPECT_EQ(map.rarest, 1U);
  EXPECT_EQ(map.next, "");

  catalog.arrived(p3, arrival(aa, {9}));
  catalog.arrived(p2, arrival(aa, {3, 4, 5, 6, 7, 8}));
  map = catalog.chunk_map(aa, "", 100'000);
  EXPECT_EQ(map.holders.size(), 3U);
  EXPECT_EQ(bits_of(map, p3), (proto::Bytes{0x00, 0x40}));
  EXPECT_EQ(map.rarest, 2U);
  catalog.drop(p1);
  EXPECT_EQ(catalog.chunk_map(aa, "", 100'000).rarest, 1U);
  catalog.drop(p3);
  EXPECT_EQ(catalog.chunk_map(aa, "", 100'000).rarest, 0U); // nobody has the last one now
  EXPECT_TRUE(catalog.chunk_map(bb, "", 100'000).holders.empty());
}

TEST_F(CatalogTest, TellsOfHoldersPageByPage) {
  for (std::uint8_t i = 1; i <= 50; ++i) catalog.publish(peer(i), use(aa, "file", i % 11));
  const proto::ChunkMap whole = catalog.chunk_map(aa, "", 1'000'000);
  EXPECT_EQ(whole.holders.size(), 46U); // four have none yet
  std::vector<PeerId> read;
  std::string cursor;
  do {
    const proto::ChunkMap page = catalog.chunk_map(aa, cursor, 1500);
    EXPECT_LE(page.holders.size(), 4U);
    EXPECT_EQ(page.rarest, whole.rarest);
    for (const proto::Holder& holder : page.holders) read.push_back(holder.id);
    cursor = page.next;
  } while (!cursor.empty());
  ASSERT_EQ(read.size(), whole.holders.size());
  for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i], whole.holders[i].id);
  EXPECT_EQ(refusal([&] { catalog.chunk_map(aa, "x", 1000); }), "a malformed cursor");
}

TEST_F(CatalogTest, TellsOfAThousandHoldersAPage) {
  constexpr std::uint32_t count = 2500;
  for (std::uint32_t i = 0; i < count; ++i) {
    PeerId id = peer(7);
    std::memcpy(id.bytes.data() + 1, &i, sizeof i);
    catalog.publish(id, publication(aa, "file"));
  }
  std::vector<PeerId> read;
  std::string cursor;
  do {
    const proto::ChunkMap page = catalog.chunk_map(aa, cursor, 10'000'000);
    EXPECT_LE(page.holders.size(), 1000U);
    for (const proto::Holder& holder : page.holders) read.push_back(holder.id);
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_EQ(read.size(), count);
  EXPECT_TRUE(std::ranges::is_sorted(read, std::less_equal())) << "each once, in the order of ids";
}

TEST_F(TrackerTest, AnswersWhoHasWhichChunks) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(a, publication(aa, "file"));
  publish(b, use(aa, "file", 8));
  const auto map = ask<proto::ChunkMap>(b, proto::Chunks{{}, aa, {}});
  ASSERT_TRUE(map);
  EXPECT_EQ(map->holders.size(), 2U);
  EXPECT_EQ(map->rarest, 1U);
  EXPECT_EQ(bits_of(*map, b.id()), (proto::Bytes{0xff, 0x00}));
}

} // namespace
} // namespace p2pd::tracker
