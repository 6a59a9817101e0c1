#include "daemon/transfer/followed.hpp"

#include <gtest/gtest.h>

namespace p2pd::transfer {
namespace {

PeerId member(std::uint8_t byte) {
  PeerId id;
  id.bytes.fill(byte);
  return id;
}

CatalogEntry claimed_by(const std::string& name, const std::vector<PeerId>& publishers) {
  CatalogEntry entry;
  entry.name.bytes = name;
  for (const PeerId& publisher : publishers)
    entry.publishers.push_back({publisher, "nas", "192.0.2.1:7440"});
  return entry;
}

const PeerId ours = member(1), other = member(2), somebody = member(3);
const std::string pinned_text = "release-*@" + to_text(ours);

TEST(Followed, ReadsGlobAndPublisher) {
  EXPECT_EQ(followed("*.iso").glob, "*.iso");
  EXPECT_FALSE(followed("*.iso").publisher);
  EXPECT_EQ(followed(pinned_text).glob, "release-*");
  EXPECT_EQ(followed(pinned_text).publisher, ours);
  EXPECT_EQ(followed("user@host.tar").glob, "user@host.tar") << "names may hold an @";
  EXPECT_EQ(followed("a@b@" + to_text(ours)).glob, "a@b");
}

TEST(Followed, TakesWhatThePinnedPublisherClaimsAlone) {
  const std::vector<Followed> all{followed(pinned_text)};
  EXPECT_FALSE(claim_of(all, claimed_by("release-1", {other})));
  EXPECT_FALSE(claim_of(all, claimed_by("draft", {ours})));
  EXPECT_FALSE(claim_of(all, claimed_by("release-1", {})));
  const auto claim = claim_of(all, claimed_by("release-1", {other, ours}));
  ASSERT_TRUE(claim);
  EXPECT_TRUE(claim->pinned);
  EXPECT_EQ(claim->by, std::vector{ours});
  EXPECT_EQ(taker_of(*claim, other), ours) << "the config decides over who came first";
  EXPECT_EQ(taker_of(*claim, std::nullopt), ours);
}

TEST(Followed, KeepsADestinationToWhoBroughtIt) {
  const std::vector<Followed> all{followed("*")};
  const auto foreign = claim_of(all, claimed_by("release-1", {other, somebody}));
  ASSERT_TRUE(foreign);
  EXPECT_FALSE(foreign->pinned);
  EXPECT_EQ(taker_of(*foreign, std::nullopt), other);
  EXPECT_EQ(taker_of(*foreign, somebody), somebody);
  EXPECT_FALSE(taker_of(*foreign, ours));
}

// A row names twenty publishers; whose claim was just told of counts although it is not among them.
TEST(Followed, CountsWhoJustClaimedIt) {
  const std::vector<Followed> all{followed(pinned_text)};
  proto::Notice notice{proto::NoticeKind::published, {}, {}};
  notice.file.push_back(claimed_by("release-1", {other}));
  notice.peer.id = other;
  EXPECT_FALSE(claim_of(all, published_row(notice)));
  EXPECT_EQ(published_row(notice).publishers.size(), 1U);
  for (std::uint8_t i = 10; notice.file.front().publishers.size() < 20; ++i)
    notice.file.front().publishers.push_back({member(i), "x", "192.0.2.1:7440"});
  notice.peer.id = ours;
  EXPECT_TRUE(claim_of(all, published_row(notice)));
  EXPECT_EQ(published_row(notice).publishers.size(), 20U);
}

} // namespace
} // namespace p2pd::transfer
