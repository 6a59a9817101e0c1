#include "tests/sim/world.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace p2pd::sim {

namespace {

constexpr std::size_t most_lingering = 64 << 20;            // a quarter of the buffers of a machine
constexpr std::uint64_t locate_every = 3;                   // seconds, as transfer_pauses.cpp
constexpr std::uint64_t locate_again = 30;                  // likewise
constexpr std::size_t most_introduced = 8;                  // as links.cpp
constexpr Duration join_for = std::chrono::milliseconds(1); // likewise
constexpr Duration longest_join = std::chrono::milliseconds(100);
constexpr Duration known_period = std::chrono::seconds(1);
constexpr std::size_t most_in_a_message = 1000; // chunks

} // namespace

Host::Host(World& world, HostId id, const Group& group, std::uint64_t seed)
    : world_(world)
    , id_(id)
    , seeds_(group.seeds)
    , random_(seed)
    , have_(world.scenario().chunks(), group.seeds)
    , server_(most_lingering)
    , copies_(std::make_shared<swarm::Copies>(world.scenario().chunks())) {
  server_.set_slots(group.slots);
}

proto::PeerId Host::peer_of(HostId id) {
  proto::PeerId peer{};
  std::memcpy(peer.bytes.data(), &id, sizeof id);
  return peer;
}

HostId Host::host_of(const proto::PeerId& peer) {
  HostId id = 0;
  std::memcpy(&id, peer.bytes.data(), sizeof id);
  return id;
}

void Host::join() {
  here_ = true;
  joined_ = world_.now();
  if (seeds_) return world_.announce(id_);
  neighbours_ = std::make_unique<swarm::Neighbours>(random_());
  locate();
  world_.plan(std::chrono::seconds(1), Event::Kind::second, id_);
}

void Host::leave() {
  here_ = false;
  for (const auto& [other, link] : links_) world_.network().close(link.out);
  links_.clear();
  fetcher_.reset();
  neighbours_.reset();
  world_.on_left(*this);
}

void Host::locate() {
  world_.locate(id_);
}

void Host::on_told(std::span<const HostId> holders) {
  if (neighbours_ != nullptr) meet(holders);
}

void Host::meet(std::span<const HostId> others) {
  for (const HostId other : others) {
    if (other == id_) continue;
    neighbours_->heard(peer_of(other), world_.network().far(id_, other));
    if (neighbours_->size() == 0) neighbours_->retry(peer_of(other));
    if (const auto link = links_.find(other); link != links_.end()) on_link(other, link->second);
  }
  seek();
}

void Host::on_link(HostId other, Link& link) {
  if (neighbours_ == nullptr || link.wanted || !neighbours_->welcome(peer_of(other))) return;
  take(other, link);
}

void Host::take(HostId other, Link& link) {
  link.wanted = true;
  neighbours_->joined(peer_of(other), world_.now());
  send(link, Message::Kind::want, 48);
}

void Host::seek() {
  if (neighbours_ == nullptr) return;
  while (const auto peer = neighbours_->next(world_.now())) {
    const HostId other = host_of(*peer);
    if (const auto link = links_.find(other); link != links_.end())
      take(other, link->second);
    else if (dialled_.insert(other).second)
      world_.dial(id_, other);
  }
  if (neighbours_->trying() && !std::exchange(seeking_, true))
    world_.plan(swarm::Neighbours::patience, Event::Kind::seeks, id_);
}

void Host::connect(HostId other, FlowId out, FlowId in) {
  dialled_.erase(other);
  Link& link = links_[other];
  link.out = out;
  link.in = in;
  link.taker = server_.enter(std::to_string(other));
  const auto taker = static_cast<std::size_t>(link.taker);
  takers_.resize(std::max(takers_.size(), taker + 1));
  takers_[taker] = other;
}

void Host::on_connected(HostId other) {
  on_link(other, links_.at(other));
}

void Host::on_unreachable(HostId other) {
  dialled_.erase(other);
  if (neighbours_ != nullptr) neighbours_->failed(peer_of(other), world_.now());
}

void Host::on_closed(HostId other) {
  const auto found = links_.find(other);
  if (found == links_.end()) return;
  server_.leave(found->second.taker, world_.now());
  world_.network().close(found->second.out);
  if (neighbours_ != nullptr) {
    neighbours_->failed(peer_of(other), world_.now());
    drop(other, found->second);
  }
  links_.erase(found);
  serve();
}

void Host::drop(HostId, Link& link) {
  link.wanted = false;
  link.offer.reset();
  if (const auto source = std::exchange(link.source, std::nullopt)) {
    fetcher_->remove(*source, world_.now());
    sources_.erase(*source);
  }
  if (!manifest_) manifest_asked_ = false;
}

// Once a second, as Transfer::on_second.
void Host::on_second() {
  if (neighbours_ == nullptr) return;
  review();
  const bool lost = sources_.empty() && seconds_ < 10;
  if (++seconds_ % (neighbours_->hungry() ? locate_every : locate_again) == 0 || lost) locate();
  world_.plan(std::chrono::seconds(1), Event::Kind::second, id_);
}

