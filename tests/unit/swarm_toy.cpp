#include "tests/unit/swarm_toy.hpp"

#include <gtest/gtest.h>

namespace p2pd::swarm {

namespace {

constexpr std::size_t race_period = 5; // turns

bool is_asked(const auto& link, ChunkIndex chunk) {
  return std::ranges::any_of(link.asked,
                             [&](const auto& pending) { return pending.chunk == chunk; });
}

bool is_asked_of_any(const auto& links, ChunkIndex chunk) {
  return std::ranges::any_of(links,
                             [&](const auto& entry) { return is_asked(entry.second, chunk); });
}

void drop(auto& peer, const auto& which) {
  std::erase_if(peer.requests, which);
  if (peer.serving && which(*peer.serving)) peer.serving.reset();
}

bool is_raced(const auto& links, ChunkIndex chunk) {
  return std::ranges::any_of(links,
                             [&](const auto& entry) { return entry.second.racing == chunk; });
}

std::uint64_t queued(const auto& link) {
  std::uint64_t bytes = 0;
  for (const auto& pending : link.asked) bytes += ToySwarm::chunk_size - pending.received;
  return bytes;
}

} // namespace

ToySwarm::Peer::Peer(bool seeder, Order order, std::uint64_t seed)
    : have(chunks, seeder), picker(ChunkSet(chunks, true), order, seed), copies(chunks) {
  for (std::uint32_t i = 0; seeder && i < chunks; ++i) picker.got(ChunkIndex{i});
}

ToySwarm::ToySwarm(std::size_t leechers, std::size_t neighbours, std::uint64_t seed, Order order)
    : random_(seed) {
  for (std::size_t i = 0; i <= leechers; ++i) peers_.emplace_back(i == 0, order, random_());
  for (std::size_t i = 1; i < peers_.size(); ++i) {
    connect(i, i - 1); // nobody stands alone
    while (peers_[i].links.size() < std::min(neighbours, i)) connect(i, random_() % i);
  }
}

void ToySwarm::connect(std::size_t a, std::size_t b) {
  if (!peers_[a].links.try_emplace(b).second) return;
  peers_[b].links.try_emplace(a);
  if (!peers_[a].have.full()) peers_[b].picker.add_source(peers_[a].have);
  if (!peers_[b].have.full()) peers_[a].picker.add_source(peers_[b].have);
}

void ToySwarm::leave(std::size_t gone) {
  peers_[gone].here = false;
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    if (!peers_[i].links.contains(gone)) continue;
    forget(i, gone);
    forget(gone, i);
  }
}

// What was asked for over the link is open again.
void ToySwarm::forget(std::size_t one, std::size_t other) {
  Peer& peer = peers_[one];
  const Link link = std::move(peer.links.at(other));
  peer.links.erase(other);
  for (const Pending& pending : link.asked)
    if (!is_asked_of_any(peer.links, pending.chunk)) peer.picker.put_back(pending.chunk);
  if (other != 0) peer.picker.remove_source(peers_[other].have);
  drop(peer, [&](const Request& request) { return request.first == other; });
}

void ToySwarm::advance() {
  ++turns_;
  for (std::size_t i = 0; i < peers_.size(); ++i)
    if (peers_[i].here) ask(i);
  for (std::size_t i = 0; i < peers_.size() && turns_ % race_period == 0; ++i)
    for (const auto& [other, link] : peers_[i].links)
      while (run_race(i, other)) continue;
  now_ += turn;
  for (Peer& peer : peers_)
    for (auto& [other, link] : peer.links) link.pipeline.waited(turn);
  for (std::size_t i = 0; i < peers_.size(); ++i)
    if (peers_[i].here) serve(i);
}

// Round after round one request to each that has room, as peer::Download does it.
void ToySwarm::ask(std::size_t i) {
  for (bool asked = true; asked;) {
    asked = false;
    for (auto& [other, link] : peers_[i].links) {
      if (!link.pipeline.room() || link.resting_until > now_) continue;
      const auto chunk = peers_[i].picker.pick(peers_[other].have, other != 0);
      if (!chunk) continue;
      request(i, other, *chunk);
      asked = true;
    }
  }
}

void ToySwarm::request(std::size_t from, std::size_t to, ChunkIndex chunk) {
  Link& link = peers_[from].links.at(to);
  link.pipeline.asked(now_);
  link.asked.push_back({chunk});
  peers_[to].requests.emplace_back(from, chunk);
}

void ToySwarm::cancel(std::size_t from, std::size_t to, ChunkIndex chunk) {
  Link& link = peers_[from].links.at(to);
  link.pipeline.ended(now_);
  std::erase_if(link.asked, [&](const Pending& pending) { return pending.chunk == chunk; });
  drop(peers_[to], [&](const Request& request) { return request == Request(from, chunk); });
}

