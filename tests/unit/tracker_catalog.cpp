#include "tests/unit/tracker_catalog.hpp"

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
}

// Who tells another size than those before is not listed, and nothing else changes.
TEST_F(CatalogTest, RefusesWhatContradictsItself) {
  catalog.publish(p1, publication(aa, "file"));
  const auto refused = [&](auto&& change) {
    proto::Publish lie = publication(aa, "lie");
    change(lie);
    const std::string why = refusal([&] { catalog.publish(p2, lie); });
    EXPECT_EQ(all(), Rows{"file aa 1/0 p1"});
    EXPECT_FALSE(catalog.unpublish(p2, lie.content));
    return why;
  };
  constexpr const char* other_size = "others know this content with another size";
  EXPECT_EQ(refused([](auto& lie) { lie.size += 1; }), other_size);
  EXPECT_EQ(refused([](auto& lie) { lie.size = 0; }), other_size);
  EXPECT_EQ(refused([](auto& lie) { lie.chunk_size *= 2; }), other_size);
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

} // namespace
} // namespace p2pd::tracker
