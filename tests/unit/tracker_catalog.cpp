#include "tests/unit/tracker_catalog.hpp"

#include <set>

namespace p2pd::tracker {
namespace {

TEST_F(CatalogTest, ListsWhatIsPublished) {
  EXPECT_TRUE(all().empty());
  catalog.publish(p1, publication(aa, "file"));
  const CatalogEntry row = catalog.list("", "", 10).rows.at(0);
  EXPECT_EQ(row.content, aa);
  EXPECT_EQ(row.name.bytes, "file");
  EXPECT_EQ(row.size, 10U * chunk_size);
  EXPECT_EQ(row.chunk_size, chunk_size);
  EXPECT_EQ(row.publishers_total, 1U);
  ASSERT_EQ(row.publishers.size(), 1U);
  EXPECT_EQ(row.publishers[0].id, p1);
  EXPECT_EQ(row.publishers[0].address, "192.0.2.1:7440");
  EXPECT_EQ(all(), Rows{"file aa 1/0 p1"});
  EXPECT_EQ(catalog.contents(), 1U);
}

TEST_F(CatalogTest, CountsWholeAndPartialHolders) {
  catalog.publish(p1, publication(aa, "file"));
  catalog.publish(p2, use(aa, "file", 9));
  catalog.publish(p3, use(aa, "file", 0)); // has nothing yet
  EXPECT_EQ(all(), Rows{"file aa 1/1 p1"});
  catalog.arrived(p2, arrival(aa, {9}));
  catalog.arrived(p3, arrival(aa, {0, 0, 5}));
  EXPECT_EQ(all(), Rows{"file aa 2/1 p1"});
  catalog.publish(p1, use(aa, "file", 3)); // found damaged: what is told last counts
  EXPECT_EQ(all(), Rows{"file aa 1/2 p1"});
}

TEST_F(CatalogTest, AnEmptyContentIsWhole) {
  proto::Publish nothing = publication(aa, "empty");
  nothing.size = 0;
  catalog.publish(p1, nothing);
  EXPECT_EQ(all(), Rows{"empty aa 1/0 p1"});
}

TEST_F(CatalogTest, IgnoresArrivalsForWhatItDoesNotKnow) {
  catalog.arrived(p1, arrival(aa, {0}));
  catalog.publish(p1, use(aa, "file", 1));
  catalog.arrived(p2, arrival(aa, {0, 1}));
  EXPECT_EQ(all(), Rows{"file aa 0/1"});
  EXPECT_EQ(refusal([&] { catalog.arrived(p1, arrival(aa, {10})); }), "a chunk beyond its content");
}

// Nothing of it counts, so that what is counted while they tell stays true.
TEST_F(CatalogTest, RefusesArrivalsThatReachBeyondTheContent) {
  catalog.publish(p1, use(aa, "file", 0));
  EXPECT_EQ(refusal([&] {
              catalog.arrived(p1, arrival(aa, {1, 10}));
            }),
            "a chunk beyond its content");
  EXPECT_EQ(all(), Rows{"file aa 0/0"});
  catalog.unpublish(p1, aa);
  catalog.publish(p2, use(aa, "file", 1));
  EXPECT_EQ(all(), Rows{"file aa 0/1"});
}

TEST_F(CatalogTest, KnowsAContentUnderSeveralNames) {
  catalog.publish(p1, publication(aa, "one"));
  catalog.publish(p1, publication(aa, "two"));
  catalog.publish(p2, publication(aa, "two"));
  EXPECT_EQ(all(), (Rows{"one aa 2/0 p1", "two aa 2/0 p1 p2"}));
  catalog.drop(p1);
  EXPECT_EQ(all(), Rows{"two aa 1/0 p2"});
}

TEST_F(CatalogTest, ALaterClaimOfTheSameNodeReplacesTheEarlier) {
  catalog.publish(p1, publication(aa, "file"));
  catalog.publish(p1, publication(bb, "file"));
  EXPECT_EQ(all(), (Rows{whole_text(aa) + " aa 1/0", "file bb 1/0 p1"}));
  EXPECT_EQ(find("file"), all());
  EXPECT_EQ(find("aa").size(), 1U);             // still found by its id
  catalog.publish(p1, publication(aa, "file")); // and back again
  EXPECT_EQ(all(), (Rows{"file aa 1/0 p1", whole_text(bb) + " bb 1/0"}));
}

TEST_F(CatalogTest, ClaimsOfOthersStand) {
  catalog.publish(p1, publication(aa, "file"));
  catalog.publish(p2, publication(bb, "file"));
  EXPECT_EQ(all(), (Rows{"file aa 1/0 p1", "file bb 1/0 p2"}));
  catalog.publish(p2, publication(aa, "file")); // p2 comes round to what p1 has
  EXPECT_EQ(all(), (Rows{"file aa 2/0 p1 p2", whole_text(bb) + " bb 1/0"}));
}

TEST_F(CatalogTest, AClaimIsNotTakenBackByAnnouncingAgain) {
  catalog.publish(p1, publication(aa, "file"));
  catalog.publish(p1, publication(aa, "file"));
  catalog.publish(p1, use(aa, "file"));
  EXPECT_EQ(all(), Rows{"file aa 1/0 p1"});
  catalog.drop(p1);
  EXPECT_TRUE(all().empty());
}

TEST_F(CatalogTest, ANameThatNobodyClaimsIsFoundThroughItsSources) {
  catalog.publish(p1, publication(aa, "file"));
  catalog.publish(p2, use(aa, "file"));
  catalog.drop(p1);
  EXPECT_EQ(all(), Rows{"file aa 1/0"});
  EXPECT_EQ(find("file"), Rows{"file aa 1/0"});
  catalog.publish(p3, publication(bb, "file"));
  EXPECT_EQ(all(), (Rows{whole_text(aa) + " aa 1/0", "file bb 1/0 p3"}));
  catalog.drop(p3);
  EXPECT_EQ(all(), Rows{"file aa 1/0"});
}

TEST_F(CatalogTest, NamesAreBytes) {
  const std::string odd("\xff\x01 \xc3");
  catalog.publish(p1, publication(aa, odd));
  EXPECT_EQ(find(odd), Rows{odd + " aa 1/0 p1"});
  EXPECT_EQ(names("*"), Rows{odd});
}

TEST_F(CatalogTest, NamesTwentyPublishersAndCountsAll) {
  for (std::uint8_t i = 1; i <= 30; ++i) catalog.publish(peer(i), publication(aa, "file"));
  const CatalogEntry row = catalog.find("file", 1).at(0);
  EXPECT_EQ(row.publishers.size(), 20U);
  EXPECT_EQ(row.publishers_total, 30U);
  EXPECT_EQ(row.sources, 30U);
}

TEST_F(CatalogTest, UnpublishTakesAllNamesOfOnePeer) {
  catalog.publish(p1, publication(aa, "one"));
  catalog.publish(p1, publication(aa, "two"));
  catalog.publish(p1, publication(bb, "three"));
  catalog.publish(p2, use(aa, "two", 4));
  EXPECT_TRUE(catalog.unpublish(p1, aa));
  EXPECT_FALSE(catalog.unpublish(p1, aa));
  EXPECT_FALSE(catalog.unpublish(p3, aa));
  EXPECT_EQ(all(), (Rows{"three bb 1/0 p1", "two aa 0/1"}));
  EXPECT_TRUE(catalog.unpublish(p1, bb));
  EXPECT_TRUE(catalog.unpublish(p2, aa));
  EXPECT_TRUE(all().empty());
  EXPECT_EQ(catalog.contents(), 0U);
  catalog.drop(p1); // has nothing any more
}

TEST_F(CatalogTest, FindsAContentByAPrefixOfItsId) {
  catalog.publish(p1, publication(aa, "one"));
  catalog.publish(p1, publication(ab, "two"));
  catalog.publish(p1, publication(content("fff"), "three"));
  EXPECT_EQ(find("aa"), Rows{"one aa 1/0 p1"});
  EXPECT_EQ(find("a").size(), 2U);
  EXPECT_EQ(find("a", 1).size(), 1U);
  EXPECT_EQ(find(to_text(ab)), Rows{"two ab 1/0 p1"});
  EXPECT_EQ(find("fff0"), Rows{"three ff 1/0 p1"}); // the last there is
  for (const std::string& word : {std::string(), std::string("b"), std::string("ac"),
                                  std::string("xyz"), to_text(ab) + "0", std::string("ffff")})
    EXPECT_TRUE(find(word).empty()) << word;
  catalog.publish(p1, publication(bb, "a")); // a name goes before prefixes
  EXPECT_EQ(find("a"), Rows{"a bb 1/0 p1"});
  catalog.publish(p1, publication(content("ac"), to_text(ab))); // but not before a whole id
  EXPECT_EQ(find(to_text(ab)), (Rows{"two ab 1/0 p1", to_text(ab) + " ac 1/0 p1"}));
  EXPECT_EQ(find(to_text(ab), 1), Rows{"two ab 1/0 p1"});
}

// Who tells of what cannot be is not listed, and nothing else changes.
TEST_F(CatalogTest, RefusesWhatIsNotPossible) {
  catalog.publish(p1, publication(aa, "file"));
  const auto refused = [&](auto&& change) {
    proto::Publish lie = publication(aa, "lie");
    change(lie);
    const std::string why = refusal([&] { catalog.publish(p2, lie); });
    EXPECT_EQ(all(), Rows{"file aa 1/0 p1"});
    EXPECT_FALSE(catalog.unpublish(p2, lie.content));
    return why;
  };
  for (const std::uint32_t impossible : {0U, 1U, 3U, chunk_size + 1, 8U << 20})
    EXPECT_NE(refused([&](auto& lie) { lie.chunk_size = impossible; }), "") << impossible;
  EXPECT_NE(refused([&](auto& lie) {
              lie.content = bb;
              lie.size = ~std::uint64_t{0};
            }),
            "");
  EXPECT_NE(refused([](auto& lie) { lie.whole = false; }), ""); // no bitmap
  EXPECT_NE(refused([&](auto& lie) {
              lie.content = bb;
              lie.whole = false;
              lie.have.bits = {0xff, 0xff};
            }),
            "");
}

// Who is right only the manifest tells, so nobody keeps others out by having been first.
TEST_F(CatalogTest, ListsThoseWhoSayOtherwiseBesideEachOther) {
  const auto of_size = [&](std::uint64_t size) {
    proto::Publish what = publication(aa, "file");
    what.size = size;
    return what;
  };
  const auto located = [&] {
    std::minstd_rand chance;
    std::set<PeerId> found;
    for (const auto& one : catalog.sample(
             aa, peer(9), [](auto&) { return false; }, 2, chance))
      found.insert(one.peer);
    return found;
  };
  catalog.publish(p1, of_size(1));
  catalog.publish(p2, of_size(2));
  EXPECT_EQ(all(), (Rows{"file aa 1/0 p1", "file aa 1/0 p2"}));
  EXPECT_EQ(find("aa").size(), 2U);
  EXPECT_EQ(located(), (std::set{p1, p2}));
  EXPECT_EQ(catalog.offer(p2, aa)->size, 2U);
  catalog.publish(p3, of_size(2));
  EXPECT_EQ(located().size(), 2U);
  EXPECT_TRUE(located().contains(p1)) << "each of them has a part of the answer";
  catalog.publish(p1, of_size(2));
  EXPECT_EQ(all(), Rows{"file aa 3/0 p1 p2 p3"}) << "it has changed its mind";
  catalog.publish(p1, of_size(3));
  for (const PeerId& id : {p1, p2, p3}) EXPECT_TRUE(catalog.unpublish(id, aa));
  EXPECT_EQ(catalog.contents(), 0U);
  EXPECT_EQ(catalog.names(), 0U);
}

TEST_F(CatalogTest, TakesSoMuchOfAPeerAnAddressANetworkAndAll) {
  const auto filled = [&](const PeerId& id, const net::Whence& from, const Quotas::Most& most) {
    Catalog small([](const PeerId&) { return proto::Publisher(); }, most);
    const net::Whence beside(from.site, from.network + 1), elsewhere(from.site + 1, 7);
    std::vector<std::string> why;
    for (int i = 0; i < 10; ++i)
      small.publish(id, publication(content(std::to_string(10 + i)), "x"), from);
    for (const auto& [who, where] :
         {std::pair(id, from), {peer(8), from}, {peer(9), beside}, {peer(10), elsewhere}})
      why.push_back(refusal([&] { small.publish(who, publication(bb, "x"), where); }));
    small.drop(id);
    EXPECT_EQ(refusal([&] { small.publish(id, publication(bb, "x"), from); }), "");
    return std::ranges::count_if(why, [](const std::string& one) { return !one.empty(); });
  };
  const net::Whence from(1, 2);
  constexpr std::size_t few = 4000, much = 1 << 20;
  EXPECT_EQ(filled(p1, from, {much, much, much, much}), 0);
  EXPECT_EQ(filled(p1, from, {few, much, much, much}), 1);
  EXPECT_EQ(filled(p1, from, {much, few, much, much}), 2);
  EXPECT_EQ(filled(p1, from, {much, much, few, much}), 3);
  EXPECT_EQ(filled(p1, from, {much, much, much, few}), 4);
}

} // namespace
} // namespace p2pd::tracker
