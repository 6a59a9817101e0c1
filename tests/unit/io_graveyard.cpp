#include "daemon/io/graveyard.hpp"

#include "daemon/io/timer.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <list>
#include <string>

namespace p2pd::io {
namespace {

class Dying {
 public:
  explicit Dying(std::function<void()> end) : end_(std::move(end)) {}
  ~Dying() { end_(); }
  Dying(const Dying&) = delete;
  Dying& operator=(const Dying&) = delete;

 private:
  std::function<void()> end_;
};
using DyingPtr = std::unique_ptr<Dying>;

class GraveyardTest : public testing::Test {
 protected:
  void turn() {
    timer.once(milliseconds(0));
    loop.run();
  }
  DyingPtr dying(std::string name) {
    return std::make_unique<Dying>([this, name = std::move(name)] { ended += name; });
  }
  void on_timer() { at_timer(); }

  Loop loop;
  std::string ended;
  std::function<void()> at_timer = [] {};
  Timer timer{loop, bind<&GraveyardTest::on_timer>(this)};
  Graveyard graveyard{loop};
};

TEST_F(GraveyardTest, FreesAtTheEndOfTheTurn) {
  at_timer = [this] {
    graveyard.add(dying("a"));
    graveyard.add(std::shared_ptr<Dying>(dying("b")));
    EXPECT_EQ(ended, "") << "its callback may be running";
  };
  turn();
  EXPECT_EQ(ended, "ab");
}

TEST_F(GraveyardTest, TakesAnElementOutOfAListOrAVector) {
  std::list<DyingPtr> list;
  std::vector<std::shared_ptr<Dying>> vector;
  for (const char* name : {"a", "b", "c"}) {
    list.push_back(dying(name));
    vector.push_back(dying(name));
  }
  at_timer = [&] {
    graveyard.take(list, *list.back());
    graveyard.take(vector, *vector.front());
    graveyard.take(list, *vector.front()); // which is not in it
  };
  turn();
  EXPECT_EQ(ended, "ca");
  EXPECT_EQ(list.size(), 2U);
  EXPECT_EQ(vector.size(), 2U);
  at_timer = [] {};
}

TEST_F(GraveyardTest, BuriesWhatTheDeadBury) {
  at_timer = [this] {
    graveyard.add(std::make_unique<Dying>([this] {
      ended += "a";
      graveyard.add(dying("b"));
    }));
  };
  turn();
  EXPECT_EQ(ended, "ab");
}

TEST_F(GraveyardTest, FreesAtOnceWhereItIsTold) {
  graveyard.add(dying("a"));
  graveyard.clear();
  EXPECT_EQ(ended, "a");
}

} // namespace
} // namespace p2pd::io
