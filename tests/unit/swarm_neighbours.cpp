// Whom a fetch links with: the bounds, who makes way, and that the graph of all stays in one piece.

#include "daemon/swarm/neighbours.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace p2pd::swarm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time start{std::chrono::hours(1)};

PeerId peer(std::size_t number) {
  PeerId id{};
  id.bytes[0] = static_cast<std::uint8_t>(number);
  id.bytes[1] = static_cast<std::uint8_t>(number >> 8);
  return id;
}

std::size_t number(const PeerId& id) {
  return id.bytes[0] + (std::size_t{id.bytes[1]} << 8);
}

void hear(Neighbours& neighbours, std::size_t count, std::size_t first = 0) {
  for (std::size_t i = first; i < first + count; ++i) neighbours.heard(peer(i));
}

std::vector<PeerId> take(Neighbours& neighbours, Time now) {
  std::vector<PeerId> taken;
  while (const auto id = neighbours.next(now)) {
    neighbours.joined(*id, now);
    taken.push_back(*id);
  }
  return taken;
}

std::vector<Neighbours::Use> uses(const std::vector<PeerId>& ids) {
  std::vector<Neighbours::Use> all;
  for (const PeerId& id : ids) all.push_back({.id = id});
  return all;
}

TEST(Neighbours, AreAsManyAsAreWantedOfThousands) {
  Neighbours neighbours(1);
  hear(neighbours, 3000);
  EXPECT_EQ(take(neighbours, start).size(), Neighbours::wanted);
  EXPECT_FALSE(neighbours.hungry());
}

TEST(Neighbours, AreAllWhereThereAreFew) {
  Neighbours neighbours(1);
  hear(neighbours, 3);
  EXPECT_EQ(take(neighbours, start).size(), 3U);
  EXPECT_TRUE(neighbours.hungry());
}

TEST(Neighbours, WholeOnesAreBoundLoosely) {
  Neighbours neighbours(1);
  hear(neighbours, 3000);
  std::vector<Neighbours::Use> all;
  for (int round = 0; round < 10; ++round) {
    for (const PeerId& id : take(neighbours, start)) all.push_back({.id = id, .whole = true});
    neighbours.let_go(all, start);
  }
  EXPECT_GE(all.size(), Neighbours::most_whole);
  EXPECT_LT(all.size(), Neighbours::most_whole + Neighbours::wanted);
}

TEST(Neighbours, TakeThoseWhoComeByThemselvesUntilTheyAreMany) {
  Neighbours neighbours(1);
  hear(neighbours, 100);
  std::size_t count = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    if (!neighbours.welcome(peer(i))) continue;
    neighbours.joined(peer(i), start);
    ++count;
  }
  EXPECT_EQ(count, Neighbours::most);
  EXPECT_FALSE(neighbours.welcome(peer(5000))) << "nobody has told of it";
}

TEST(Neighbours, WhoDoesNotAnswerHoldsUpNobodyForLong) {
  Neighbours neighbours(1);
  hear(neighbours, 30);
  std::size_t tried = 0;
  while (neighbours.next(start)) ++tried;
  EXPECT_EQ(tried, Neighbours::wanted);
  EXPECT_TRUE(neighbours.trying());
  EXPECT_FALSE(neighbours.next(start + Neighbours::patience - milliseconds(1)));
  while (neighbours.next(start + Neighbours::patience)) ++tried;
  while (neighbours.next(start + 2 * Neighbours::patience)) ++tried;
  EXPECT_EQ(tried, 30U);
}

TEST(Neighbours, WhoHasFailedIsTriedAgainAfterARest) {
  Neighbours neighbours(1);
  hear(neighbours, 1);
  ASSERT_TRUE(neighbours.next(start));
  neighbours.failed(peer(0), start);
  hear(neighbours, 1);
  EXPECT_TRUE(neighbours.is_tried(peer(0)));
  EXPECT_FALSE(neighbours.next(start + Neighbours::rest - milliseconds(1)));
  EXPECT_TRUE(neighbours.next(start + Neighbours::rest));
  neighbours.failed(peer(0), start + seconds(4));
  neighbours.retry(peer(0));
  EXPECT_TRUE(neighbours.next(start + seconds(4)));
  neighbours.failed(peer(0), start + seconds(5));
  EXPECT_TRUE(neighbours.welcome(peer(0))) << "where it comes by itself";
}

