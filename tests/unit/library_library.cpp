#include "daemon/library/library.hpp"

#include <gtest/gtest.h>

namespace p2pd::library {
namespace {

ContentId content_id(std::uint8_t number) {
  ContentId id;
  id.bytes.fill(number);
  return id;
}

class LibraryTest : public testing::Test {
 protected:
  Item& add(std::uint8_t number, const char* path) {
    Item item;
    item.id = content_id(number);
    item.names.emplace("name", false);
    item.path = path;
    return library_.add(std::move(item));
  }

  Library library_;
};

TEST_F(LibraryTest, KnowsWhatElseLayAtAPath) {
  add(1, "/d/nightly");
  add(2, "/d/other");
  EXPECT_TRUE(library_.others_at("/d/nightly", content_id(1)).empty());
  add(3, "/d/nightly");
  EXPECT_EQ(library_.at("/d/nightly")->id, content_id(3));
  EXPECT_EQ(library_.others_at("/d/nightly", content_id(3)), std::vector{content_id(1)});
  EXPECT_TRUE(library_.others_at("/d/none", content_id(3)).empty());
}

TEST_F(LibraryTest, FindsAtAPathWhatIsLeftWhenTheLastIsGone) {
  add(1, "/d/nightly");
  Item& second = add(2, "/d/nightly");
  library_.place(second, "/d/nightly");
  library_.remove(content_id(2));
  ASSERT_NE(library_.at("/d/nightly"), nullptr);
  EXPECT_EQ(library_.at("/d/nightly")->id, content_id(1));
  library_.place(*library_.at("/d/nightly"), "/e/nightly");
  EXPECT_EQ(library_.at("/d/nightly"), nullptr);
  EXPECT_EQ(library_.at("/e/nightly")->id, content_id(1));
}

} // namespace
} // namespace p2pd::library
