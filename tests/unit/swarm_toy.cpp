// A whole swarm with neither sockets nor clock: peers that decide by picker and pipeline alone, and
// links that carry so many chunks a turn. Everybody must end with everything, in few turns.

#include "daemon/swarm/picker.hpp"
#include "daemon/swarm/pipeline.hpp"

#include <algorithm>
#include <deque>
#include <gtest/gtest.h>
#include <map>

namespace p2pd::swarm {
namespace {

constexpr std::uint32_t chunks = 200;
constexpr std::uint32_t chunk_size = 512 * 1024;
constexpr Duration turn = std::chrono::milliseconds(20);
constexpr std::size_t upload = 2; // chunks a turn, for each peer

class Swarm {
 public:
  Swarm(std::size_t leechers, std::size_t neighbours, std::uint64_t seed,
        Order order = Order::rarest_first)
      : random_(seed) {
    for (std::size_t i = 0; i <= leechers; ++i) peers_.emplace_back(i == 0, order, random_());
    for (std::size_t i = 1; i < peers_.size(); ++i) {
      connect(i, i - 1); // nobody stands alone
      while (peers_[i].links.size() < std::min(neighbours, i)) connect(i, random_() % i);
    }
  }

  // One turn: everybody asks, everybody serves.
  void advance() {
    now_ += turn;
    ++turns;
    for (std::size_t i = 0; i < peers_.size(); ++i)
      if (peers_[i].here) ask(i);
    for (std::size_t i = 0; i < peers_.size(); ++i)
      if (peers_[i].here && !peers_[i].mute) serve(i);
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      if (!peers_[i].here) continue;
      std::vector<std::size_t> stuck;
      for (auto& [other, link] : peers_[i].links)
        if (link.pipeline.stalled(now_)) stuck.push_back(other);
      for (const std::size_t other : stuck) cut(i, other);
    }
  }

  bool complete() const { // but for those who keep others from it, and are left alone
    return std::ranges::all_of(
        peers_, [](const Peer& peer) { return !peer.here || peer.mute || peer.have.full(); });
  }
  void leave(std::size_t gone) {
    peers_[gone].here = false;
    for (std::size_t i = 0; i < peers_.size(); ++i)
      if (peers_[i].links.contains(gone)) cut(i, gone);
  }
  void silence(std::size_t peer) { peers_[peer].mute = true; }

  std::size_t turns = 0;

  void check() const {
    for (const Peer& peer : peers_) {
      if (!peer.here) continue;
      EXPECT_EQ(peer.picker.missing(), chunks - peer.have.count());
      std::size_t asked = 0;
      for (const auto& [other, link] : peer.links) {
        EXPECT_EQ(link.pipeline.in_flight(), link.asked.size());
        asked += link.asked.size();
      }
      EXPECT_EQ(asked, peer.picker.missing() - peer.picker.open()); // none is lost
    }
  }

 private:
  struct Link {
    Pipeline pipeline{chunk_size};
    std::map<ChunkIndex, Time> asked;
  };
  struct Peer {
    Peer(bool seeder, Order order, std::uint64_t seed)
        : have(chunks, seeder), picker(ChunkSet(chunks, true), order, seed) {
      for (std::uint32_t i = 0; seeder && i < chunks; ++i) picker.got(ChunkIndex{i});
    }
    bool here = true;
    bool mute = false; // takes requests and answers none
    ChunkSet have;
    Picker picker;
    std::map<std::size_t, Link> links;
    std::deque<std::pair<std::size_t, ChunkIndex>> requests; // who asks for what
  };

  void connect(std::size_t a, std::size_t b) {
    if (!peers_[a].links.try_emplace(b).second) return;
    peers_[b].links.try_emplace(a);
    if (!peers_[a].have.full()) peers_[b].picker.add_source(peers_[a].have);
    if (!peers_[b].have.full()) peers_[a].picker.add_source(peers_[b].have);
  }

  // Both forget the link; what was asked over it is open again.
  void cut(std::size_t a, std::size_t b) {
    forget(a, b);
    forget(b, a);
  }
  void forget(std::size_t one, std::size_t other) {
    Peer& peer = peers_[one];
    for (const auto& [chunk, since] : peer.links.at(other).asked) peer.picker.put_back(chunk);
    peer.links.erase(other);
    if (other != 0) peer.picker.remove_source(peers_[other].have);
    std::erase_if(peer.requests, [&](const auto& request) { return request.first == other; });
  }

  void ask(std::size_t i) {
    for (auto& [other, link] : peers_[i].links) {
      while (link.pipeline.room()) {
        const auto chunk = peers_[i].picker.pick(peers_[other].have, other != 0);
        if (!chunk) break;
        link.pipeline.asked(now_);
        link.asked.emplace(*chunk, now_);
        peers_[other].requests.emplace_back(i, *chunk);
      }
    }
  }

  void serve(std::size_t i) {
    for (std::size_t n = 0; n < upload && !peers_[i].requests.empty(); ++n) {
      const auto [to, chunk] = peers_[i].requests.front();
      peers_[i].requests.pop_front();
      Link& link = peers_[to].links.at(i);
      link.pipeline.measured(turn);
      link.pipeline.received(chunk_size, now_ + turn);
      link.pipeline.ended(now_ + turn);
      link.asked.erase(chunk);
      peers_[to].picker.got(chunk);
      ASSERT_TRUE(peers_[to].have.add(chunk)); // nobody fetches twice
      for (auto& [other, back] : peers_[to].links) peers_[other].picker.source_gained(chunk);
    }
  }

  std::mt19937_64 random_;
  Time now_{};
  std::vector<Peer> peers_; // the first is the seeder
};

void run(Swarm& swarm, std::size_t limit) {
  while (!swarm.complete() && swarm.turns < limit) {
    swarm.advance();
    if (swarm.turns % 50 == 0) swarm.check();
  }
  EXPECT_TRUE(swarm.complete());
  swarm.check();
}

// The seeder alone needs 100 turns to send every chunk once; at best, all have them soon after.
TEST(ToySwarm, FiftyPeersGetEverything) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Swarm swarm(50, 6, seed);
    run(swarm, 1000);
    EXPECT_LT(swarm.turns, 275U) << seed;
  }
}

TEST(ToySwarm, TheRestGetsEverythingWhenSomeLeave) {
  Swarm swarm(50, 6, 9);
  while (swarm.turns < 60) swarm.advance();
  for (std::size_t gone = 5; gone <= 50; gone += 5) swarm.leave(gone);
  swarm.check();
  run(swarm, 1000);
  EXPECT_LT(swarm.turns, 275U);
}

TEST(ToySwarm, ThoseWhoTakeRequestsAndAnswerNoneHoldUpNobodyForLong) {
  Swarm swarm(50, 6, 11);
  while (swarm.turns < 60) swarm.advance();
  for (std::size_t peer = 3; peer <= 50; peer += 9) swarm.silence(peer);
  run(swarm, 1000);
  EXPECT_LT(swarm.turns, 275U);
}

// All want the same chunks at the same time, so that there is less to give each other.
TEST(ToySwarm, GetsEverythingInOrderToo) {
  Swarm swarm(20, 5, 17, Order::in_order);
  run(swarm, 2000);
}

// A content that nobody has whole, but all together.
TEST(ToySwarm, LivesOnWithoutItsSeederOnceItHasSentAll) {
  Swarm swarm(20, 5, 13);
  while (swarm.turns < 160) swarm.advance();
  swarm.leave(0);
  run(swarm, 1000);
}

} // namespace
} // namespace p2pd::swarm
