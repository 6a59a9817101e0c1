#include "daemon/swarm/neighbours.hpp"

#include <algorithm>

namespace p2pd::swarm {

namespace {

constexpr unsigned turns_of_chance = 6;

} // namespace

void Neighbours::heard(const PeerId& id, bool far) {
  const auto [at, is_new] = peers_.try_emplace(id);
  if (!is_new) return;
  at->second.far = far;
  await(at->second, id);
}

void Neighbours::forget(const PeerId& id) {
  const auto found = peers_.find(id);
  if (found == peers_.end()) return;
  leave(found->second, id);
  peers_.erase(found);
}

bool Neighbours::has_room() const {
  return partial_ + tries_.size() < wanted && whole_ + tries_.size() < most_whole;
}

std::optional<PeerId> Neighbours::next(Time now) {
  wake(now);
  while (!tries_.empty() && now - tries_.front().first >= patience) tries_.pop_front();
  if ((waiting_.empty() && waiting_far_.empty()) || !has_room()) return std::nullopt;
  const bool far = !waiting_far_.empty() && (waiting_.empty() || far_ < wanted_far);
  const std::vector<PeerId>& all = far ? waiting_far_ : waiting_;
  const PeerId id = all[random_() % all.size()];
  Peer& peer = peers_.at(id);
  leave(peer, id);
  peer.state = State::tried;
  far_ += peer.far;
  tries_.emplace_back(now, id);
  return id;
}

bool Neighbours::welcome(const PeerId& id) const {
  const auto found = peers_.find(id);
  if (found == peers_.end() || found->second.dismissed) return false;
  return found->second.state != State::neighbour && partial_ < most && whole_ < most_whole;
}

void Neighbours::joined(const PeerId& id, Time now) {
  heard(id);
  Peer& peer = peers_.at(id);
  if (peer.state == State::neighbour) return;
  leave(peer, id);
  peer.state = State::neighbour;
  far_ += peer.far;
  peer.since = now;
  peer.whole = false;
  peer.counted = 0;
  ++partial_;
}

void Neighbours::whole(const PeerId& id) {
  if (const auto found = peers_.find(id); found != peers_.end()) set_whole(found->second, true);
}

void Neighbours::set_whole(Peer& peer, bool whole) {
  if (peer.state != State::neighbour || peer.whole == whole) return;
  --(peer.whole ? whole_ : partial_);
  ++(whole ? whole_ : partial_);
  peer.whole = whole;
}

void Neighbours::failed(const PeerId& id, Time now) {
  const auto found = peers_.find(id);
  if (found == peers_.end() || found->second.state == State::resting) return;
  leave(found->second, id);
  rest_until(found->second, id, now + rest);
}

void Neighbours::retry(const PeerId& id) {
  const auto found = peers_.find(id);
  if (found == peers_.end()) return;
  Peer& peer = found->second;
  if (peer.state != State::resting || peer.dismissed) return;
  leave(peer, id);
  await(peer, id);
}

bool Neighbours::is_tried(const PeerId& id) const {
  const auto found = peers_.find(id);
  if (found == peers_.end()) return false;
  const Peer& peer = found->second;
  return peer.state == State::tried || (peer.state == State::resting && !peer.dismissed);
}

void Neighbours::leave(Peer& peer, const PeerId& id) {
  switch (peer.state) {
  case State::waiting: {
    std::vector<PeerId>& all = waiting(peer);
    peers_.at(all.back()).position = peer.position;
    all[peer.position] = all.back();
    all.pop_back();
    break;
  }
  case State::tried:
    std::erase_if(tries_, [&](const auto& each) { return each.second == id; });
    far_ -= peer.far;
    break;
  case State::neighbour:
    --(peer.whole ? whole_ : partial_);
    far_ -= peer.far;
    break;
  case State::resting:
    resting_.erase(peer.rests);
    peer.dismissed = false;
    break;
  }
}

void Neighbours::await(Peer& peer, const PeerId& id) {
  peer.state = State::waiting;
  peer.position = waiting(peer).size();
  waiting(peer).push_back(id);
}

void Neighbours::rest_until(Peer& peer, const PeerId& id, Time until) {
  peer.state = State::resting;
  peer.rests = resting_.emplace(until, id);
}

void Neighbours::wake(Time now) {
  while (!resting_.empty() && resting_.begin()->first <= now) {
    const PeerId id = resting_.begin()->second;
    Peer& peer = peers_.at(id);
    leave(peer, id);
    await(peer, id);
  }
}

bool Neighbours::due(Time now) const {
  const bool others = !waiting_.empty() || !waiting_far_.empty() ||
                      (!resting_.empty() && resting_.begin()->first <= now);
  return others && now - turned_ >= turn && (partial_ >= wanted || whole_ >= most_whole);
}

std::optional<PeerId> Neighbours::let_go(std::span<const Use> all, Time now) {
  for (const Use& use : all)
    if (const auto found = peers_.find(use.id); found != peers_.end())
      set_whole(found->second, use.whole);
  if (!due(now)) return std::nullopt;
  turned_ = now;
  const auto least = least_useful(all, ++turns_ % turns_of_chance == 0, now);
  for (const Use& use : all)
    if (const auto found = peers_.find(use.id); found != peers_.end())
      found->second.counted = use.given;
  if (!least) return std::nullopt;
  Peer& peer = peers_.at(*least);
  leave(peer, *least);
  rest_until(peer, *least, now + rest_of_let_go);
  peer.dismissed = true;
  return least;
}

std::optional<PeerId> Neighbours::least_useful(std::span<const Use> all, bool by_chance,
                                               Time now) const {
  std::uint64_t sum = 0;
  std::uint64_t least = 0;
  std::optional<PeerId> found;
  for (const Use& use : all) {
    const auto at = peers_.find(use.id);
    if (at == peers_.end() || at->second.state != State::neighbour) continue;
    const Peer& peer = at->second;
    const std::uint64_t given = use.given - std::min(use.given, peer.counted);
    sum += given;
    const bool crowded = use.whole ? whole_ >= most_whole : partial_ >= wanted;
    if (!crowded || use.busy || use.sole || now - peer.since < turn) continue;
    if (found && given >= least) continue;
    found = use.id;
    least = given;
  }
  return by_chance || 2 * least * all.size() <= sum ? found : std::nullopt;
}

} // namespace p2pd::swarm
