#include "daemon/control/holder_map.hpp"
#include "proto/control/commands.hpp"
#include "proto/error.hpp"

#include <gtest/gtest.h>

namespace p2pd::control {
namespace {

using proto::Bytes;

proto::PeerId peer(std::uint8_t number) {
  proto::PeerId id;
  id.bytes.fill(number);
  return id;
}

proto::ChunkMap page(std::uint8_t number, const char* name, bool whole, Bytes bits = {}) {
  proto::ChunkMap page;
  proto::Holder& holder = page.holders.emplace_back();
  holder.id = peer(number);
  holder.name = name;
  holder.whole = whole;
  holder.have.bits = std::move(bits);
  return page;
}

class HolderMapTest : public testing::Test {
 protected:
  static proto::CatalogEntry ten_chunks() {
    proto::CatalogEntry entry;
    entry.name.bytes = "film";
    entry.chunk_size = 65'536;
    entry.size = 10 * 65'536;
    return entry;
  }
  HolderMap holders{ten_chunks()};
};

TEST_F(HolderMapTest, ShowsWhoHasWhat) {
  holders.add(page(1, "nas", true));
  holders.add(page(2, "pi", false, {0xe0, 0x00}));
  const proto::Value value = holders.value("");
  EXPECT_EQ(misfit(*proto::find_command("chunks")->result, value), std::nullopt);
  EXPECT_EQ(value["chunks"].natural(), 10U);
  EXPECT_EQ(value["rarest"].natural(), 1U);
  const auto& peers = value["peers"].array();
  ASSERT_EQ(peers.size(), 2U);
  EXPECT_EQ(peers[0]["have"].natural(), 10U);
  EXPECT_EQ(peers[0]["bitmap_hex"].text(), "ffc0");
  EXPECT_EQ(peers[1]["name"].text(), "pi");
  EXPECT_EQ(peers[1]["bitmap_hex"].text(), "e000");
}

TEST_F(HolderMapTest, OfTwoTrackersTheOneThatKnowsMoreCounts) {
  holders.add(page(2, "pi", false, {0xe0, 0x00}));
  holders.add(page(2, "pi", false, {0xf8, 0x00}));
  holders.add(page(2, "pi", false, {0x80, 0x00}));
  const proto::Value value = holders.value("a tracker is silent");
  ASSERT_EQ(value["peers"].array().size(), 1U);
  EXPECT_EQ(value["peers"].array()[0]["have"].natural(), 5U);
  EXPECT_EQ(value["warning"].text(), "a tracker is silent");
}

TEST_F(HolderMapTest, NobodyHasAnything) {
  EXPECT_EQ(holders.value("")["rarest"].natural(), 0U);
  EXPECT_TRUE(holders.value("")["peers"].array().empty());
}

TEST_F(HolderMapTest, ABitmapThatDoesNotFitIsAnError) {
  EXPECT_THROW(holders.add(page(2, "pi", false, {0xe0})), proto::Error);
  EXPECT_THROW(holders.add(page(2, "pi", false, {0xff, 0xff})), proto::Error);
}

} // namespace
} // namespace p2pd::control
