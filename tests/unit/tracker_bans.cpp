// Who is put out at a tracker, and what its peers hear of it.

#include "daemon/tracker/moderator.hpp"
#include "tests/unit/tracker_wire.hpp"

#include <filesystem>
#include <fmt/core.h>
#include <unistd.h>

namespace p2pd::tracker {
namespace {

// A state database of its own, in a folder that goes with it.
class TrackerBans : public TrackerTest {
 protected:
  TrackerBans() {
    std::filesystem::create_directory(folder_);
    EXPECT_TRUE(state.open());
  }
  ~TrackerBans() override {
    bool closed = false;
    state.close([&] { closed = true; });
    EXPECT_TRUE(io::run_until(loop, [&] { return closed; }));
    std::filesystem::remove_all(folder_);
  }
  void ban(const PeerId& id, const std::string& name) {
    bool done = false;
    moderator.ban(id, name, [&](const disk::Outcome& outcome) { done = bool(outcome); });
    EXPECT_TRUE(io::run_until(loop, [&] { return done; }));
  }
  void lift(const PeerId& id) {
    bool done = false;
    moderator.lift(id, [&](const disk::Outcome& outcome) { done = bool(outcome); });
    EXPECT_TRUE(io::run_until(loop, [&] { return done; }));
  }
  proto::Ban next_ban(Node& peer, std::size_t count) {
    EXPECT_TRUE(io::run_until(loop, [&] { return peer.ear.all<proto::Ban>().size() == count; }));
    return peer.ear.all<proto::Ban>().back();
  }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / fmt::format("p2pd-bans-{}", ::getpid());

 protected:
  state::StateDb state{loop, (folder_ / "state.db").string()};
  Moderator moderator{node.sessions, state, tracker};
};

TEST_F(TrackerBans, AreTheFirstThatANewPeerHears) {
  ban(peer(7), "seven");
  Node a(loop, 1);
  enter(a);
  EXPECT_EQ(a.ear.log, (Names{"ban", "registered"}));
  const proto::Ban all = next_ban(a, 1);
  EXPECT_TRUE(all.whole);
  EXPECT_EQ(all.banned, decltype(all.banned){peer(7)});
}

TEST_F(TrackerBans, ReachAllAndPutOneOut) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(b, publication(aa, "file"));
  ban(b.id(), "b");
  EXPECT_FALSE(tracker.registry().has(b.id()));
  EXPECT_EQ(tracker.catalog().contents(), 0U);
  proto::Ban heard = next_ban(a, 2);
  EXPECT_FALSE(heard.whole);
  EXPECT_EQ(heard.banned, decltype(heard.banned){b.id()});
  ASSERT_TRUE(io::run_until(loop, [&] { return !b.ear.closed.empty(); }));
  EXPECT_EQ(b.ear.closed.back(), "it said goodbye: banned");
  EXPECT_EQ(b.ear.all<proto::Ban>().size(), 1U); // it is not told who is out, itself or others

  lift(b.id());
  heard = next_ban(a, 3);
  EXPECT_EQ(heard.lifted, decltype(heard.lifted){b.id()});
  enter(b);
}

TEST_F(TrackerBans, AreThereAfterARestart) {
  moderator.restore({{peer(7), peer(9), "seven", 1}}); // by what this node's id was then
  EXPECT_TRUE(node.sessions.banned(peer(7)));
  EXPECT_EQ(tracker.bans().size(), 1U);
  lift(peer(7));
  EXPECT_FALSE(node.sessions.banned(peer(7)));
}

TEST_F(TrackerBans, KickedOnesMayComeBack) {
  Node a(loop, 1);
  enter(a);
  moderator.kick(a.id());
  ASSERT_TRUE(io::run_until(loop, [&] { return !a.ear.closed.empty(); }));
  EXPECT_EQ(a.ear.closed.back(), "it said goodbye: kicked");
  moderator.kick(a.id()); // who is not there
  enter(a);
}

} // namespace
} // namespace p2pd::tracker
