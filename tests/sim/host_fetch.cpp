#include "tests/sim/world.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::sim {

namespace {

// To hash a chunk and write it, with the way to the pool and back.
Duration time_to_verify(std::uint32_t length) {
  return std::chrono::microseconds(200) + std::chrono::nanoseconds(length);
}
constexpr Duration join_each = std::chrono::milliseconds(1);
constexpr Duration most_joined = std::chrono::milliseconds(100);

} // namespace

void Host::on_has(HostId other, Link& link, ChunkSet set) {
  if (!link.wanted || neighbours_ == nullptr || link.source || link.offer) return;
  if (set.full()) {
    neighbours_->whole(peer_of(other));
    seek(); // whole ones leave room for others
  }
  if (manifest_) {
    link.source = fetcher_->add(std::move(set), world_.now(),
                                {.key = other, .far = world_.network().far(id_, other)});
    sources_[*link.source] = other;
    return fetcher_->fill(world_.now());
  }
  link.offer = std::move(set);
  if (!std::exchange(manifest_asked_, true)) send(link, Message::Kind::ask_manifest, 48);
}

void Host::begin_chunks() {
  if (manifest_ || neighbours_ == nullptr) return;
  manifest_ = true;
  const Scenario& scenario = world_.scenario();
  swarm::FetcherPort& port = *this;
  fetcher_ = std::make_unique<swarm::Fetcher>(
      scenario.content, ChunkSet(scenario.chunks(), true), scenario.order, random_(),
      swarm::Buckets{limit_, limit_}, port, world_.now(), scenario.handicap, id_);
  for (auto& [other, link] : links_)
    if (auto offer = std::exchange(link.offer, std::nullopt))
      on_has(other, link, std::move(*offer));
  world_.plan(swarm::Fetcher::tick_period, Event::Kind::ticks, id_);
}

void Host::on_gained(Link& link, std::span<const ChunkIndex> chunks) {
  if (link.source) return fetcher_->gained(*link.source, chunks, world_.now());
  if (link.offer)
    for (const ChunkIndex chunk : chunks) link.offer->add(chunk);
}

void Host::on_begun(HostId from, const Message& message) {
  const auto found = links_.find(from);
  if (message.kind != Message::Kind::segment || found == links_.end()) return;
  const auto source = found->second.source;
  if (source && fetcher_->find(*source, message.ticket) != nullptr)
    fetcher_->begun(*source, message.ticket, world_.now());
}

void Host::on_segment(Link& link, const Message& segment) {
  received_ += segment.payload;
  link.received += segment.payload;
  if (!link.source) return;
  const swarm::Fetcher::Pending* const pending = fetcher_->find(*link.source, segment.ticket);
  if (pending == nullptr) return; // it was cancelled while it travelled
  const ChunkIndex chunk = pending->chunk;
  if (!fetcher_->got(*link.source, segment.ticket, segment.payload, world_.now())) return;
  world_.plan(time_to_verify(world_.scenario().content.length(chunk)), Event::Kind::verified, id_,
              number(chunk));
}

void Host::on_verified(ChunkIndex chunk) {
  if (fetcher_ == nullptr) return;
  fetcher_->verified(chunk);
  if (have_.empty()) world_.plan(std::chrono::seconds(1), Event::Kind::announces, id_);
  have_.add(chunk);
  world_.on_gained(chunk);
  gained_.push_back(chunk);
  if (!std::exchange(telling_, true))
    world_.plan(std::min(join_each * static_cast<int>(links_.size()), most_joined),
                Event::Kind::tells, id_);
  if (fetcher_->missing() > 0) return fetcher_->fill(world_.now());
  done_ = world_.now();
  fetcher_.reset();
  neighbours_.reset();
  sources_.clear();
  for (auto& [other, link] : links_) {
    link.source.reset();
    if (std::exchange(link.wanted, false)) send(link, Message::Kind::unwant, 48);
  }
  world_.on_done();
}

void Host::on_tick() {
  if (fetcher_ == nullptr) return;
  const Time now = world_.now();
  for (const auto& [id, other] : sources_) {
    const auto [ticket, bytes] = world_.network().arriving(links_.at(other).in);
    if (bytes > 0 && fetcher_->find(id, ticket) != nullptr)
      fetcher_->arrived(id, ticket, bytes, now);
    fetcher_->measured(id, world_.network().round_trip(id_, other));
  }
  fetcher_->tick(false, now);
  world_.plan(swarm::Fetcher::tick_period, Event::Kind::ticks, id_);
}

Host::Link& Host::link_of(SourceId source) {
  return links_.at(sources_.at(source));
}

std::optional<Ticket> Host::ask(SourceId source, ChunkIndex chunk, bool, swarm::Copy copy) {
  Link& link = link_of(source);
  world_.network().send(link.out, {.kind = Message::Kind::request,
                                   .copy = copy,
                                   .bytes = 64,
                                   .ticket = link.next_ticket,
                                   .chunk = chunk});
  return link.next_ticket++;
}

Ticket Host::ask_with(SourceId source, ChunkIndex chunk, SourceId, Ticket) {
  return *ask(source, chunk, false, swarm::Copy::any);
}

void Host::withdraw(SourceId source, Ticket ticket) {
  world_.network().send(link_of(source).out,
                        {.kind = Message::Kind::cancel, .bytes = 32, .ticket = ticket});
}

void Host::cancel(SourceId source, Ticket ticket) {
  const auto other = sources_.find(source);
  if (other == sources_.end()) return;
  if (const auto link = links_.find(other->second); link != links_.end()) withdraw(source, ticket);
}

} // namespace p2pd::sim
