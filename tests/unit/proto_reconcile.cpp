// The digests that a peer and a tracker compare.

#include "proto/reconcile.hpp"

#include <gtest/gtest.h>

namespace p2pd::proto {
namespace {

Publish announcement(std::uint8_t first_byte, std::string name) {
  Publish message;
  message.content.bytes[0] = first_byte;
  message.name.bytes = std::move(name);
  message.size = 1;
  message.chunk_size = 16 * 1024;
  message.whole = true;
  return message;
}

TEST(Reconcile, ComparesAnnouncementsInGroups) {
  EXPECT_EQ(group_count(0), 1U);
  EXPECT_EQ(group_count(31), 1U);
  EXPECT_EQ(group_count(160), 10U);
  EXPECT_EQ(group_count(1'000'000), 256U);
  ContentId content;
  content.bytes[0] = 255;
  EXPECT_EQ(group_of(content, 10), 5U);
}

TEST(Reconcile, HeedsNeitherOrderNorRequests) {
  const std::vector<Publish> told{announcement(1, "b"), announcement(1, "a"), announcement(4, "c")};
  std::vector<Publish> other{told[2], told[1], told[0]};
  other[0].request = RequestId{7};
  EXPECT_EQ(digests_of(told, 3), digests_of(other, 3));
  EXPECT_EQ(digests_of(told, 3).size(), 3U);
}

TEST(Reconcile, TellsAnyDifference) {
  const auto digest = [](const Publish& one) { return digests_of({one}, 1)[0]; };
  const Publish plain = announcement(1, "a");
  std::vector<Publish> others(6, plain);
  others[0].content.bytes[31] = 1;
  others[1].name.bytes = "b";
  others[2].size = 2;
  others[3].chunk_size *= 2;
  others[4].claim = true;
  others[5].whole = false;
  for (const Publish& other : others) EXPECT_NE(digest(other), digest(plain));
}

} // namespace
} // namespace p2pd::proto
