#include "daemon/io/alive.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <string>

namespace p2pd::io {
namespace {

struct Owner {
  std::string heard;
  Alive<Owner> alive{this};
};

TEST(Alive, CallsAsLongAsTheOwnerIsThere) {
  std::optional<Owner> owner(std::in_place);
  int calls = 0;
  const std::function<void(std::string, int)> callback =
      owner->alive.guard([&calls](Owner& self, const std::string& text, int count) {
        ++calls;
        self.heard += text + std::to_string(count);
      });
  callback("a", 1);
  callback("b", 2);
  EXPECT_EQ(owner->heard, "a1b2");
  const auto ref = owner->alive.ref();
  EXPECT_EQ(ref.get(), &*owner);
  owner.reset();
  callback("c", 3);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(ref.get(), nullptr);
}

TEST(Alive, EndsBeforeTheOwnerWhereThatSaysSo) {
  Owner owner;
  int calls = 0;
  const auto before = owner.alive.guard([&](Owner&) { ++calls; });
  EXPECT_FALSE(owner.alive.ended());
  owner.alive.end();
  EXPECT_TRUE(owner.alive.ended());
  const auto after = owner.alive.guard([&](Owner&) { ++calls; });
  before();
  after();
  EXPECT_EQ(calls, 0);
}

// What is called may be the end of the owner.
TEST(Alive, MayEndWhileItIsCalled) {
  auto owner = std::make_unique<Owner>();
  const auto callback = owner->alive.guard([&](Owner&) { owner.reset(); });
  callback();
  callback();
  EXPECT_EQ(owner, nullptr);
}

} // namespace
} // namespace p2pd::io