TEST(Neighbours, TheLeastUsefulMakesWayOnceATurn) {
  Neighbours neighbours(1);
  hear(neighbours, 100);
  std::vector<Neighbours::Use> all = uses(take(neighbours, start));
  for (Neighbours::Use& use : all) use.given = 1000;
  all[3].given = 10;
  const Time later = start + Neighbours::turn;
  EXPECT_EQ(neighbours.let_go(all, later), all[3].id);
  EXPECT_FALSE(neighbours.welcome(all[3].id));
  EXPECT_EQ(neighbours.size(), Neighbours::wanted - 1);
  const auto next = neighbours.next(later);
  ASSERT_TRUE(next);
  EXPECT_NE(*next, all[3].id);
  neighbours.joined(*next, later);
  all[3] = {.id = *next};
  EXPECT_FALSE(neighbours.let_go(all, later + seconds(1)));
}

TEST(Neighbours, NobodyMakesWayWhoIsNeededOrNew) {
  const Time later = start + Neighbours::turn;
  for (int reason = 0; reason < 4; ++reason) {
    Neighbours neighbours(1);
    hear(neighbours, reason == 3 ? Neighbours::wanted : 100);
    std::vector<Neighbours::Use> all =
        uses(take(neighbours, reason == 2 ? later - seconds(1) : start));
    for (Neighbours::Use& use : all) {
      use.given = &use == &all[3] ? 10 : 1000;
      use.busy = reason == 0;
      use.sole = reason == 1;
    }
    EXPECT_FALSE(neighbours.let_go(all, later)) << reason;
  }
}

TEST(Neighbours, NobodyMakesWayWhereAllGiveTheSame) {
  Neighbours neighbours(1);
  hear(neighbours, 100);
  std::vector<Neighbours::Use> all = uses(take(neighbours, start));
  for (Neighbours::Use& use : all) use.given = 1000;
  EXPECT_FALSE(neighbours.let_go(all, start + Neighbours::turn));
}

TEST(Neighbours, ForgetThoseWhoAreForgottenInAnyState) {
  Neighbours neighbours(1);
  hear(neighbours, 40);
  const std::vector<PeerId> taken = take(neighbours, start);
  neighbours.failed(taken[0], start);
  for (std::size_t i = 0; i < 40; ++i) neighbours.forget(peer(i));
  EXPECT_EQ(neighbours.size(), 0U);
  EXPECT_FALSE(neighbours.next(start + seconds(100)));
}

// A thousand nodes, each of which hears of a few at a time by chance, as trackers name them.
class Graph {
 public:
  explicit Graph(std::uint64_t seed) : random_(seed) {
    for (std::size_t i = 0; i < size; ++i) nodes_.emplace_back(random_());
  }
  static constexpr std::size_t size = 1000;

  // Every node hears of some, and links.
  void round() {
    now_ += seconds(3);
    for (std::size_t i = 0; i < size; ++i) {
      if (gone_.contains(i)) continue;
      for (int n = 0; n < 50; ++n) hear(i, random_() % size);
      while (const auto id = nodes_[i].next(now_)) link(i, number(*id));
    }
  }
  void leave(std::size_t node) {
    gone_.insert(node);
    for (const std::size_t other : std::exchange(links_[node], {})) {
      links_[other].erase(node);
      nodes_[other].failed(peer(node), now_);
    }
  }
  void come_back(std::size_t node) {
    gone_.erase(node);
    nodes_[node] = Neighbours(random_());
  }
  // Half of the nodes see nothing of the others from now on.
  void part() {
    apart_ = true;
    for (std::size_t i = 0; i < size; ++i)
      for (const std::size_t other : std::set(links_[i]))
        if (i % 2 != other % 2) {
          links_[i].erase(other);
          links_[other].erase(i);
          nodes_[i].failed(peer(other), now_);
          nodes_[other].failed(peer(i), now_);
        }
  }
  void rejoin() { apart_ = false; }
  // All give the same, for so long.
  void advance(Duration time) {
    for (const Time end = now_ + time; now_ < end; now_ += seconds(1)) {
      for (std::size_t i = 0; i < size; ++i) {
        std::vector<Neighbours::Use> all;
        for (const std::size_t other : links_[i])
          all.push_back({.id = peer(other), .given = given_});
        if (const auto id = nodes_[i].let_go(all, now_)) {
          links_[i].erase(number(*id));
          links_[number(*id)].erase(i);
          nodes_[number(*id)].failed(peer(i), now_);
        }
      }
      given_ += 1000;
    }
    round();
  }
  std::size_t pieces() {
    std::set<std::size_t> unseen;
    for (std::size_t i = 0; i < size; ++i)
      if (!gone_.contains(i)) unseen.insert(i);
    std::size_t pieces = 0;
    for (; !unseen.empty(); ++pieces) {
      std::vector<std::size_t> edge{*unseen.begin()};
      unseen.erase(unseen.begin());
      while (!edge.empty()) {
        const std::size_t at = edge.back();
        edge.pop_back();
        for (const std::size_t other : links_[at])
          if (unseen.erase(other) > 0) edge.push_back(other);
      }
    }
    return pieces;
  }
  std::size_t most_links() const {
    std::size_t most = 0;
    for (const auto& [node, links] : links_) most = std::max(most, links.size());
    return most;
  }
  std::uint64_t chance() { return random_(); }