// As peer::Download does it, too. True: there may be more for it to take over.
bool ToySwarm::run_race(std::size_t i, std::size_t idle) {
  Peer& peer = peers_[i];
  Link& link = peer.links.at(idle);
  if (!link.pipeline.room() || link.resting_until > now_ || link.racing || link.pipeline.quiet())
    return false;
  const auto rival = slowest_for(peer, idle, peers_[idle].have);
  if (!rival) return false;
  const ChunkIndex chunk = rival->pending.chunk;
  Link& slow = peer.links.at(rival->source);
  const bool stalled = slow.pipeline.stalled();
  const Race verdict = judge({.there = rival->time,
                              .begun = rival->pending.received > 0,
                              .withdrawn = rival->pending.withdrawn,
                              .stalled = stalled},
                             link.pipeline.expected(queued(link) + chunk_size));
  if (verdict == Race::leave) return false;
  if (slow.pipeline.quiet() && (stalled || slow.resting_until <= now_))
    slow.resting_until = now_ + rest_after(slow.quiet++, stalled);
  if (verdict == Race::withdraw && peers_[rival->source].upload == 0) {
    std::ranges::find(slow.asked, chunk, &Pending::chunk)->withdrawn = true;
    return true;
  }
  if (verdict == Race::run)
    link.racing = chunk;
  else
    cancel(i, rival->source, chunk);
  request(i, idle, chunk);
  return verdict != Race::run;
}

std::optional<ToySwarm::Rival> ToySwarm::slowest_for(const Peer& peer, std::size_t idle,
                                                     const ChunkSet& has) {
  std::optional<Rival> slowest;
  for (const auto& [other, link] : peer.links) {
    if (other == idle) continue;
    std::uint64_t ahead = 0;
    for (const Pending& pending : link.asked) {
      ahead += chunk_size - pending.received;
      if (!has.has(pending.chunk) || is_raced(peer.links, pending.chunk)) continue;
      if (pending.withdrawn && !link.pipeline.stalled()) continue;
      const Duration time = link.pipeline.expected(ahead);
      if (!slowest || time > slowest->time) slowest = Rival{other, pending, time};
    }
  }
  return slowest;
}

void ToySwarm::serve(std::size_t i) {
  Peer& peer = peers_[i];
  for (std::size_t n = 0; n < peer.upload && !peer.requests.empty(); ++n) {
    if (!peer.serving) begin_next(i);
    const auto [to, chunk] = *peer.serving;
    ++peer.sent;
    receive(to, i, chunk);
  }
}

void ToySwarm::begin_next(std::size_t i) {
  Peer& peer = peers_[i];
  std::vector<Wish> wishes;
  for (const auto& [to, chunk] : peer.requests)
    wishes.push_back(
        {.clock = peer.links.at(to).clock, .copies = peer.copies[number(chunk)], .ready = true});
  peer.serving = peer.requests[next_turn(wishes, {1, 1}).value()];
  const auto [to, chunk] = *peer.serving;
  ++peer.copies[number(chunk)];
  Link& link = peer.links.at(to);
  link.clock += charge(chunk_size, link.given, peers_[to].links.at(i).given);
}

void ToySwarm::receive(std::size_t i, std::size_t from, ChunkIndex chunk) {
  peers_[from].links.at(i).given += segment;
  Link& link = peers_[i].links.at(from);
  const auto pending = std::ranges::find(link.asked, chunk, &Pending::chunk);
  pending->received += segment;
  link.pipeline.measured(turn);
  link.pipeline.received(segment, now_);
  if (std::exchange(link.quiet, 0) > 0) link.resting_until = {};
  if (pending->received < chunk_size) return;
  for (auto& [other, each] : peers_[i].links) {
    if (each.racing == chunk) each.racing.reset();
    if (is_asked(each, chunk)) cancel(i, other, chunk);
  }
  peers_[i].picker.got(chunk);
  ASSERT_TRUE(peers_[i].have.add(chunk));
  useful_ += chunk_size / segment;
  for (const auto& [other, back] : peers_[i].links) peers_[other].picker.source_gained(chunk);
}

bool ToySwarm::complete() const {
  return std::ranges::all_of(peers_,
                             [](const Peer& peer) { return !peer.here || peer.have.full(); });
}

bool ToySwarm::seeder_is_needed() const {
  ChunkSet elsewhere(chunks);
  for (std::size_t i = 1; i < peers_.size(); ++i)
    for (std::uint32_t chunk = 0; chunk < chunks; ++chunk)
      if (peers_[i].have.has(ChunkIndex{chunk})) elsewhere.add(ChunkIndex{chunk});
  return !elsewhere.full();
}

double ToySwarm::seeded() const {
  return static_cast<double>(peers_[0].sent) / (chunks * chunk_size / segment);
}

double ToySwarm::wasted() const {
  std::uint64_t sent = 0;
  for (const Peer& peer : peers_) sent += peer.sent;
  return 1 - static_cast<double>(useful_) / static_cast<double>(sent);
}

void ToySwarm::check() const {
  for (const Peer& peer : peers_) {
    if (!peer.here) continue;
    EXPECT_EQ(peer.picker.missing(), chunks - peer.have.count());
    std::uint32_t taken = 0;
    for (std::uint32_t i = 0; i < chunks; ++i) {
      taken += peer.picker.is_taken(ChunkIndex{i}) ? 1 : 0;
      EXPECT_EQ(peer.picker.is_taken(ChunkIndex{i}), is_asked_of_any(peer.links, ChunkIndex{i}));
    }
    EXPECT_EQ(taken, peer.picker.missing() - peer.picker.open());
    for (const auto& [other, link] : peer.links)
      EXPECT_EQ(link.pipeline.in_flight(), link.asked.size());
  }
}

} // namespace p2pd::swarm
