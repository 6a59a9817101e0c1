// The server against one that remembers nothing that it could find out: whatever happens, both name
// the same turn and the same moment to look again.

#include "daemon/swarm/server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace p2pd::swarm {
namespace {

constexpr std::uint32_t served_chunks = 12;
constexpr std::uint32_t served_size = 512 * 1024;
constexpr std::size_t served_slots = 5;

class Naive {
 public:
  struct Request {
    std::uint64_t ticket;
    std::uint32_t chunk;
    Time due;
    bool first;
  };
  struct Peer {
    std::vector<Request> waiting, sending;
    std::uint64_t clock = 0;
  };
  struct Hold {
    Time begun, until;
  };

  std::map<Taker, Peer> peers;
  std::map<std::uint32_t, std::uint32_t> sent;
  std::map<std::uint32_t, Hold> holds;

  bool ask(Taker taker, const Request& request) {
    if (request.first && sent[request.chunk] > 0) return false;
    Peer& peer = peers[taker];
    if (peer.waiting.empty() && peer.sending.empty()) {
      std::optional<std::uint64_t> least;
      for (const auto& [id, other] : peers)
        if (!other.waiting.empty() || !other.sending.empty())
          least = std::min(least.value_or(other.clock), other.clock);
      if (least && *least > most_ahead) peer.clock = std::max(peer.clock, *least - most_ahead - 1);
    }
    peer.waiting.push_back(request);
    return true;
  }
  Time earliest(const Request& request) {
    return sent[request.chunk] == 0 ? request.due
                                    : std::max(request.due, holds[request.chunk].until);
  }
  const Request* best(const Peer& peer, Time now) {
    const Request* found = nullptr;
    for (const Request& each : peer.waiting)
      if (earliest(each) <= now && (found == nullptr || sent[each.chunk] < sent[found->chunk]))
        found = &each;
    return found;
  }
  std::optional<std::pair<Taker, std::uint64_t>> next(Time now) {
    std::vector<Wish> wishes;
    std::vector<std::pair<Taker, std::uint64_t>> turns;
    std::size_t busy = 0;
    for (const auto& [taker, peer] : peers) {
      busy += !peer.sending.empty();
      if (peer.waiting.empty()) continue;
      const Request* const request = peer.sending.size() < 2 ? best(peer, now) : nullptr;
      wishes.push_back({.clock = peer.clock,
                        .copies = request == nullptr ? 0 : sent[request->chunk],
                        .ready = request != nullptr,
                        .slot = !peer.sending.empty()});
      turns.emplace_back(taker, request == nullptr ? 0 : request->ticket);
    }
    const auto at = next_turn(wishes, free_slots(served_slots, busy, 0));
    if (at) return turns[*at];
    return busy == 0 ? next_held(now) : std::nullopt;
  }
  std::optional<std::pair<Taker, std::uint64_t>> next_held(Time now) {
    std::optional<std::pair<Taker, std::uint64_t>> found;
    Time first = Time::max();
    for (const auto& [taker, peer] : peers)
      for (const Request& each : peer.waiting) {
        const Time until = earliest(each);
        if (!peer.sending.empty() || each.due > now || until <= now || until >= first) continue;
        first = until;
        found = {taker, each.ticket};
      }
    return found;
  }
  void begin(Taker taker, std::uint64_t ticket, Time now) {
    Peer& peer = peers[taker];
    const auto at = std::ranges::find(peer.waiting, ticket, &Request::ticket);
    ++sent[at->chunk];
    holds[at->chunk] = {now, now + std::chrono::seconds(3)};
    peer.clock += served_size;
    peer.sending.push_back(*at);
    peer.waiting.erase(at);
    for (auto& [id, other] : peers)
      std::erase_if(other.waiting, [&](const Request& each) {
        return each.first && each.chunk == peer.sending.back().chunk;
      });
  }
  void end(const Request& request, bool whole, Time now) {
    Hold& hold = holds[request.chunk];
    if (hold.until <= now) return;
    const Duration after = std::min<Duration>(2 * (now - hold.begun), std::chrono::seconds(2));
    hold.until = whole ? now + after : now;
  }
};

class Both {
 public:
  explicit Both(std::uint64_t seed) : random_(seed) {
    server_.set_slots(served_slots);
    for (int i = 0; i < 4; ++i) enter();
  }

