// Whatever peers tell, in whatever order: the catalog with its indices lists what a model without
// any works out anew.

#include "daemon/tracker/catalog.hpp"
#include "tests/unit/tracker_fixture.hpp"

#include <random>
#include <set>

namespace p2pd::tracker {
namespace {

class Model {
 public:
  explicit Model(std::uint64_t seed) : random_(seed) {}

  void step() {
    const PeerId who = peer(static_cast<std::uint8_t>(1 + random_() % 6));
    const ContentId what = content(std::to_string(10 + random_() % 6));
    switch (random_() % 12) {
    case 0:
      catalog_.drop(who);
      std::erase_if(holdings_, [&](const auto& holding) { return holding.first.first == who; });
      break;
    case 1:
      EXPECT_EQ(catalog_.unpublish(who, what), holdings_.erase({who, what}) > 0);
      break;
    case 2:
    case 3:
      arrive(who, what, static_cast<std::uint32_t>(random_() % 10));
      break;
    default:
      publish(who, what, "n" + std::to_string(random_() % 4));
    }
  }

  void check() const {
    std::vector<std::string> expected;
    for (const auto& [name, contents] : users()) {
      bool claimed = false;
      for (const ContentId& id : contents) claimed = claimed || claims(name, id) > 0;
      for (const ContentId& id : contents) {
        const bool by_id = claimed && claims(name, id) == 0;
        expected.push_back(text(by_id ? to_text(id) : name, id, name));
      }
    }
    std::vector<std::string> listed;
    std::string cursor;
    do {
      const Catalog::Page page = catalog_.list("", cursor, 3);
      for (const CatalogEntry& row : page.rows) listed.push_back(text(row));
      cursor = page.next;
    } while (!cursor.empty());
    EXPECT_EQ(listed, expected);
    std::set<ContentId> contents;
    for (const auto& [key, holding] : holdings_) contents.insert(key.second);
    EXPECT_EQ(catalog_.contents(), contents.size());
    EXPECT_EQ(catalog_.pairs(), holdings_.size());
    for (const ContentId& id : contents) EXPECT_EQ(catalog_.find(to_text(id), 100).size(), 1U);
  }

 private:
  struct Holding {
    std::set<std::uint32_t> have;
    std::map<std::string, bool> names;
  };

  void publish(const PeerId& who, const ContentId& what, const std::string& name) {
    const auto count = static_cast<std::uint32_t>(random_() % 11);
    proto::Publish message = use(what, name, count);
    message.claim = random_() % 2 == 0;
    catalog_.publish(who, message);
    Holding& holding = holdings_[{who, what}];
    holding.have.clear();
    for (std::uint32_t i = 0; i < count; ++i) holding.have.insert(i);
    holding.names.try_emplace(name, false);
    if (!message.claim) return;
    for (auto& [key, other] : holdings_)
      if (key.first == who && other.names.contains(name)) other.names[name] = false;
    holding.names[name] = true;
  }
  void arrive(const PeerId& who, const ContentId& what, std::uint32_t chunk) {
    catalog_.arrived(who, arrival(what, {chunk}));
    if (const auto at = holdings_.find({who, what}); at != holdings_.end())
      at->second.have.insert(chunk);
  }
  std::map<std::string, std::set<ContentId>> users() const {
    std::map<std::string, std::set<ContentId>> users;
    for (const auto& [key, holding] : holdings_)
      for (const auto& [name, claimed] : holding.names) users[name].insert(key.second);
    return users;
  }
  std::set<PeerId> claimants(const std::string& name, const ContentId& id) const {
    std::set<PeerId> found;
    for (const auto& [key, holding] : holdings_)
      if (const auto at = holding.names.find(name);
          key.second == id && at != holding.names.end() && at->second)
        found.insert(key.first);
    return found;
  }
  std::size_t claims(const std::string& name, const ContentId& id) const {
    return claimants(name, id).size();
  }
  std::string text(const std::string& shown, const ContentId& id, const std::string& name) const {
    std::size_t whole = 0, some = 0;
    for (const auto& [key, holding] : holdings_) {
      if (key.second != id) continue;
      whole += holding.have.size() == 10 ? 1 : 0;
      some += holding.have.size() % 10 != 0 ? 1 : 0;
    }
    std::string out = shown + ' ' + to_text(id) + ' ' + std::to_string(whole) + '/' +
                      std::to_string(some) + ' ' + std::to_string(claims(name, id));
    for (const PeerId& who : claimants(name, id)) out += ' ' + std::to_string(who.bytes[0]);
    return out;
  }
  static std::string text(const CatalogEntry& row) {
    std::set<PeerId> who;
    for (const proto::Publisher& publisher : row.publishers) who.insert(publisher.id);
    std::string out = row.name.bytes + ' ' + to_text(row.content) + ' ' +
                      std::to_string(row.sources) + '/' + std::to_string(row.partial) + ' ' +
                      std::to_string(row.publishers_total);
    for (const PeerId& id : who) out += ' ' + std::to_string(id.bytes[0]);
    return out;
  }

  std::mt19937_64 random_;
  std::map<std::pair<PeerId, ContentId>, Holding> holdings_;
  Catalog catalog_{[](const PeerId& id) { return proto::Publisher{id, {}, {}}; }};
};

TEST(Catalog, AgreesWithANaiveModel) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Model model(seed);
    for (int i = 0; i < 300; ++i) {
      model.step();
      if (i % 10 == 0) model.check();
      ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << ", step " << i;
    }
  }
}

} // namespace
} // namespace p2pd::tracker
