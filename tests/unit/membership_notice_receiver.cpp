#include "daemon/membership/notice_receiver.hpp"

#include <gtest/gtest.h>

namespace p2pd::membership {
namespace {

using proto::NoticeKind;
using std::chrono::seconds;

proto::PeerId peer(std::uint8_t number) {
  proto::PeerId id;
  id.bytes.fill(number);
  return id;
}

proto::Notice notice(NoticeKind kind, std::uint8_t about) {
  return {kind, {peer(about), "p", "", {}}, {}};
}

class NoticeReceiverTest : public testing::Test {
 protected:
  NoticeReceiverTest() {
    notices.set_watch([this](const proto::Notice&) { ++told; });
    notices.want(0b111111);
  }
  int after(const proto::PeerId& tracker, NoticeKind kind, std::uint8_t about, int second) {
    notices.take(tracker, notice(kind, about), io::Time() + seconds(second));
    return std::exchange(told, 0);
  }

  const proto::PeerId t1 = peer(101), t2 = peer(102);
  NoticeReceiver notices;
  int told = 0;
};

TEST_F(NoticeReceiverTest, AreTakenFromTheFirstTrackerThatTells) {
  EXPECT_EQ(after(t1, NoticeKind::peer_came, 1, 0), 1);
  EXPECT_EQ(after(t2, NoticeKind::peer_came, 1, 1), 0);
  EXPECT_EQ(after(t2, NoticeKind::peer_came, 2, 1), 1); // another peer
  EXPECT_EQ(after(t2, NoticeKind::peer_left, 1, 1), 1); // another event
  EXPECT_EQ(after(t1, NoticeKind::peer_left, 1, 2), 0);
  EXPECT_EQ(after(t1, NoticeKind::peer_came, 1, 3), 1); // it came again
  EXPECT_EQ(after(t2, NoticeKind::peer_came, 1, 4), 0);
  EXPECT_EQ(after(t2, NoticeKind::peer_came, 1, 60), 1); // long after
}

TEST_F(NoticeReceiverTest, AreToldAsFarAsTheyAreWanted) {
  notices.want(0b10);
  EXPECT_EQ(after(t1, NoticeKind::peer_came, 1, 0), 0);
  EXPECT_EQ(after(t1, NoticeKind::peer_left, 1, 0), 1);
}

TEST_F(NoticeReceiverTest, AreHeardByThisNodeWhateverPeopleWant) {
  int heard = 0;
  notices.listen(0b10, [&](const proto::Notice&) { ++heard; });
  notices.want(0b1);
  EXPECT_EQ(notices.wanted(), 0b11U);
  EXPECT_EQ(after(t1, NoticeKind::peer_came, 1, 0), 1);
  EXPECT_EQ(heard, 0);
  EXPECT_EQ(after(t1, NoticeKind::peer_left, 1, 0), 0);
  EXPECT_EQ(heard, 1);
}

TEST_F(NoticeReceiverTest, OfDifferentContentsAreDifferent) {
  proto::Notice published = notice(NoticeKind::published, 1);
  published.file.emplace_back();
  notices.take(t1, published, io::Time());
  notices.take(t2, published, io::Time());
  EXPECT_EQ(std::exchange(told, 0), 1);
  published.file.front().content.bytes.fill(7);
  notices.take(t2, published, io::Time());
  EXPECT_EQ(told, 1);
}

} // namespace
} // namespace p2pd::membership
