#include "daemon/library/inventory.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace p2pd::library {
namespace {

class InventoryTest : public testing::Test {
 protected:
  InventoryTest() {
    EXPECT_GE(::sodium_init(), 0);
    net::Keys keys;
    keys.identity.public_key.bytes.fill(7);
    net::Self self;
    self.name = "nas";
    self.site = "home";
    sessions.emplace(loop, std::move(keys), std::move(self), 10);
    inventory.emplace(*sessions, library,
                      std::make_shared<disk::Folders>(disk::Folders::Purpose::publish,
                                                      std::vector<disk::Root>{{"/srv/share"}},
                                                      std::vector<std::string>()));
  }
  ~InventoryTest() override {
    inventory.reset();
    sessions.reset();
    loop.run(); // closes their handles
  }

  // A content by a number, with which its id begins.
  void add(std::uint16_t number, const std::string& path, std::size_t names = 1) {
    Item item;
    item.id.bytes[0] = static_cast<std::uint8_t>(number >> 8);
    item.id.bytes[1] = static_cast<std::uint8_t>(number);
    item.path = path;
    item.size = number;
    for (std::size_t i = 0; i < names; ++i) item.names.emplace("name-" + std::to_string(i), true);
    library.add(std::move(item));
  }
  // The sizes of all rows, page by page.
  std::vector<std::uint64_t> read() {
    std::vector<std::uint64_t> sizes;
    std::string cursor;
    pages = 0;
    do {
      const proto::Shared page = inventory->page(cursor);
      for (const proto::SharedFile& file : page.files) sizes.push_back(file.size);
      cursor = page.next;
    } while (++pages < 100 && !cursor.empty());
    return sizes;
  }

  io::Loop loop;
  Library library;
  std::optional<net::SessionSet> sessions;
  std::optional<Inventory> inventory;
  std::size_t pages = 0;
};

TEST_F(InventoryTest, NamesThisNodeAndTellsOnlyPathsBelowItsFolders) {
  add(1, "/srv/share/films/film");
  add(2, "/home/somebody/private/film");
  const proto::Shared page = inventory->page("");
  EXPECT_EQ(page.peer.name, "nas");
  EXPECT_EQ(page.peer.site, "home");
  EXPECT_TRUE(page.peer.addresses.empty());
  ASSERT_EQ(page.files.size(), 2U);
  EXPECT_EQ(page.files[0].path, "films/film");
  EXPECT_EQ(page.files[1].path, "film");
  EXPECT_EQ(page.next, "");
}

TEST_F(InventoryTest, HasARowForEachName) {
  add(1, "/srv/share/film", 3);
  EXPECT_EQ(read(), (std::vector<std::uint64_t>{1, 1, 1}));
}

TEST_F(InventoryTest, IsReadPageByPageInTheOrderOfIds) {
  std::vector<std::uint64_t> all;
  for (std::uint16_t number = 500; number > 0; --number) add(number, "/srv/share/film");
  for (std::uint64_t number = 1; number <= 500; ++number) all.push_back(number);
  EXPECT_EQ(read(), all);
  EXPECT_EQ(pages, 3U);
}

TEST_F(InventoryTest, APageIsBoundedInBytes) {
  const std::string long_path = "/srv/share/" + std::string(4000, 'x');
  for (std::uint16_t number = 1; number <= 200; ++number) add(number, long_path);
  EXPECT_EQ(read().size(), 200U);
  EXPECT_EQ(pages, 2U);
}

TEST_F(InventoryTest, AnswersForThisPeerAlone) {
  add(1, "/srv/share/film");
  proto::Discover question;
  question.request = proto::RequestId{5};
  const proto::Message refused = inventory->answer(question);
  ASSERT_TRUE(std::holds_alternative<proto::Failed>(refused));
  EXPECT_EQ(std::get<proto::Failed>(refused).reason, proto::Reason::not_found);
  question.peer = sessions->id();
  const proto::Message answer = inventory->answer(question);
  ASSERT_TRUE(std::holds_alternative<proto::Shared>(answer));
  EXPECT_EQ(std::get<proto::Shared>(answer).request, proto::RequestId{5});
  EXPECT_EQ(std::get<proto::Shared>(answer).files.size(), 1U);
}

TEST_F(InventoryTest, RefusesACursorThatIsNone) {
  add(1, "/srv/share/film");
  EXPECT_THROW(inventory->page("x"), proto::Error);
}

} // namespace
} // namespace p2pd::library
