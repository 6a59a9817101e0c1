// Whom a tracker names to one who looks for a content.

#include "tests/unit/tracker_catalog.hpp"

#include <set>

namespace p2pd::tracker {
namespace {

PeerId numbered(std::uint32_t number) {
  PeerId id;
  std::memcpy(id.bytes.data(), &number, sizeof number);
  return id;
}

class CatalogSample : public CatalogTest {
 protected:
  static constexpr std::size_t limit = 30;

  std::map<PeerId, bool> sample(const Catalog::Near& near = [](const PeerId&) { return false; }) {
    std::map<PeerId, bool> found;
    for (const auto& [id, whole] : catalog.sample(aa, asker, near, limit, chance))
      EXPECT_TRUE(found.emplace(id, whole).second) << "named twice";
    EXPECT_FALSE(found.contains(asker));
    return found;
  }

  const PeerId asker = numbered(5);
  std::minstd_rand chance{1};
};

TEST_F(CatalogSample, OfFewIsAllOfThem) {
  EXPECT_TRUE(sample().empty());
  catalog.publish(asker, use(aa, "file", 1));
  EXPECT_TRUE(sample().empty());
  catalog.publish(p1, publication(aa, "file"));
  catalog.publish(p1, publication(aa, "other name"));
  catalog.publish(p2, use(aa, "file", 9));
  catalog.publish(p3, use(aa, "file", 0));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(sample(), (std::map<PeerId, bool>{{p1, true}, {p2, false}, {p3, false}}));
}

TEST_F(CatalogSample, OfManyDiffersFromTimeToTime) {
  for (std::uint32_t i = 0; i < 300; ++i) catalog.publish(numbered(i), publication(aa, "file"));
  std::set<PeerId> named;
  for (int i = 0; i < 100; ++i) {
    const auto found = sample();
    EXPECT_EQ(found.size(), limit);
    for (const auto& [id, whole] : found) named.insert(id);
  }
  EXPECT_GT(named.size(), 290U) << "everybody is named sooner or later";
}

// Two seeds, one who has the rare chunk, and hundreds who have the others.
TEST_F(CatalogSample, NamesWhoHasWhatIsRare) {
  for (std::uint32_t i = 0; i < 300; ++i) catalog.publish(numbered(i), use(aa, "file", 9));
  for (const PeerId& seed : {p1, p2}) catalog.publish(seed, publication(aa, "file"));
  catalog.publish(p3, use(aa, "file", 1));
  catalog.arrived(p3, arrival(aa, {9}));
  for (int i = 0; i < 20; ++i) {
    const auto found = sample();
    EXPECT_EQ(found.size(), limit);
    EXPECT_TRUE(found.contains(p1) && found.contains(p2) && found.contains(p3));
    EXPECT_TRUE(found.at(p1) && !found.at(p3));
  }
}

// Where many seeds are, they leave room for others.
TEST_F(CatalogSample, NamesThoseOfTheSameSiteFirst) {
  for (std::uint32_t i = 0; i < 200; ++i) catalog.publish(numbered(i), publication(aa, "file"));
  for (std::uint32_t i = 200; i < 400; ++i) catalog.publish(numbered(i), use(aa, "file", 5));
  std::set<PeerId> site;
  for (std::uint32_t i = 185; i < 200; ++i) site.insert(numbered(i));
  const auto near = [&](const PeerId& id) { return site.contains(id); };
  for (int i = 0; i < 20; ++i) {
    std::size_t named = 0, parts = 0;
    for (const auto& [id, whole] : sample(near)) {
      named += near(id) ? 1 : 0;
      parts += whole ? 0 : 1;
    }
    EXPECT_EQ(named, site.size());
    EXPECT_GT(parts, 0U);
  }
}

TEST_F(CatalogSample, OfThousandsIsFoundFast) {
  for (std::uint32_t i = 0; i < 3000; ++i) catalog.publish(numbered(i), use(aa, "file", 1 + i % 9));
  std::size_t asked = 0;
  const auto near = [&](const PeerId&) { return ++asked == 0; };
  EXPECT_EQ(sample(near).size(), limit);
  EXPECT_LE(asked, 1000U);
}

TEST_F(CatalogTest, OnePeerFillsSoMuchMemory) {
  constexpr std::size_t most = 100'000;
  Catalog small([](const PeerId& id) { return proto::Publisher{id, {}, {}}; }, {.one = most});
  const auto numbered = [](std::size_t number) { return content(std::to_string(1000 + number)); };
  const auto fill = [&](const PeerId& id) {
    std::size_t count = 0;
    const auto publish = [&] { small.publish(id, use(numbered(count), "x", 1)); };
    while (count < 1000 && refusal(publish).empty()) ++count;
    return count;
  };
  const std::size_t fits = fill(p1);
  EXPECT_GT(fits, most / 500);
  EXPECT_LT(fits, most / 400);
  EXPECT_NE(refusal([&] { small.publish(p1, publication(bb, "file")); }), "");
  EXPECT_EQ(fill(p2), fits) << "others are not concerned";
  for (std::size_t i = 0; i < fits; ++i) small.arrived(p1, arrival(numbered(i), {9}));
  small.drop(p1);
  EXPECT_EQ(fill(p1), fits);
  for (std::size_t i = 0; i < fits; ++i) EXPECT_TRUE(small.unpublish(p1, numbered(i)));
  EXPECT_EQ(fill(p1), fits) << "what is withdrawn is not counted any more";
}

} // namespace
} // namespace p2pd::tracker