 private:
  void hear(std::size_t node, std::size_t of) {
    if (node != of) nodes_[node].heard(peer(of));
  }
  // As Sources does it: both take each other, or only the one that looked.
  void link(std::size_t from, std::size_t to) {
    if (gone_.contains(to) || (apart_ && from % 2 != to % 2))
      return nodes_[from].failed(peer(to), now_);
    nodes_[from].joined(peer(to), now_);
    links_[from].insert(to);
    links_[to].insert(from);
    nodes_[to].heard(peer(from));
    if (nodes_[to].welcome(peer(from))) nodes_[to].joined(peer(from), now_);
  }

  std::mt19937_64 random_;
  Time now_ = start;
  bool apart_ = false;
  std::uint64_t given_ = 0;
  std::vector<Neighbours> nodes_;
  std::set<std::size_t> gone_;
  std::map<std::size_t, std::set<std::size_t>> links_;
};

TEST(Neighbours, AreThoseOfItsOwnSiteAndAFewOthers) {
  Neighbours neighbours(1);
  for (std::size_t i = 0; i < 40; ++i) neighbours.heard(peer(i), i % 2 == 1);
  const auto taken = take(neighbours, start);
  ASSERT_EQ(taken.size(), Neighbours::wanted);
  const auto far =
      std::ranges::count_if(taken, [](const PeerId& id) { return number(id) % 2 == 1; });
  EXPECT_EQ(far, static_cast<std::ptrdiff_t>(Neighbours::wanted_far));
  for (const PeerId& id : taken)
    if (number(id) % 2 == 1) neighbours.failed(id, start);
  const auto more = take(neighbours, start);
  ASSERT_EQ(more.size(), Neighbours::wanted_far);
  for (const PeerId& id : more) EXPECT_EQ(number(id) % 2, 1U) << "another far one in its place";
}

TEST(Neighbours, AreOfOtherSitesWhereTheirOwnHasNoMore) {
  Neighbours neighbours(1);
  for (std::size_t i = 0; i < 40; ++i) neighbours.heard(peer(i), i > 1);
  EXPECT_EQ(take(neighbours, start).size(), Neighbours::wanted);
}

TEST(NeighbourGraph, IsInOnePieceAndNobodyHasMany) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Graph graph(seed);
    graph.round();
    EXPECT_EQ(graph.pieces(), 1U) << seed;
    EXPECT_LE(graph.most_links(), 40U) << seed;
  }
}

TEST(NeighbourGraph, StaysInOnePieceWhileATenthComesAndGoes) {
  Graph graph(5);
  graph.round();
  for (int round = 0; round < 10; ++round) {
    std::vector<std::size_t> gone;
    for (std::size_t i = 0; i < Graph::size / 10; ++i) gone.push_back(graph.chance() % Graph::size);
    for (const std::size_t node : gone) graph.leave(node);
    EXPECT_EQ(graph.pieces(), 1U) << round;
    graph.round();
    for (const std::size_t node : gone) graph.come_back(node);
    graph.round();
    EXPECT_EQ(graph.pieces(), 1U) << round;
  }
}

// Though nobody lacks neighbours.
TEST(NeighbourGraph, GrowsTogetherAgainAfterAPartition) {
  Graph graph(7);
  graph.round();
  graph.part();
  graph.round();
  graph.round();
  EXPECT_EQ(graph.pieces(), 2U);
  graph.rejoin();
  graph.advance(7 * Neighbours::turn);
  EXPECT_EQ(graph.pieces(), 1U);
}

} // namespace
} // namespace p2pd::swarm
