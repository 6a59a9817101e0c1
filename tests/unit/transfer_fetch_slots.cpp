#include "daemon/transfer/fetch_slots.hpp"

#include "tests/unit/io_fixture.hpp"

#include <memory>
#include <vector>

namespace p2pd::transfer {
namespace {

class FetchSlotsTest : public ::testing::Test {
 protected:
  struct Fetch {
    explicit Fetch(FetchSlots& slots) : slot(slots, io::bind<&Fetch::called>(this)) {}
    void called() { ++calls; }
    int calls = 0;
    FetchSlots::Slot slot;
  };

  std::unique_ptr<Fetch> fetch() { return std::make_unique<Fetch>(slots_); }

  io::Loop loop_;
  FetchSlots slots_{loop_};
};

TEST_F(FetchSlotsTest, GoInTheOrderInWhichTheyCame) {
  slots_.set_most(2);
  std::vector<std::unique_ptr<Fetch>> fetches;
  for (int i = 0; i < 5; ++i) fetches.push_back(fetch());
  EXPECT_TRUE(fetches[0]->slot.take());
  EXPECT_TRUE(fetches[1]->slot.take());
  for (int i = 2; i < 5; ++i) EXPECT_FALSE(fetches[static_cast<std::size_t>(i)]->slot.take());
  EXPECT_TRUE(fetches[0]->slot.take()) << "it has it already";
  EXPECT_FALSE(fetches[2]->slot.take()) << "it waits already";
  fetches[1]->slot.give_back();
  EXPECT_FALSE(fetches[1]->slot.take()) << "nobody overtakes";
  io::settle(loop_);
  EXPECT_EQ(fetches[2]->calls, 1);
  EXPECT_TRUE(fetches[2]->slot.take());
  EXPECT_EQ(fetches[3]->calls, 0);
  fetches[3]->slot.give_back(); // waits no more
  fetches[0].reset();           // gone with its slot
  io::settle(loop_);
  EXPECT_EQ(fetches[3]->calls, 0);
  EXPECT_EQ(fetches[4]->calls, 1);
}

TEST_F(FetchSlotsTest, FollowTheirNumber) {
  slots_.set_most(1);
  const auto one = fetch();
  const auto two = fetch();
  EXPECT_TRUE(one->slot.take());
  EXPECT_FALSE(one->slot.is_wanted());
  EXPECT_FALSE(two->slot.take());
  EXPECT_TRUE(two->slot.waits());
  EXPECT_TRUE(one->slot.is_wanted());
  slots_.set_most(2);
  io::settle(loop_);
  EXPECT_EQ(two->calls, 1);
  slots_.set_most(1);
  two->slot.give_back();
  EXPECT_FALSE(two->slot.take()) << "there are as many as may be";
}

} // namespace
} // namespace p2pd::transfer