void Host::review() {
  const Time now = world_.now();
  const bool due = neighbours_->due(now);
  std::vector<swarm::Neighbours::Use> uses;
  for (const auto& [other, link] : links_) {
    if (!link.wanted) continue;
    const swarm::Fetcher::Source* const source =
        link.source ? &fetcher_->sources().at(*link.source) : nullptr;
    uses.push_back(
        {.id = peer_of(other),
         .given = link.received,
         .whole = source != nullptr ? source->has.full() : link.offer && link.offer->full(),
         .busy = source != nullptr && !source->pending.empty(),
         .sole = due && source != nullptr && fetcher_->is_sole(*link.source)});
  }
  if (const auto peer = neighbours_->let_go(uses, now)) {
    Link& link = links_.at(host_of(*peer));
    send(link, Message::Kind::unwant, 48);
    drop(host_of(*peer), link);
  }
  seek();
}

// Some others who want the content, and the one to them.
void Host::introduce(HostId other) {
  std::vector<HostId> sharing;
  for (const auto& [id, link] : links_)
    if (id != other && (link.they_want || link.wanted)) sharing.push_back(id);
  Message some{.kind = Message::Kind::peers};
  std::ranges::sample(sharing, std::back_inserter(some.hosts), most_introduced, random_);
  if (some.hosts.empty()) return;
  for (const HostId each : some.hosts) {
    Message one{.kind = Message::Kind::peers, .bytes = 150};
    one.hosts = {other};
    world_.network().send(links_.at(each).out, std::move(one));
  }
  some.bytes = 50 + 100 * static_cast<std::uint32_t>(some.hosts.size());
  world_.network().send(links_.at(other).out, std::move(some));
}

void Host::tell_gained() {
  telling_ = false;
  const std::vector<ChunkIndex> chunks = std::exchange(gained_, {});
  for (auto& [other, link] : links_) {
    if (!link.they_want) continue;
    std::vector<ChunkIndex> news;
    const ChunkSet* const theirs =
        link.source ? &fetcher_->sources().at(*link.source).has : nullptr;
    for (const ChunkIndex chunk : chunks)
      (theirs != nullptr && theirs->has(chunk) ? link.known : news).push_back(chunk);
    send_gained(link, news);
  }
  if (!std::exchange(telling_known_, true))
    world_.plan(known_period, Event::Kind::tells_known, id_);
}

void Host::tell_known() {
  telling_known_ = false;
  for (auto& [other, link] : links_) send_gained(link, std::exchange(link.known, {}));
}

void Host::send_gained(Link& link, std::span<const ChunkIndex> chunks) {
  while (!chunks.empty()) {
    const auto part = chunks.first(std::min(chunks.size(), most_in_a_message));
    Message message{.kind = Message::Kind::gained,
                    .bytes = 60 + 5 * static_cast<std::uint32_t>(part.size())};
    message.chunks.assign(part.begin(), part.end());
    world_.network().send(link.out, std::move(message));
    chunks = chunks.subspan(part.size());
  }
}

void Host::send(Link& link, Message::Kind kind, std::uint32_t bytes) {
  world_.network().send(link.out, {.kind = kind, .bytes = bytes});
}

void Host::on_message(HostId from, Message message) {
  const auto found = links_.find(from);
  if (found == links_.end()) return;
  Link& link = found->second;
  switch (message.kind) {
  case Message::Kind::want: {
    if (!std::exchange(link.they_want, true)) introduce(from);
    Message has{.kind = Message::Kind::has, .bytes = 60 + (have_.full() ? 0 : have_.chunks() / 8)};
    has.set = have_;
    return world_.network().send(link.out, std::move(has));
  }
  case Message::Kind::unwant:
    link.they_want = false;
    link.known.clear();
    return;
  case Message::Kind::has:
    return on_has(from, link, std::move(message.set));
  case Message::Kind::gained:
    return on_gained(link, message.chunks);
  case Message::Kind::peers:
    if (neighbours_ != nullptr) meet(message.hosts);
    return;
  case Message::Kind::ask_manifest:
    return send(link, Message::Kind::manifest, 100 + 32 * have_.chunks());
  case Message::Kind::manifest:
    return begin_chunks();
  case Message::Kind::request:
    return on_request(from, link, message);
  case Message::Kind::cancel:
    return on_cancel(link, message.ticket);
  case Message::Kind::segment:
    return on_segment(link, message);
  case Message::Kind::sent:
    if (link.source) fetcher_->sent(message.set);
    return;
  case Message::Kind::failed:
    if (link.source) fetcher_->refused(*link.source, message.ticket, message.why, world_.now());
    return;
  }
}

void Host::on(const Event& event) {
  if (!here_ && event.kind != Event::Kind::joins) return;
  switch (event.kind) {
  case Event::Kind::joins:
    return join();
  case Event::Kind::mutes:
    mute_ = true;
    return;
  case Event::Kind::ticks:
    return on_tick();
  case Event::Kind::second:
    return on_second();
  case Event::Kind::seeks:
    seeking_ = false;
    return seek();
  case Event::Kind::tells:
    return tell_gained();
  case Event::Kind::tells_known:
    return tell_known();
  case Event::Kind::looks:
    return on_looks();
  case Event::Kind::serves:
    serves_at_.reset();
    return serve();
  case Event::Kind::read:
    return on_read(event.b);
  case Event::Kind::verified:
    return on_verified(ChunkIndex{event.b});
  default:
    return;
  }
}

} // namespace p2pd::sim