  void step() {
    now_ += std::chrono::milliseconds(random_() % 400);
    switch (random_() % 8) {
    case 0:
    case 1:
    case 2:
      return ask();
    case 3:
      return cancel();
    case 4:
    case 5:
      return end();
    case 6:
      return put_back();
    default:
      return random_() % 8 == 0 ? leave() : enter();
    }
  }

  void compare() {
    for (;;) {
      const auto wanted = naive_.next(now_);
      const auto turn = server_.next(now_);
      ASSERT_EQ(turn.has_value(), wanted.has_value());
      if (!turn) break;
      ASSERT_EQ(turn->taker, wanted->first);
      ASSERT_EQ(turn->ticket, wanted->second);
      naive_.begin(turn->taker, turn->ticket, now_);
      server_.begin(*turn, 0, 0, now_);
    }
    std::optional<Time> again;
    for (const auto& [taker, peer] : naive_.peers)
      for (const auto& each : peer.waiting)
        if (const Time due = naive_.earliest(each); peer.sending.size() < 2 && due > now_) {
          const Time next = each.due > now_ ? each.due : due;
          again = std::min(again.value_or(next), next);
        }
    ASSERT_EQ(server_.again(), again);
  }

 private:
  Naive::Peer& any(Taker& taker) {
    auto at = naive_.peers.begin();
    std::advance(at, random_() % naive_.peers.size());
    taker = at->first;
    return at->second;
  }
  void enter() {
    if (naive_.peers.size() < 9) naive_.peers[server_.enter(std::to_string(addresses_++))];
  }
  void leave() {
    if (naive_.peers.size() < 3) return;
    Taker taker{};
    const Naive::Peer gone = any(taker);
    naive_.peers.erase(taker);
    for (const auto& each : gone.sending) naive_.end(each, false, now_);
    server_.leave(taker, now_);
  }
  void ask() {
    Taker taker{};
    any(taker);
    const auto chunk = static_cast<std::uint32_t>(random_() % served_chunks);
    const Time due = now_ + std::chrono::milliseconds(random_() % 4 == 0 ? 100 : 0);
    const Copy wanted = random_() % 3 == 0 ? Copy::first : Copy::any;
    const bool waits = naive_.ask(taker, {++tickets_, chunk, due, wanted == Copy::first});
    const auto answer =
        server_.ask(taker, {tickets_, served_size, due, ChunkIndex{chunk}, copies_, wanted});
    EXPECT_EQ(answer, waits ? Server::Answer::waits : Server::Answer::elsewhere);
  }
  void cancel() {
    Taker taker{};
    Naive::Peer& peer = any(taker);
    if (peer.waiting.empty()) return;
    const auto at =
        peer.waiting.begin() + static_cast<std::ptrdiff_t>(random_() % peer.waiting.size());
    EXPECT_TRUE(server_.cancel(taker, at->ticket));
    peer.waiting.erase(at);
  }
  void end() {
    Taker taker{};
    Naive::Peer& peer = any(taker);
    if (peer.sending.empty()) return;
    const bool whole = random_() % 4 != 0;
    naive_.end(peer.sending.front(), whole, now_);
    server_.end(taker, peer.sending.front().ticket, whole, now_);
    peer.sending.erase(peer.sending.begin());
  }
  void put_back() {
    Taker taker{};
    Naive::Peer& peer = any(taker);
    if (peer.sending.size() < 2) return;
    naive_.end(peer.sending.back(), false, now_);
    server_.put_back(taker, peer.sending.back().ticket, now_);
    peer.waiting.insert(peer.waiting.begin(), peer.sending.back());
    peer.sending.pop_back();
  }

  std::mt19937_64 random_;
  Time now_ = Time() + std::chrono::hours(1);
  Naive naive_;
  Server server_{std::size_t{1} << 40};
  std::shared_ptr<Copies> copies_ = std::make_shared<Copies>(served_chunks);
  std::uint64_t tickets_ = 0;
  unsigned addresses_ = 0;
};

TEST(ServerModel, NamesTheTurnsThatANaiveOneNames) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Both both(seed);
    for (int i = 0; i < 2000; ++i) {
      both.step();
      ASSERT_NO_FATAL_FAILURE(both.compare()) << "seed " << seed << ", step " << i;
    }
  }
}

} // namespace
} // namespace p2pd::swarm
